"""Strips: where one stands among others. Dumbbells, ranks among N, a density of dots."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from typography import numbers

from . import geometry, palette, scales, svg
from .chart import Chart, Table
from .palette import Paper

KINDS = ("own", "other", "group", "region", "self")


class Dumbbell(NamedTuple):
    """Two values of a line, before and after. `kind`: "own", "other", "group" (diamond), "region", "self"."""

    label: str
    start: float | None
    end: float | None
    kind: str = "other"
    figure: str = ""


class Rank(NamedTuple):
    """A rank among many, 1 = highest value; the others' ranks; or the reason why there is none."""

    label: str
    rank: int | None
    others: tuple[int, ...] = ()
    reason: str = ""
    figure: str = ""


class Callout(NamedTuple):
    """A value called by its name in a density; `strong` for the commune."""

    label: str
    value: float
    strong: bool = False


def ordinal(rank: int) -> str:
    """Return "1er", "34e": the raised letters are left plain, a drawing has one line."""
    return f"{numbers.number(rank)}{'er' if rank == 1 else 'e'}"


def sign(kind: str, x: float, y: float, tone: Paper) -> SafeString:
    """Return the sign of the commune, of another, of the territory, of the region, of a self-given note."""
    size = tone.text
    if kind == "own":
        return svg.disc(x, y, size * 0.44, fill=tone.field)
    if kind == "other":
        return svg.disc(x, y, size * 0.3, fill=tone.ink_2)
    if kind == "group":
        line = {"stroke": tone.wheat_edge, "stroke_width": tone.thick * 0.65}
        return svg.diamond(x, y, size * 0.45, fill=tone.sheet, **line)
    if kind == "region":
        return svg.rectangle(x - size * 0.34, y - size * 0.34, size * 0.68, size * 0.68, fill=tone.ink)
    if kind == "self":
        box = {"fill": tone.sheet, "stroke": tone.ink, "stroke_width": tone.thick * 0.6}
        return svg.rectangle(x - size * 0.38, y - size * 0.38, size * 0.76, size * 0.76, **box)
    raise ValueError(f"a sign is {', '.join(KINDS)}, not {kind!r}")


def _labels(rows: Sequence[Dumbbell] | Sequence[Rank], width: float, size: float) -> float:
    longest = max((svg.text_width(row.label, size, bold=True) for row in rows), default=0)
    return min(longest, width * 0.4) + size * 0.9


def dumbbell(
    rows: Sequence[Dumbbell],
    *,
    key: str,
    title: str,
    description: str = "",
    start_name: str = "",
    end_name: str = "",
    decimals: int = 0,
    scale_decimals: int | None = None,
    low: float | None = None,
    high: float | None = None,
    unit_divider: float = 1,
    width: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return rows of two values, hollow then full, joined; the later value stands at the right.

    `unit_divider` writes the scale in thousands, say; the values stay whole. `low` and `high` fix the
    scale (a score: 0 and 100). A missing value is not drawn, and the
    right says « n.d. » when the later one misses.
    """
    tone = palette.paper_named(paper)
    width = width or tone.width
    size = tone.text
    values = scales.known(value for row in rows for value in (row.start, row.end))
    bottom = low if low is not None else min(values, default=0)
    top = high if high is not None else max(values, default=1)
    if bottom == top:
        bottom, top = bottom - 1, top + 1
    figures = [row.figure or numbers.number(row.end, decimals) for row in rows]
    left = _labels(rows, width, size)
    room = min(width * 0.3, max((svg.text_width(text, size, bold=True) for text in figures), default=0))
    x = scales.Linear(bottom, top, left + size * 0.5, width - room - size)
    pitch, head = size * 1.95, size * 1.7
    marks = scales.ticks(bottom, top, 4 if x.end - x.start > size * 14 else 3)
    height = head + max(len(rows), 1) * pitch
    places = (
        scale_decimals
        if scale_decimals is not None
        else scales.decimals_of([m / unit_divider for m in marks])
    )
    drawn: list[SafeString] = []
    for mark in marks:
        rule = {"stroke": tone.grid, "stroke_width": tone.thin}
        drawn.append(svg.line(x(mark), head - size * 0.4, x(mark), height, **rule))
        text = numbers.number(mark / unit_divider, places)
        drawn.append(svg.text(x(mark), size, text, size=tone.small, fill=tone.ink_2, text_anchor="middle"))
    for i, (row, figure) in enumerate(zip(rows, figures, strict=True)):
        y = head + (i + 0.5) * pitch
        own = row.kind == "own"
        weight = 700 if row.kind != "other" else None
        ink = tone.field if own else None
        label = svg.shorten(row.label, left - size * 0.9, size, bold=True)
        drawn.append(
            svg.text(left - size * 0.9, y + size * 0.35, label, size=size, text_anchor="end",
                     font_weight=weight, fill=ink)
        )  # fmt: skip
        if row.start is not None and row.end is not None:
            bar = {
                "stroke": tone.field if own else tone.ink_2,
                "stroke_width": tone.thick if own else tone.thin,
            }
            drawn.append(svg.line(x(row.start), y, x(row.end), y, **bar))
        if row.start is not None:
            ring = {"stroke": tone.field if own else tone.ink_2, "stroke_width": tone.thick * 0.5}
            drawn.append(svg.disc(x(row.start), y, size * 0.3, fill=tone.sheet, **ring))
        if row.end is not None:
            drawn.append(sign(row.kind, x(row.end), y, tone))
        drawn.append(
            svg.text(width, y + size * 0.35, svg.shorten(figure, room + 1, size, bold=True), size=size,
                     text_anchor="end", font_weight=700 if own else None,
                     fill=tone.ink_2 if row.end is None else ink)
        )  # fmt: skip
    table_rows = tuple(
        (row.label, numbers.number(row.start, decimals), numbers.number(row.end, decimals)) for row in rows
    )
    if not rows:
        middle: dict[str, Any] = {"text_anchor": "middle", "fill": tone.ink_2}
        drawn.append(svg.text(width / 2, height / 2, _("Aucune donnée"), size=size, **middle))
    said = description or _sentence(table_rows)
    return Chart(
        svg=svg.document(
            *drawn, key=key, width=width, height=height, title=title, description=said, unit=tone.unit,
            fill=str(tone.ink),
        ),
        title=title,
        description=said,
        table=Table(("", start_name or _("Avant"), end_name or _("Après")), table_rows),
    )  # fmt: skip


def _sentence(rows: Sequence[Sequence[str]]) -> str:
    return (
        " ; ".join(f"{row[0]} : {', '.join(row[1:])}" for row in rows) + "." if rows else _("Aucune donnée.")
    )


def ranks(
    rows: Sequence[Rank],
    *,
    among: int,
    key: str,
    title: str,
    description: str = "",
    labelled: bool = True,
    width: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return rank scales among `among`, lowest at the left: quarter lines, dashed median, rank over the disc.

    A missing rank is a hatched strip with its reason. `labelled=False` leaves the labels to a table beside.
    Raises ValueError for a rank outside 1 to `among`.
    """
    tone = palette.paper_named(paper)
    width = width or tone.width
    if among < 1:
        raise ValueError("ranks are among at least one")
    for row in rows:
        for rank in (*row.others, *([row.rank] if row.rank is not None else [])):
            if not 1 <= rank <= among:
                raise ValueError(f"{row.label}: no rank {rank} among {among}")
    size = tone.text
    left = _labels(rows, width, size) if labelled else size * 0.6
    head, pitch = size * 1.7, size * 2.85
    x = scales.Linear(among, 1, left + size * 0.3, width - size * 0.7)
    height = head + max(len(rows), 1) * pitch
    small: dict[str, Any] = {"size": tone.small, "fill": tone.ink_2}
    start, end = x.start, x.end
    drawn: list[SafeString] = []
    if end - start > size * 18:
        drawn += [
            svg.text(start, size, _("la plus basse"), **small),
            svg.text((start + end) / 2, size, _("médiane"), text_anchor="middle", **small),
            svg.text(end, size, _("la plus haute"), text_anchor="end", **small),
        ]
    else:
        drawn += [
            svg.text(start, size, ordinal(among), **small),
            svg.text((start + end) / 2, size, _("médiane"), text_anchor="middle", **small),
            svg.text(end, size, ordinal(1), text_anchor="end", **small),
        ]
    for part in (0.25, 0.5, 0.75):
        place = start + (end - start) * part
        rule = {"stroke": tone.ink_2 if part == 0.5 else tone.grid, "stroke_width": tone.thin * 0.8}
        dash = "2.5 2" if part == 0.5 else None
        drawn.append(svg.line(place, head - size * 0.3, place, height, stroke_dasharray=dash, **rule))
    hatch = svg.element(
        "pattern",
        svg.element("path", d="M0 6l6 -6", stroke=tone.ink_2, stroke_width=0.9),
        id=f"{key}-nd",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    for i, row in enumerate(rows):
        y = head + i * pitch + pitch * 0.62
        if labelled:
            label = svg.shorten(row.label, left - size * 0.9, size, bold=True)
            drawn.append(svg.text(0, y + size * 0.35, label, size=size, font_weight=700))
        if row.rank is None:
            reason = svg.shorten(row.reason or numbers.MISSING, end - start - size * 2, tone.small)
            middle, half = (start + end) / 2, svg.text_width(reason, tone.small) / 2 + size * 0.5
            drawn += [
                svg.rectangle(start, y - size * 0.7, end - start, size * 1.4, fill=f"url(#{key}-nd)"),
                svg.rectangle(middle - half, y - size * 0.8, half * 2, size * 1.6, fill=tone.sheet),
                svg.text(middle, y + size * 0.32, reason, text_anchor="middle", **small),
            ]
            continue
        drawn.append(svg.line(start, y, end, y, stroke=tone.ink_2, stroke_width=tone.thin))
        ring = {"fill": tone.sheet, "stroke": tone.ink_2, "stroke_width": tone.thin * 1.2}
        drawn += [svg.disc(x(rank), y, size * 0.36, **ring) for rank in sorted(row.others)]
        here, text = x(row.rank), ordinal(row.rank)
        half = svg.text_width(text, size, bold=True) / 2
        place = min(max(here, start + half - size * 0.3), end - half + size * 0.6)
        drawn += [
            svg.disc(here, y, size * 0.58, fill=tone.field),
            svg.rectangle(place - half - 1, y - size * 1.65, half * 2 + 2, size * 0.95, fill=tone.sheet),
            svg.text(place, y - size * 0.8, text, size=size, font_weight=700, text_anchor="middle"),
        ]
    table_rows = tuple(
        (
            row.label,
            ordinal(row.rank) if row.rank is not None else f"{numbers.MISSING} {row.reason}".strip(),
            *([row.figure] if any(one.figure for one in rows) else []),
        )
        for row in rows
    )
    header: tuple[str, ...] = ("", _("Rang sur %(count)s") % {"count": numbers.number(among)})
    header += (_("Valeur"),) if any(row.figure for row in rows) else ()
    said = description or _sentence(table_rows)
    return Chart(
        svg=svg.document(
            svg.element("defs", hatch), *drawn, key=key, width=width, height=height, title=title,
            description=said, unit=tone.unit, fill=str(tone.ink),
        ),
        title=title,
        description=said,
        table=Table(header, table_rows),
    )  # fmt: skip


def density(
    values: Sequence[float | None],
    callouts: Sequence[Callout] = (),
    *,
    key: str,
    title: str,
    description: str = "",
    triangles: Sequence[Callout] = (),
    decimals: int = 0,
    width: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return one dot per value, piled on a log scale, some called by name above; triangles under the axis.

    `values` holds everything, the called ones too: each callout rings one dot of its own pile. Values of zero
    or below have no place on a log scale: ValueError. Missing values are counted in the description.
    """
    tone = palette.paper_named(paper)
    width = width or tone.full
    known = scales.known(values)
    scales.known([one.value for one in (*callouts, *triangles)])
    if any(value <= 0 for value in (*known, *(one.value for one in (*callouts, *triangles)))):
        raise ValueError("a log scale has no place for zero or less")
    size = tone.small
    everything = [*known, *(one.value for one in (*callouts, *triangles))] or [1, 10]
    low, high = min(everything), max(everything)
    if low == high:
        low, high = low / 2, high * 2
    radius = 3.3 if paper == "print" else 3.2
    bins = max(12, int((width - radius * 4) / (radius * 2.6)))
    x = scales.Log(low, high, radius * 2, width - radius * 2)

    def bin_of(value: float) -> int:
        return min(bins - 1, max(0, int((x(value) - x.start) / (x.end - x.start) * bins)))

    def centre(number: int) -> float:
        return x.start + (number + 0.5) * (x.end - x.start) / bins

    piles: dict[int, int] = {}
    for value in known:
        piles[bin_of(value)] = piles.get(bin_of(value), 0) + 1
    rows = max(piles.values(), default=1)
    # 200 000 equal values must not make a tower: then a dot stands for several.
    each = max(1, math.ceil(rows / 40))
    heights = {number: math.ceil(count / each) for number, count in piles.items()}
    pile_height = max(heights.values(), default=1) * radius * 2.15
    by_place = sorted(callouts, key=lambda one: one.value)
    split = (len(by_place) + 1) // 2 if len(by_place) > 3 else 0
    lefts, rights = by_place[:split], by_place[split:]
    line_height = size * 1.5
    room = max(len(lefts), len(rights)) * line_height + (size if callouts else 0)
    axis = room + pile_height + size
    height = axis + size * (4.2 if triangles else 2)
    ticks = [
        step * 10.0**power
        for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for step in (1, 2.5, 5)
        if low <= step * 10.0**power <= high
    ]
    drawn: list[SafeString] = []
    called: dict[int, list[Callout]] = {}
    for one in by_place:
        called.setdefault(bin_of(one.value), []).append(one)
    marks: list[SafeString] = []
    tops: dict[Callout, geometry.Point] = {}
    for number in sorted(set(heights) | set(called)):
        count = max(heights.get(number, 0), len(called.get(number, ())))
        there = called.get(number, [])
        for level in range(count):
            y = axis - radius * 1.3 - level * radius * 2.15
            mine = there[count - 1 - level] if count - 1 - level < len(there) else None
            if mine is None:
                d = f"M{svg.short(centre(number))} {svg.short(y)}h.01"
                drawn.append(svg.element("path", d=d))
            else:
                tops[mine] = (centre(number), y)
                fill = tone.field if mine.strong else tone.sheet
                ring = {"stroke": tone.field, "stroke_width": tone.thick * 0.6}
                marks.append(svg.disc(centre(number), y, radius, fill=fill, **ring))
    labels: list[SafeString] = []
    middle = sum(point[0] for point in tops.values()) / len(tops) if tops else width / 2
    # The lowest values call to the left, the topmost label from the nearest dot: leaders seldom cross.
    for side, group in (("end", lefts), ("start", rights[::-1] if not split else rights)):
        widest = max((svg.text_width(_called(one, decimals), size, bold=True) for one in group), default=0)
        if side == "end":
            anchor = max(widest + 2, middle - width * 0.15)
        else:
            anchor = min(width - widest - 2, middle + width * 0.15)
        for i, one in enumerate(group[::-1] if side == "end" else group):
            y = size + i * line_height
            elbow = anchor + (size * 0.5 if side == "end" else -size * 0.5)
            bend = elbow + (size if side == "end" else -size)
            to = tops[one]
            path = geometry.path([((elbow, y), (bend, y), to)], closed=False)
            line = {"stroke": tone.field if one.strong else tone.ink_2, "stroke_width": tone.thin * 0.8}
            labels.append(svg.element("path", d=path, fill="none", **line))
            text = svg.shorten(_called(one, decimals), width * 0.45, size, bold=one.strong)
            weight, ink = (700, tone.field) if one.strong else (None, None)
            labels.append(
                svg.text(
                    anchor, y + size * 0.35, text, size=size, text_anchor=side, font_weight=weight, fill=ink
                )
            )
    below: list[SafeString] = [
        svg.line(0, axis, width, axis, stroke=tone.ink, stroke_width=tone.thin),
    ]
    last_end = -math.inf
    for tick in ticks:
        text = numbers.number(tick, 0 if tick >= 5 or tick == int(tick) else 1 if tick >= 0.5 else 3)
        half = svg.text_width(text, size) / 2
        place = min(max(x(tick), half), width - half)
        if place - half < last_end + size * 0.4:
            continue
        last_end = place + half
        below.append(svg.line(x(tick), axis, x(tick), axis + 3, stroke=tone.ink, stroke_width=tone.thin))
        below.append(
            svg.text(place, axis + size * 1.35, text, size=size, fill=tone.ink_2, text_anchor="middle")
        )
    for i, one in enumerate(sorted(triangles, key=lambda one: one.value)):
        y = axis + size * 2.6
        text = _called(one, decimals)
        fits_left = x(one.value) - svg.text_width(text, size) - size > 0
        to_left = (i % 2 == 0 and fits_left) or x(one.value) + svg.text_width(text, size) + size > width
        below.append(svg.triangle(x(one.value), y, size * 0.45, fill=tone.ink))
        place = x(one.value) + (-size * 0.7 if to_left else size * 0.7)
        line_y = y + size * (0.35 if i < 2 else 1.4)
        below.append(svg.text(place, line_y, text, size=size, text_anchor="end" if to_left else "start"))
    missing = len(list(values)) - len(known)
    table_rows = tuple((one.label, numbers.number(one.value, decimals)) for one in (*by_place, *triangles))
    said = description or " ".join(
        [
            _("%(count)s valeurs.") % {"count": numbers.number(len(known))},
            *([_("Une valeur manque.") if missing == 1 else _("%(count)s valeurs manquent.")
               % {"count": numbers.number(missing)}] if missing else []),
            *([_("Un point vaut %(count)s valeurs.") % {"count": numbers.number(each)}] if each > 1 else []),
            _sentence(table_rows),
        ]
    )  # fmt: skip
    dots = {"stroke": tone.other, "stroke_width": radius * 2, "stroke_linecap": "round"}
    return Chart(
        svg=svg.document(
            svg.group(*drawn, **dots), *labels, *marks, *below, key=key, width=width, height=height,
            title=title, description=said, unit=tone.unit, fill=str(tone.ink),
        ),
        title=title,
        description=said,
        table=Table(("", _("Valeur")), table_rows),
    )  # fmt: skip


def _called(one: Callout, decimals: int) -> str:
    return f"{one.label} {numbers.number(one.value, decimals)}"
