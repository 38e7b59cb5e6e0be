"""Lines through time: small multiples, lines named at their ends, sparklines. Gaps are never joined."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from typography import numbers

from . import geometry, palette, scales, svg
from .chart import Chart, Table
from .palette import Paper


class Dot(NamedTuple):
    """One value in time; None interrupts the line. `hollow`: another method, shown apart and never joined."""

    x: float
    y: float | None
    hollow: bool = False


class Series(NamedTuple):
    """One line. `kind`: "own" (the commune), "other", "territory", "province" (dashes), "region" (dots)."""

    name: str
    dots: tuple[Dot, ...]
    kind: str = "other"
    figure: str = ""  # beside the name: "+15,4 %"


KINDS = ("own", "other", "territory", "province", "region")


def _stroke(kind: str, tone: Paper) -> dict[str, object]:
    if kind not in KINDS:
        raise ValueError(f"a line is {', '.join(KINDS)}, not {kind!r}")
    width, thin = tone.thick, tone.thick * 0.55
    return {
        "own": {"stroke": tone.field, "stroke_width": width},
        "other": {"stroke": tone.other, "stroke_width": thin},
        "territory": {"stroke": tone.wheat_edge, "stroke_width": width * 0.65, "stroke_dasharray": "5 2.5"},
        "province": {"stroke": tone.ink, "stroke_width": thin, "stroke_dasharray": "6 3"},
        "region": {"stroke": tone.ink, "stroke_width": thin, "stroke_dasharray": "1.4 2.2"},
    }[kind]


def runs(dots: Sequence[Dot], most: float | None = None) -> list[list[Dot]]:
    """Return the stretches that may be joined: cut at missing values, hollow points, steps over `most`."""
    found: list[list[Dot]] = [[]]
    for dot in sorted(dots, key=lambda dot: dot.x):
        broken = found[-1] and most is not None and dot.x - found[-1][-1].x > most
        if dot.y is None or dot.hollow or broken:
            found.append([])
        if dot.y is not None and not dot.hollow:
            found[-1].append(dot)
    return [run for run in found if run]


def _drawn(series: Series, x: scales.Linear, y: scales.Linear, tone: Paper, step: float | None) -> SafeString:
    lines = [tuple((x(dot.x), y(dot.y)) for dot in run) for run in runs(series.dots, step)]
    d = geometry.path([line for line in lines if len(line) > 1], closed=False)
    stroke = _stroke(series.kind, tone)
    pieces = [svg.element("path", d=d, fill="none", stroke_linejoin="round", **stroke)] if d else []
    # A value alone between two gaps would otherwise vanish.
    radius = tone.thick * 0.5
    pieces += [svg.disc(*line[0], radius, fill=stroke["stroke"]) for line in lines if len(line) == 1]
    return svg.join(pieces)


def _check(series: Sequence[Series]) -> tuple[list[float], list[float]]:
    xs = scales.known(dot.x for one in series for dot in one.dots)
    return xs, scales.known(dot.y for one in series for dot in one.dots)


def _table(series: Sequence[Series], decimals: int) -> Table:
    years = sorted({dot.x for one in series for dot in one.dots})
    rows = []
    for one in series:
        known = {dot.x: dot for dot in one.dots}
        cells = []
        for year in years:
            dot = known.get(year)
            text = numbers.number(dot.y if dot else None, decimals)
            cells.append(f"{text}*" if dot and dot.hollow and dot.y is not None else text)
        rows.append((one.name, *cells))
    return Table(("", *(f"{year:g}" for year in years)), tuple(rows))


def _say(series: Sequence[Series], decimals: int) -> str:
    said = []
    for one in series:
        last = next((dot for dot in reversed(one.dots) if dot.y is not None and not dot.hollow), None)
        said.append(f"{one.name} {one.figure or numbers.number(last.y if last else None, decimals)}")
    return " ; ".join(said) + "." if said else _("Aucune donnée.")


def small_multiples(
    panels: Sequence[Series],
    references: Sequence[Series] = (),
    *,
    key: str,
    title: str,
    description: str = "",
    highlighted: str = "",
    base: float | None = 100,
    decimals: int = 1,
    step: float | None = 1,
    per_row: int | None = None,
    width: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return one small panel per commune on the same scales, the others in grey behind; a last one compares.

    Give the panels in the order to show (by value). The region's dots run through every panel. `base` is the
    index's start, drawn as the foot. `step` is the longest distance in x that may be joined; None joins all.
    """
    tone = palette.paper_named(paper)
    width = width or tone.full
    per_row = per_row or (2 if paper == "screen" else 4)
    xs, ys = _check([*panels, *references])
    size = tone.text
    gap = size * (1 if paper == "screen" else 2)
    wide = (width - gap * (per_row - 1)) / per_row
    tall = wide * 0.62
    pitch = tall + size * 5
    low, high = min([*ys, base if base is not None else ys[0] if ys else 0]), max([*ys, base or 0], default=1)
    if low == high:
        high = low + 1
    first, last = (min(xs), max(xs)) if xs else (0, 1)
    last_joined = max(
        (dot.x for one in panels for dot in one.dots if dot.y is not None and not dot.hollow), default=last
    )
    marks = [tick for tick in scales.ticks(low, high, 3) if tick != base]
    drawn: list[SafeString] = []
    tiles = [*panels, *([None] if references else [])]
    for i, panel in enumerate(tiles):
        left, top = (i % per_row) * (wide + gap), (i // per_row) * pitch
        x = scales.Linear(first, last, left + size * 0.3, left + wide - size * 0.4)
        y = scales.Linear(low, high, top + size * 2.2 + tall, top + size * 2.2)
        own = panel is not None and panel.name == highlighted
        name = panel.name if panel else _("Comparaisons")
        figure = panel.figure if panel else ""
        room = wide - svg.text_width(figure, size * 1.05, bold=True) - size * 0.5
        ink = tone.field if own else None
        drawn.append(
            svg.text(left, top + size, svg.shorten(name, room, size * 1.05, bold=True), size=size * 1.05,
                     font_weight=700, fill=ink)
        )  # fmt: skip
        if figure:
            drawn.append(
                svg.text(left + wide, top + size, figure, size=size * 1.05, font_weight=700, fill=tone.field,
                         text_anchor="end")
            )  # fmt: skip
        for tick in marks:
            drawn.append(
                svg.line(left, y(tick), left + wide, y(tick), stroke=tone.grid, stroke_width=tone.thin * 0.8)
            )
            if i % per_row == 0:
                drawn.append(
                    svg.text(left, y(tick) - size * 0.25, numbers.number(tick, scales.decimals_of(marks)),
                             size=tone.small, fill=tone.ink_2)
                )  # fmt: skip
        foot = y(base if base is not None else low)
        drawn.append(svg.line(left, foot, left + wide, foot, stroke=tone.ink_2, stroke_width=tone.thin))
        if panel is None:
            taken: list[float] = []
            for one in references:
                drawn.append(_drawn(one, x, y, tone, step))
                end = next((dot for dot in reversed(one.dots) if dot.y is not None and not dot.hollow), None)
                if end is not None:
                    label_y = y(end.y) + (-size * 0.7 if not taken else size * 1.4)
                    taken.append(label_y)
                    words = svg.shorten(f"{one.name} {one.figure}".strip(), wide, tone.small)
                    drawn.append(
                        svg.text(left + wide, min(label_y, foot - 2) if len(taken) > 1 else label_y, words,
                                 size=tone.small, text_anchor="end")
                    )  # fmt: skip
        else:
            behind = [one._replace(kind="other") for one in panels if one is not panel]
            drawn += [_drawn(one, x, y, tone, step) for one in behind]
            drawn += [_drawn(one, x, y, tone, step) for one in references if one.kind == "region"]
            drawn.append(_drawn(panel._replace(kind="own"), x, y, tone, step))
            ends = [dot for dot in panel.dots if dot.y is not None and not dot.hollow]
            if ends:
                radius = tone.thick * (1.7 if own else 1.35)
                drawn.append(svg.disc(x(ends[-1].x), y(ends[-1].y), radius, fill=tone.field))
            for dot in panel.dots:
                if dot.hollow and dot.y is not None:
                    ring = {"fill": tone.sheet, "stroke": tone.field, "stroke_width": tone.thick * 0.65}
                    drawn.append(svg.disc(x(dot.x), y(dot.y), tone.thick * 1.3, **ring))
        years: dict[str, Any] = {"size": tone.small, "fill": tone.ink_2}
        label = foot + size * 1.6
        if xs:
            drawn.append(svg.text(left, label, f"{first:g}", **years))
            drawn.append(svg.text(x(last_joined), label, f"{last_joined:g}", text_anchor="middle" if
                                  last > last_joined else "end", **years))  # fmt: skip
            if last > last_joined and x(last) - x(last_joined) > size * 1.8:
                drawn.append(svg.text(left + wide, label, f"{last % 100:02g}", text_anchor="end", **years))
    height = max(1, -(-len(tiles) // per_row)) * pitch
    if not tiles:
        drawn.append(svg.text(width / 2, height / 2, _("Aucune donnée"), size=size, text_anchor="middle"))
    said = description or _say([*panels, *references], decimals)
    return Chart(
        svg=svg.document(
            *drawn, key=key, width=width, height=height, title=title, description=said, unit=tone.unit,
            fill=str(tone.ink),
        ),
        title=title,
        description=said,
        table=_table([*panels, *references], decimals),
    )  # fmt: skip


def lines(
    series: Sequence[Series],
    *,
    key: str,
    title: str,
    description: str = "",
    base: float | None = None,
    decimals: int = 1,
    step: float | None = 1,
    width: float | None = None,
    height: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return lines named at their ends, the names pushed apart with thin leaders. No legend is needed.

    `base` draws the foot of an index; without it the scale holds the values alone, and no zero is implied.
    """
    tone = palette.paper_named(paper)
    width = width or tone.width
    xs, ys = _check(series)
    size = tone.small
    pitch = max(9.6, size * 1.25)
    height = height or max(tone.text * (18 if paper == "screen" else 28), (len(series) + 3) * pitch)
    low, high = min([*ys, *([base] if base is not None else [])], default=0), max(ys, default=1)
    if low == high:
        high = low + 1
    words = [f"{one.name} {one.figure}".strip() for one in series]
    room = min(width * 0.45, max((svg.text_width(text, size, bold=True) for text in words), default=0))
    right = width - room - size * 1.8
    first, last = (min(xs), max(xs)) if xs else (0, 1)
    x = scales.Linear(first, last, size * 0.3, right)
    y = scales.Linear(low, high, height - size * 3.1, size * 1.2)
    marks = scales.ticks(low, high, 3)
    drawn: list[SafeString] = []
    for tick in marks:
        strong = base is not None and tick == base
        rule = {"stroke": tone.ink_2 if strong else tone.grid, "stroke_width": tone.thin}
        label = numbers.number(tick, scales.decimals_of(marks))
        drawn.append(svg.line(0, y(tick), right, y(tick), **rule))
        place = y(tick) + (size * 1.0 if strong else -size * 0.3)
        drawn.append(svg.text(0, place, label, size=size, fill=tone.ink_2))
    order = {"other": 0, "region": 1, "province": 1, "territory": 2, "own": 3}
    drawn += [_drawn(one, x, y, tone, step) for one in sorted(series, key=lambda one: order.get(one.kind, 0))]
    for one in series:
        for dot in one.dots:
            if dot.hollow and dot.y is not None:
                ring = {"fill": tone.sheet, "stroke": _stroke(one.kind, tone)["stroke"]}
                drawn.append(svg.disc(x(dot.x), y(dot.y), tone.thick * 1.3, stroke_width=tone.thin, **ring))
    ends = [next((dot for dot in reversed(one.dots) if dot.y is not None), None) for one in series]
    wanted = [y(end.y) if end else height - size * 3.1 for end in ends]
    places = scales.apart(wanted, pitch, size, height - size * 2)
    for one, text, end, place in zip(series, words, ends, places, strict=True):
        own = one.kind == "own"
        if end:
            leader = {"stroke": tone.field if own else tone.ink_2, "stroke_width": tone.thin * 0.7}
            path = ((x(end.x), y(end.y)), (right + size * 0.4, y(end.y)), (right + size * 1.3, place))
            drawn.append(svg.element("path", d=geometry.path([path], closed=False), fill="none", **leader))
        else:
            text = f"{one.name} {numbers.MISSING}"
        drawn.append(
            svg.text(right + size * 1.6, place + size * 0.35, svg.shorten(text, room + 2, size, bold=own),
                     size=size, font_weight=700 if own else None, fill=tone.field if own else None)
        )  # fmt: skip
    if xs:
        years: dict[str, Any] = {"size": size, "fill": tone.ink_2}
        drawn.append(svg.text(0, height - size * 0.5, f"{first:g}", **years))
        if last != first:
            drawn.append(svg.text(right, height - size * 0.5, f"{last:g}", text_anchor="end", **years))
    else:
        drawn.append(svg.text(width / 2, height / 2, _("Aucune donnée"), size=size, text_anchor="middle"))
    said = description or _say(series, decimals)
    return Chart(
        svg=svg.document(
            *drawn, key=key, width=width, height=height, title=title, description=said, unit=tone.unit,
            fill=str(tone.ink),
        ),
        title=title,
        description=said,
        table=_table(series, decimals),
    )  # fmt: skip


def sparkline(
    values: Sequence[float | None],
    *,
    key: str,
    title: str,
    decimals: int = 0,
    width: float = 96,
    height: float = 24,
    paper: str = "screen",
) -> Chart:
    """Return a line the height of a word, its last known value a disc. That value stands beside it."""
    tone = palette.paper_named(paper)
    known = scales.known(values)
    low, high = min(known, default=0), max(known, default=1)
    x = scales.Linear(0, max(len(values) - 1, 1), 3, width - 5)
    y = scales.Linear(low, high, height - 4, 4)
    one = Series(title, tuple(Dot(i, value) for i, value in enumerate(values)), "own")
    thin = tone.thick * 0.65
    drawn = [_drawn(one, x, y, tone, None)]
    if known:
        last = max(i for i, value in enumerate(values) if value is not None)
        drawn.append(svg.disc(x(last), y(values[last]), thin * 1.6, fill=tone.field))
    else:
        dotted = {
            "stroke": tone.ink_2,
            "stroke_width": 1.2,
            "stroke_dasharray": ".1 4",
            "stroke_linecap": "round",
        }
        drawn.append(svg.line(3, height / 2, width - 3, height / 2, **dotted))
    shown = tuple(numbers.number(value, decimals) for value in values)
    said = ", ".join(shown) + "." if shown else _("Aucune donnée.")
    return Chart(
        svg=svg.document(
            *drawn, key=key, width=width, height=height, title=title, description=said, unit=tone.unit
        ),
        title=title,
        description=said,
        table=Table(tuple(str(i + 1) for i in range(len(values))), (shown,) if shown else ()),
    )
