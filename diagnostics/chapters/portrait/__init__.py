"""The portrait: who lives here and where the population goes; incomes, enterprises, housing. Public statistics."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnostics.chapters import chapter
from diagnostics.chapters.portrait import captions, figures, findings, tables
from diagnostics.chapters.portrait.drawings import draw

__all__ = ["BASIS", "KEY", "NAME", "NUMBER", "collect", "draw", "tell"]

KEY, NUMBER, NAME, BASIS = "portrait", 3, gettext_lazy("Portrait"), chapter.PUBLIC
collect = figures.collect


def tell(data: Mapping) -> chapter.Told:
    """Return the portrait in words."""
    return chapter.Told(
        title=_("Qui habite ici, et où va la population"),
        captions=captions.captions(data),
        tables=tables.tables(data),
        findings=findings.of(data),
        gaps=captions.gaps(data),
        sources=data["portrait"]["sources"],
    )
