"""Bars in parts: columns that add up, shares of a hundred."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charts import palette, scales, svg
from charts.bars.labels import nothing, say, thinned
from charts.bars.legends import FILLS, series_legend
from charts.chart import Chart, Table
from typography import numbers


class Stack(NamedTuple):
    """One bar in parts, in the order of the series' names."""

    label: str
    parts: tuple[float | None, ...]
    strong: bool = False


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
    labels = thinned([stack.label for stack in stacks], pitch, tone.small)
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
        drawn.append(nothing(tone, width, height / 2))
    table_rows = tuple(
        (
            stack.label,
            *(numbers.number(part, decimals) for part in stack.parts),
            numbers.number(total, decimals),
        )
        for stack, total in zip(stacks, totals, strict=True)
    )
    said = description or say([(row[0], row[-1]) for row in table_rows])
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
        legend=series_legend(series, key, paper),
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
        drawn.append(nothing(tone, width, height * 0.7))
    said = description or say(table_rows)
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
        legend=series_legend(series, key, paper),
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
