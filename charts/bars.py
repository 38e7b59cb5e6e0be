"""Bars: rows, columns, columns stacked, shares of a hundred. Bars start at 0, and each carries its value."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from typography import numbers

from . import palette, scales, svg
from .chart import Chart, Legend, Table
from .palette import Paper


class Row(NamedTuple):
    """One bar. `fill` names a dimension, a family, "field" or "wheat"; `total` draws what it is a part of."""

    label: str
    value: float | None
    figure: str = ""
    fill: str = "field"
    total: float | None = None
    strong: bool = False


class Column(NamedTuple):
    """One upright bar with what it is compared with."""

    label: str
    value: float | None
    diamond: float | None = None  # the seven communes
    line: float | None = None  # the region


class Stack(NamedTuple):
    """One bar in parts, in the order of the series' names."""

    label: str
    parts: tuple[float | None, ...]
    strong: bool = False


def _say(rows: Sequence[Sequence[str]]) -> str:
    return (
        " ; ".join(f"{row[0]} : {', '.join(row[1:])}" for row in rows) + "." if rows else _("Aucune donnée.")
    )


def _nothing(tone: Paper, width: float, y: float) -> SafeString:
    return svg.text(width / 2, y, _("Aucune donnée"), size=tone.text, fill=tone.ink_2, text_anchor="middle")


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
        drawn.append(_nothing(tone, width, height * 0.7))
    table_rows = tuple((row.label, figure) for row, figure in zip(rows, figures, strict=True))
    said = description or _say(table_rows)
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
    labels = _thinned([bar.label for bar in bars], pitch, size)
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
            drawn.append(svg.text(x, height - size * 0.35, labels[i], size=tone.small, fill=tone.ink_2))
    drawn.append(svg.line(0, zero, width, zero, stroke=tone.ink, stroke_width=tone.thin * 1.4))
    if not bars:
        drawn.append(_nothing(tone, width, height / 2))
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
    said = description or _say([row[:2] for row in table_rows])
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


def _thinned(labels: Sequence[str], pitch: float, size: float) -> list[str]:
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


def sign(kind: str, *, key: str, paper: str = "screen") -> SafeString:
    """Return the small drawing of a legend: "square", "diamond", "line", "hatch", "flat", "dots", "white"."""
    tone = palette.paper_named(paper)
    side = tone.text * 1.15
    middle = side / 2
    defs, fills = palette.fills(key, tone)
    named = dict(zip(("square", "hatch", "flat", "dots", "white"), fills, strict=True))
    drawn: list[SafeString] = []
    if kind == "diamond":
        edge = {"stroke": tone.wheat_edge, "stroke_width": 1.6}
        drawn.append(svg.diamond(middle, middle, side * 0.38, fill=tone.sheet, **edge))
    elif kind == "line":
        drawn.append(svg.line(0, middle, side, middle, stroke=tone.ink, stroke_width=tone.thick * 0.75))
    elif kind in named:
        if named[kind].startswith("url"):
            drawn.append(defs)
        box = {"fill": named[kind], "stroke": tone.field, "stroke_width": 1}
        drawn.append(svg.rectangle(1, 1, side - 2, side - 2, **box))
    else:
        raise ValueError(f"no sign is called {kind!r}")
    return svg.document(
        *drawn,
        key=key,
        width=side,
        height=side,
        title="",
        description="",
        unit=tone.unit,
        decorative=True,
    )


FILLS = ("square", "hatch", "flat", "dots", "white")


def _series_legend(series: Sequence[str], key: str, paper: str) -> tuple[Legend, ...]:
    return tuple(
        Legend(sign(FILLS[i], key=f"{key}-l{i}", paper=paper), name) for i, name in enumerate(series)
    )


def _check_stacks(stacks: Sequence[Stack], series: Sequence[str]) -> None:
    if len(series) > len(FILLS):
        raise ValueError(f"there are {len(FILLS)} fills that a photocopy keeps apart, not {len(series)}")
    for stack in stacks:
        if len(stack.parts) != len(series):
            raise ValueError(f"{stack.label} has {len(stack.parts)} parts for {len(series)} series")
        if any(part < 0 for part in scales.known(stack.parts)):
            raise ValueError(f"{stack.label} has a part below zero: it cannot be stacked")


def _total(stack: Stack) -> float | None:
    """Return the whole of a stack; None as soon as a part is missing: a sum without it would lie."""
    return None if any(part is None for part in stack.parts) else sum(part or 0 for part in stack.parts)


def stacked_columns(
    stacks: Sequence[Stack],
    series: Sequence[str],
    *,
    key: str,
    title: str,
    description: str = "",
    measure: str = "",
    decimals: int = 0,
    width: float | None = None,
    height: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return columns in parts (full, hatched…), one per year; the two highest and the last carry their total.

    A column with a missing part is dotted, whole. Raises ValueError for NaN, negative parts, more than five
    series, or a stack whose parts do not match the series.
    """
    _check_stacks(stacks, series)
    tone = palette.paper_named(paper)
    width = width or tone.width
    height = height or tone.text * (18 if paper == "screen" else 26)
    size = tone.text
    totals = [_total(stack) for stack in stacks]
    high = max([*scales.known(totals), 0]) or 1
    scale = scales.Linear(0, high, height - size * 1.8, size * 1.6)
    lines = [tick for tick in scales.ticks(0, high, 4) if tick > 0]
    drawn = [
        svg.join(
            [
                svg.line(0, scale(tick), width, scale(tick), stroke=tone.grid, stroke_width=tone.thin),
                svg.text(
                    0,
                    scale(tick) - size * 0.3,
                    numbers.number(tick, scales.decimals_of(lines)),
                    size=tone.small,
                    fill=tone.ink_2,
                ),
            ]
        )
        for tick in lines
    ]
    # The first column leaves room for the numbers of the grid.
    left = max((svg.text_width(numbers.number(tick), tone.small) for tick in lines), default=0) + size * 0.3
    pitch = (width - left) / max(len(stacks), 1)
    thick = min(pitch * 0.84, size * 4)
    defs, fills = palette.fills(key, tone)
    highest = sorted((i for i, total in enumerate(totals) if total), key=lambda i: (-(totals[i] or 0), i))
    said_totals: list[int] = []
    for i in [*([len(stacks) - 1] if stacks else []), *highest[:6]]:
        room = max(svg.text_width(numbers.number(totals[j], decimals), size) for j in (i, *said_totals))
        here = totals[i] or 0
        around = [scales.known(totals[j : j + 1]) for j in (i - 1, i + 1) if 0 <= j < len(totals)]
        hidden = room > pitch * 1.05 and any(near and near[0] > here for near in around)
        if (
            len(said_totals) < 3
            and totals[i] is not None
            and not hidden
            and all(abs(i - j) * pitch > room * 1.2 for j in said_totals)
        ):
            said_totals.append(i)
    labels = _thinned([stack.label for stack in stacks], pitch, tone.small)
    for i, (stack, total) in enumerate(zip(stacks, totals, strict=True)):
        x = left + pitch * (i + 0.5)
        base = 0.0
        if total is None:
            dotted = {
                "stroke": tone.ink_2,
                "stroke_width": 1.2,
                "stroke_dasharray": ".1 4",
                "stroke_linecap": "round",
            }
            drawn.append(svg.line(x, scale(0), x, scale(high), **dotted))
        for j, part in enumerate(stack.parts if total is not None else ()):
            if part:
                top, bottom = scale(base + part), scale(base)
                line = {"stroke": tone.field, "stroke_width": tone.thin}
                drawn.append(svg.rectangle(x - thick / 2, top, thick, bottom - top, fill=fills[j], **line))
                base += part
        if i in said_totals:
            y = scale(total or 0) - size * 0.4
            figure = numbers.number(total, decimals)
            half = svg.text_width(figure, size, bold=True) / 2
            drawn.append(
                svg.text(min(x, width - half), y, figure, size=size, font_weight=700, text_anchor="middle")
            )
        if labels[i]:
            half = svg.text_width(labels[i], tone.small) / 2
            place = min(x, width - half)
            drawn.append(
                svg.text(
                    place,
                    height - size * 0.4,
                    labels[i],
                    size=tone.small,
                    fill=tone.ink_2,
                    text_anchor="middle",
                )
            )
    drawn.append(svg.line(0, scale(0), width, scale(0), stroke=tone.ink, stroke_width=tone.thin * 1.4))
    if not stacks:
        drawn.append(_nothing(tone, width, height / 2))
    table_rows = tuple(
        (
            stack.label,
            *(numbers.number(part, decimals) for part in stack.parts),
            numbers.number(total, decimals),
        )
        for stack, total in zip(stacks, totals, strict=True)
    )
    said = description or _say([(row[0], row[-1]) for row in table_rows])
    return Chart(
        svg=svg.document(
            defs,
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
        table=Table((measure, *series, _("Total")), table_rows),
        legend=_series_legend(series, key, paper),
    )


def stacked_shares(
    stacks: Sequence[Stack],
    series: Sequence[str],
    *,
    key: str,
    title: str,
    description: str = "",
    measure: str = "",
    printed: Sequence[int] = (0, 3),
    width: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return rows of 100 %, in four fills then white; the `printed` series show their number where it fits.

    Parts are counts or percentages: shares are computed here, rounded for print only. A row with a missing
    part, or that sums to nothing, is an empty dotted frame with « n.d. ».
    """
    _check_stacks(stacks, series)
    tone = palette.paper_named(paper)
    width = width or tone.width
    size = tone.text
    pitch, thick = size * 1.95, size * 1.45
    longest = max((svg.text_width(stack.label, size, bold=True) for stack in stacks), default=0)
    left = min(longest, width * 0.36) + size * 0.6
    defs, fills = palette.fills(key, tone)
    drawn: list[SafeString] = []
    table_rows = []
    for i, stack in enumerate(stacks):
        top, total = i * pitch + (pitch - thick) / 2, _total(stack)
        baseline = top + thick / 2 + size * 0.35
        color = tone.field if stack.strong else None
        drawn.append(
            svg.text(
                left - size * 0.6,
                baseline,
                svg.shorten(stack.label, left - size * 0.6, size, bold=stack.strong),
                size=size,
                text_anchor="end",
                font_weight=700 if stack.strong else None,
                fill=color,
            )
        )
        if not total:
            frame = {
                "fill": "none",
                "stroke": tone.ink_2,
                "stroke_dasharray": ".1 4",
                "stroke_linecap": "round",
                "stroke_width": 1.2,
            }
            drawn.append(svg.rectangle(left, top, width - left - 1, thick, **frame))
            middle = (left + width) / 2
            drawn.append(svg.text(middle, baseline, numbers.MISSING, size=size, text_anchor="middle"))
            table_rows.append((stack.label, *(numbers.MISSING for _part in series)))
            continue
        x = left
        shares = [float(part or 0) / float(total) * 100 for part in stack.parts]
        for j, share in enumerate(shares):
            wide = (width - left - 1) * share / 100
            line = {"stroke": tone.field, "stroke_width": tone.thin}
            if wide:
                drawn.append(svg.rectangle(x, top, wide, thick, fill=fills[j], **line))
            figure = numbers.number(share)
            room = svg.text_width(figure, size, bold=True) + size * 0.5
            if j in printed and wide > room:
                middle = x + wide / 2
                if j:
                    drawn.append(
                        svg.rectangle(
                            middle - room / 2, top + thick * 0.1, room, thick * 0.8, fill=tone.sheet
                        )
                    )
                drawn.append(
                    svg.text(
                        middle,
                        baseline,
                        figure,
                        size=size,
                        text_anchor="middle",
                        font_weight=700,
                        fill=None if j else tone.on_field,
                    )
                )
            x += wide
        table_rows.append((stack.label, *(numbers.percent(share) for share in shares)))
    height = max(len(stacks), 1) * pitch
    if not stacks:
        drawn.append(_nothing(tone, width, height * 0.7))
    said = description or _say(table_rows)
    return Chart(
        svg=svg.document(
            defs,
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
        table=Table((measure, *series), tuple(table_rows)),
        legend=_series_legend(series, key, paper),
    )
