"""The figures of a diagnostic: each chapter asks the rooms below once, rounds once, and returns plain values.

What comes out is what is frozen: lists, numbers and words that JSON keeps as they are. Ordered figures are lists
of pairs. Missing is None, never 0.
"""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from diagnostics import findings, words
from diagnostics.chapters import CHAPTERS
from diagnostics.chapters.chapter import NoMatter
from diagnostics.frame import Frame, Place, check_scope
from needs.models import Survey
from territory.models import LAG, Indicator


def collect(
    scope: Place, *, edition: str, survey: Survey | None = None, chapters: Collection[str] = ()
) -> dict:
    """Return every figure of the diagnostic of a municipality or an area, each once, with its sources and gaps.

    `survey`: the one to show, else the latest answered. `chapters`: keys of those wanted, else all.

    Keys: `scope`, `lag`, `places` (the scope first, then its companions, then aggregates), `among`, `map`,
    `survey`; one a chapter with its matter; `chapters` (those present, in order), `left_out` (the others, and
    why), `captions`, `tables` (printed and downloadable), `findings`, `gaps`, `sources`. Raises ValidationError
    for an empty area.
    """
    check_scope(scope)
    try:
        return _collect(Frame(scope, LAG.objects.current(), edition=edition, survey=survey), chapters)
    except Indicator.DoesNotExist as error:
        raise ValidationError(
            _(
                "Des indicateurs manquent dans ce territoire\u00a0: {codes}. Rechargez-le, puis réessayez."
            ).format(codes=error),
            code="indicators",
        ) from error


def _collect(frame: Frame, wanted: Collection[str]) -> dict:
    data = frame.described()
    left_out = []
    for chapter in CHAPTERS:
        try:
            if wanted and chapter.KEY not in wanted:
                raise NoMatter(_("non demandé pour cette version."))
            data[chapter.KEY] = chapter.collect(frame)
        except NoMatter as absence:
            left_out.append({"key": chapter.KEY, "name": str(chapter.NAME), "reason": str(absence)})
    data["left_out"] = left_out
    return data | _told(data)


def _told(data: dict) -> dict:
    """Return what the chapters that have matter say of it."""
    present = [(chapter, chapter.tell(data)) for chapter in CHAPTERS if chapter.KEY in data]
    return {
        "chapters": [
            {
                "key": chapter.KEY,
                "number": chapter.NUMBER,
                "name": str(chapter.NAME),
                "title": told.title,
                "lead": told.lead,
                "remark": told.remark,
            }
            for chapter, told in present
        ],
        "captions": [one for _chapter, told in present for one in told.captions],
        "tables": [one for _chapter, told in present for one in told.tables],
        "findings": findings.chosen([(chapter.BASIS, told.findings) for chapter, told in present]),
        "gaps": [one for _chapter, told in present for one in told.gaps] + _left_out(data["left_out"]),
        "sources": [one for _chapter, told in present for one in told.sources],
    }


def _left_out(chapters: list[dict]) -> list[dict]:
    if not chapters:
        return []
    names = [one["name"] for one in chapters]
    reason = _("laissé de côté\u00a0; la méthode dit pourquoi.")
    if len(names) > 1:
        reason = _("laissés de côté\u00a0; la méthode dit pourquoi.")
    return [{"subject": words.listed(names), "reason": reason}]
