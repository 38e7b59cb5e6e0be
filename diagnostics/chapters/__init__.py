"""The chapters of a diagnostic, in order. To add one: write its module (see `chapter`), name it here."""

from diagnostics.chapters import (
    actors,
    criteria,
    maturity,
    needs,
    participation,
    pooling,
    portrait,
    projects,
    trainings,
)
from diagnostics.chapters.chapter import Chapter

CHAPTERS: tuple[Chapter, ...] = (
    portrait,
    actors,
    participation,
    maturity,
    criteria,
    needs,
    pooling,
    trainings,
    projects,
)
