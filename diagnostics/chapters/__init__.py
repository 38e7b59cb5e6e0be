"""The chapters of a diagnostic, in order. To add one: write its module (see `chapter`), name it here."""

from diagnostics.chapters import participation, portrait
from diagnostics.chapters.chapter import Chapter

CHAPTERS: tuple[Chapter, ...] = (portrait, participation)
