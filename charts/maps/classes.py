"""Classes of a map: from figures to at most four steps, and the legend that tells them."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charts import palette, svg
from charts.chart import Legend
from charts.maps.furrows import HEDGE, furrow_pattern
from typography import numbers


def classes(values: Sequence[float | None], n: int = 4) -> list[float]:
    """Return the lower bounds of at most `n` classes of about equal counts; missing values do not count.

    Equal values are never parted, so few or equal values give fewer classes; no value gives []. The first
    bound is the lowest value: `class_of` puts a value in the last class whose bound it reaches.
    """
    known = sorted(value for value in (svg.finite(value) for value in values) if value is not None)
    if not known:
        return []
    bounds = [known[0]]
    for i in range(1, n):
        bound = known[round(i * len(known) / n)] if round(i * len(known) / n) < len(known) else known[-1]
        if bound > bounds[-1]:
            bounds.append(bound)
    return bounds


def class_of(value: float, bounds: Sequence[float]) -> int:
    """Return the index of the class of a value; one below the first bound is in the first class."""
    return max(0, sum(value >= bound for bound in bounds) - 1)


def step_of(value: float, bounds: Sequence[float]) -> int:
    """Return the step (0 to 3) of a value: fewer classes use the paler and the darker ends evenly."""
    index = class_of(value, bounds)
    return _spread(index, len(bounds))


def _spread(index: int, count: int) -> int:
    return 1 if count <= 1 else round(index * 3 / (count - 1))


def legend_swatch(step: int | None, *, key: str, paper: str = "screen") -> SafeString:
    """Return the 32 × 18 swatch of a class (0 to 3), or of « n.d. » for None: same tint, same furrows."""
    tone = palette.paper_named(paper)
    box = {"stroke": tone.field, "stroke_width": 1.2}
    if step is None:
        dotted = {"stroke": tone.ink_2, "stroke_width": 1.8, **HEDGE}
        drawn = [svg.rectangle(1, 1, 30, 16, fill=tone.sheet, **dotted)]
    else:
        drawn = [
            furrow_pattern(f"{key}-f", palette.SPACINGS[step] * 0.7, 20, tone.furrow, 1.8),
            svg.rectangle(1, 1, 30, 16, fill=tone.steps[step], **box),
            svg.rectangle(1, 1, 30, 16, fill=f"url(#{key}-f)"),
        ]
    return svg.document(*drawn, key=key, width=32, height=18, title="", description="", decorative=True)


def legend_of(
    bounds: Sequence[float], missing: Sequence[str], decimals: int, key: str, paper: str
) -> tuple[Legend, ...]:
    """Return the classes as people read them; the last has no end."""
    entries = []
    for i, bound in enumerate(bounds):
        low = numbers.number(bound, decimals)
        if len(bounds) == 1:
            label = low if bound == bounds[-1] else ""
        elif i == len(bounds) - 1:
            label = _("%(low)s et plus") % {"low": low}
        elif i == 0:
            label = _("moins de %(high)s") % {"high": numbers.number(bounds[1], decimals)}
        elif decimals == 0 and float(bounds[i + 1]).is_integer():
            high = numbers.number(bounds[i + 1] - 1)
            label = low if high == low else _("%(low)s à %(high)s") % {"low": low, "high": high}
        else:
            high = numbers.number(bounds[i + 1], decimals)
            label = _("de %(low)s à moins de %(high)s") % {"low": low, "high": high}
        swatch = legend_swatch(_spread(i, len(bounds)), key=f"{key}-l{i}", paper=paper)
        entries.append(Legend(swatch, label))
    if missing:
        entries.append(Legend(legend_swatch(None, key=f"{key}-lnd", paper=paper), numbers.MISSING))
    return tuple(entries)
