"""Horizontal bars: label, bar, value."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charts import palette, scales, svg
from charts.bars.labels import nothing, say
from charts.chart import Chart, Table
from typography import numbers


class Row(NamedTuple):
    """One bar. `fill` names a dimension, a family, "field" or "wheat"; `total` draws what it is a part of."""

    label: str
    value: float | None
    figure: str = ""
    fill: str = "field"
    total: float | None = None
    strong: bool = False


def horizontal(
    rows: Sequence[Row],
    *,
    key: str,
    title: str,
    description: str = "",
    measure: str = "",
    decimals: int = 0,
    maximum: float | None = None,
    width: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return horizontal bars, label | bar | value. Long labels stand above their bars.

    `maximum` fixes the end of the scale. Missing: a dotted line and « n.d. ». Negative values start from the
    same zero, to the left. Raises ValueError for NaN and for an unknown fill.
    """
    tone = palette.paper_named(paper)
    width = width or tone.width
    scales.known([row.total for row in rows])
    values = scales.known([row.value for row in rows])
    ends = [*values, *(row.total for row in rows if row.total is not None), 0]
    low, high = min(ends), max([*ends, maximum or 0])
    if low == high:
        high = 1
    size = tone.text
    figures = [row.figure or numbers.number(row.value, decimals) for row in rows]
    figure_room = min(
        width * 0.4, max((svg.text_width(text, size, bold=True) for text in figures), default=0) + size * 0.6
    )
    longest = max((svg.text_width(row.label, size, bold=row.strong) for row in rows), default=0)
    above = longest > width * 0.36
    left = 0 if above else longest + size * 0.7
    pitch, thick = (size * 2.75, size) if above else (size * 1.85, size * 1.05)
    negative = low < 0
    scale = scales.Linear(low, high, left + (figure_room if negative else 0), width - figure_room)
    zero = scale(0)
    drawn: list[SafeString] = []
    textures: dict[str, SafeString] = {}
    for i, row in enumerate(rows):
        top = i * pitch + (size * 1.35 if above else (pitch - thick) / 2)
        baseline = top + thick / 2 + size * 0.35
        weight = 700 if row.strong else None
        color = tone.field if row.strong else None
        label_y = i * pitch + size if above else baseline
        shown = svg.shorten(row.label, width if above else left, size, bold=row.strong)
        drawn.append(svg.text(0, label_y, shown, size=size, font_weight=weight, fill=color))
        if row.total is not None:
            end = scale(row.total)
            drawn.append(svg.rectangle(min(zero, end), top, abs(end - zero), thick, fill=tone.grid))
        place = zero
        side = "start"
        if row.value is None:
            end = scale(high) if not negative else zero
            dotted = {
                "stroke": tone.ink_2,
                "stroke_width": 1.2,
                "stroke_dasharray": ".1 4",
                "stroke_linecap": "round",
            }
            if row.total is None:
                drawn.append(svg.line(zero, baseline - size * 0.35, end, baseline - size * 0.35, **dotted))
            place = end if row.total is None else scale(row.total)
        else:
            end = scale(row.value)
            if row.value < 0:
                side, place = "end", end
            else:
                place = max(end, scale(row.total) if row.total is not None else end)
            fill: object = palette.colour(row.fill, tone)
            if row.fill in palette.TEXTURES:
                identifier = f"{key}-{row.fill}"
                textures.setdefault(row.fill, palette.texture(row.fill, identifier, tone))
                fill = f"url(#{identifier})"
            rim = palette.edge(row.fill, tone) or (
                palette.colour(row.fill, tone) if row.fill in palette.TEXTURES else None
            )
            if end != zero:
                drawn.append(
                    svg.rectangle(min(zero, end), top, abs(end - zero), thick, fill=fill, stroke=rim)
                )
        gap = size * (-0.4 if side == "end" else 0.4)
        drawn.append(
            svg.text(
                place + gap,
                baseline,
                svg.shorten(figures[i], figure_room, size, bold=True),
                size=size,
                font_weight=700,
                text_anchor="end" if side == "end" else None,
                fill=tone.ink_2 if row.value is None else color,
            )
        )
    if negative:
        drawn.append(svg.line(zero, 0, zero, len(rows) * pitch, stroke=tone.ink_2, stroke_width=1))
    height = max(len(rows), 1) * pitch
    if not rows:
        drawn.append(nothing(tone, width, height * 0.7))
    table_rows = tuple((row.label, figure) for row, figure in zip(rows, figures, strict=True))
    said = description or say(table_rows)
    return Chart(
        svg=svg.document(
            svg.element("defs", *textures.values()) if textures else "",
            *drawn,
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
        table=Table(("", measure or _("Valeur")), table_rows),
    )
