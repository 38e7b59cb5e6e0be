"""Words of bars: under columns, in place of a drawing without data, for readers who do not see it."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charts import svg
from charts.palette import Paper


def say(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as one sentence."""
    return (
        " ; ".join(f"{row[0]} : {', '.join(row[1:])}" for row in rows) + "." if rows else _("Aucune donnée.")
    )


def nothing(tone: Paper, width: float, y: float) -> SafeString:
    """Return « Aucune donnée » in the middle, in place of bars."""
    return svg.text(width / 2, y, _("Aucune donnée"), size=tone.text, fill=tone.ink_2, text_anchor="middle")


def thinned(labels: Sequence[str], pitch: float, size: float) -> list[str]:
    """Return the labels under columns: all if they fit, else every second, fifth or tenth and the last."""
    widest = max((svg.text_width(label, size) for label in labels), default=0) + size * 0.4
    if not labels or widest <= pitch:
        return list(labels)
    step = next((step for step in (2, 5, 10, 20, 50) if widest <= pitch * step), 0)
    if not step:
        return [svg.shorten(label, pitch, size) for label in labels]
    last = len(labels) - 1
    return [
        label if i == last or (i % step == 0 and (last - i) * pitch >= widest * 1.3) else ""
        for i, label in enumerate(labels)
    ]
