"""Upright bars, beside the territory’s diamond and the region’s line."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charts import palette, scales, svg
from charts.bars.labels import nothing, say, thinned
from charts.bars.legends import sign
from charts.chart import Chart, Legend, Table
from typography import numbers


class Column(NamedTuple):
    """One upright bar with what it is compared with."""

    label: str
    value: float | None
    diamond: float | None = None  # the seven communes
    line: float | None = None  # the region


def columns(
    bars: Sequence[Column],
    *,
    key: str,
    title: str,
    description: str = "",
    measure: str = "",
    name: str = "",
    diamond_name: str = "",
    line_name: str = "",
    decimals: int = 0,
    width: float | None = None,
    height: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return upright bars; a hollow diamond for the territory and a line for the region, where given.

    Without comparisons the value stands above its bar, with them at its foot. Zero is written. `name`,
    `diamond_name` and `line_name` head the table and the legend.
    """
    tone = palette.paper_named(paper)
    width = width or tone.full
    height = height or tone.text * (16 if paper == "screen" else 21)
    compared = any(bar.diamond is not None or bar.line is not None for bar in bars)
    values = scales.known([value for bar in bars for value in (bar.value, bar.diamond, bar.line)])
    low, high = min([*values, 0]), max([*values, 0])
    if low == high:
        high = 1
    size = tone.text
    foot = size * 1.7
    scale = scales.Linear(low, high, height - foot - (size * 1.3 if low < 0 else 0), size * 1.5)
    zero = scale(0)
    pitch = width / max(len(bars), 1)
    widest = max(
        (svg.text_width(numbers.number(bar.value, decimals), size, bold=True) for bar in bars), default=0
    )
    thick = min(pitch * (0.68 if widest < pitch * 0.64 else 0.88), size * 4)
    drawn: list[SafeString] = []
    inside = compared and thick > widest
    labels = thinned([bar.label for bar in bars], pitch, size)
    for i, bar in enumerate(bars):
        x = pitch * (i + 0.5)
        if bar.value is None:
            drawn.append(
                svg.line(
                    x,
                    zero,
                    x,
                    scale(high),
                    stroke=tone.ink_2,
                    stroke_width=1.2,
                    stroke_dasharray=".1 4",
                    stroke_linecap="round",
                )
            )
        elif bar.value:
            end = scale(bar.value)
            drawn.append(
                svg.rectangle(x - thick / 2, min(zero, end), thick, abs(end - zero), fill=tone.field)
            )
        figure = numbers.number(bar.value, decimals)
        tall = bar.value is not None and abs(scale(bar.value) - zero) > size * 1.8
        if inside and tall and bar.value is not None:
            y, ink = zero - size * 0.5 if bar.value > 0 else zero + size * 1.1, tone.on_field
        else:
            marks = [scale(value) for value in (bar.diamond, bar.line) if value is not None]
            reach = min([zero if bar.value is None else min(zero, scale(bar.value)), *marks])
            y, ink = reach - size * 0.4 - (size * 0.3 if marks else 0), None
            if bar.value is not None and bar.value < 0:
                y = scale(bar.value) + size
        if svg.text_width(figure, size, bold=True) <= pitch * 1.1 or not i % 2:
            drawn.append(svg.text(x, y, figure, size=size, font_weight=700, fill=ink))
        if bar.line is not None:
            y = scale(bar.line)
            reach = min(pitch * 0.47, thick * 0.64)
            drawn.append(
                svg.line(x - reach, y, x + reach, y, stroke=tone.sheet, stroke_width=tone.thick * 1.7)
            )
            drawn.append(
                svg.line(x - reach, y, x + reach, y, stroke=tone.ink, stroke_width=tone.thick * 0.75)
            )
        if bar.diamond is not None:
            drawn.append(
                svg.diamond(
                    x,
                    scale(bar.diamond),
                    size * 0.45,
                    fill=tone.sheet,
                    stroke=tone.wheat_edge,
                    stroke_width=tone.thick * 0.7,
                )
            )
        if labels[i]:
            # A label wider than its column stays inside the drawing at both ends.
            half = svg.text_width(labels[i], tone.small) / 2
            at = min(max(x, half), max(width - half, half))
            drawn.append(svg.text(at, height - size * 0.35, labels[i], size=tone.small, fill=tone.ink_2))
    drawn.append(svg.line(0, zero, width, zero, stroke=tone.ink, stroke_width=tone.thin * 1.4))
    if not bars:
        drawn.append(nothing(tone, width, height / 2))
    header = [measure, name or _("Valeur")]
    header += [diamond_name or _("Territoire")] * any(bar.diamond is not None for bar in bars)
    header += [line_name or _("Région")] * any(bar.line is not None for bar in bars)
    with_diamond, with_line = (
        any(bar.diamond is not None for bar in bars),
        any(bar.line is not None for bar in bars),
    )
    table_rows = []
    for bar in bars:
        cells = [bar.label, numbers.number(bar.value, decimals)]
        cells += [numbers.number(bar.diamond, decimals)] * with_diamond
        cells += [numbers.number(bar.line, decimals)] * with_line
        table_rows.append(tuple(cells))
    said = description or say([row[:2] for row in table_rows])
    legend = []
    if compared:
        legend.append(Legend(sign("square", key=f"{key}-l0", paper=paper), header[1]))
        if with_diamond:
            legend.append(Legend(sign("diamond", key=f"{key}-l1", paper=paper), header[2]))
        if with_line:
            legend.append(Legend(sign("line", key=f"{key}-l2", paper=paper), header[-1]))
    return Chart(
        svg=svg.document(
            svg.group(*drawn, text_anchor="middle"),
            key=key,
            width=width,
            height=height,
            title=title,
            description=said,
            unit=tone.unit,
            fill=str(tone.ink),
        ),
        title=title,
        description=said,
        table=Table(tuple(header), tuple(table_rows)),
        legend=tuple(legend),
    )
