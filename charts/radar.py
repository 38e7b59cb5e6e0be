"""Radar of a few dimensions, always with its table: one compares the tips, never the areas."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from typography import numbers

from . import geometry, palette, scales, svg
from .chart import Chart, Legend, Table
from .palette import Paper

KINDS = ("own", "territory", "previous")


class Series(NamedTuple):
    """One outline, a value per axis. `kind`: "own" (solid, wheat inside), "territory", "previous"."""

    name: str
    values: tuple[float | None, ...]
    kind: str = "own"


def _style(kind: str, tone: Paper) -> dict[str, object]:
    if kind not in KINDS:
        raise ValueError(f"an outline is {', '.join(KINDS)}, not {kind!r}")
    printed = tone.name == "print"
    territory = tone.wheat_edge if printed else tone.beet
    previous = tone.beet if printed else tone.ink_2
    return {
        "own": {"stroke": tone.field, "stroke_width": tone.thick},
        "territory": {"stroke": territory, "stroke_width": tone.thick * 0.75, "stroke_dasharray": "6 4"},
        "previous": {"stroke": previous, "stroke_width": tone.thick * 0.55, "stroke_dasharray": "1.5 3"},
    }[kind]


def _mark(kind: str, x: float, y: float, tone: Paper) -> SafeString:
    """Return the point of an outline: disc, square (a diamond in the report), small triangle."""
    style = _style(kind, tone)
    size = tone.text * 0.36
    if kind == "own":
        return svg.disc(x, y, size, fill=tone.field, stroke=tone.sheet, stroke_width=tone.thick * 0.4)
    line = {"fill": tone.sheet, "stroke": style["stroke"], "stroke_width": tone.thick * 0.6}
    if kind == "territory" and tone.name == "print":
        return svg.diamond(x, y, size * 1.1, **line)
    if kind == "territory":
        return svg.rectangle(x - size * 0.8, y - size * 0.8, size * 1.6, size * 1.6, **line)
    return svg.triangle(x, y, size * 0.8, **line)


def stretches(points: Sequence[geometry.Point | None]) -> tuple[list[tuple[geometry.Point, ...]], bool]:
    """Return the runs of points that stand side by side, and whether they close: missing sides stay open."""
    count = len(points)
    if count and all(point is not None for point in points):
        return [tuple(point for point in points if point is not None)], count > 2
    runs: list[list[geometry.Point]] = []
    start = next((i for i, point in enumerate(points) if point is None), 0)
    for i in range(1, count + 1):
        point = points[(start + i) % count]
        if point is None:
            runs.append([])
        else:
            if not runs:
                runs.append([])
            runs[-1].append(point)
    return [tuple(run) for run in runs if run], False


def radar(
    axes: Sequence[str],
    series: Sequence[Series],
    *,
    key: str,
    title: str,
    description: str = "",
    maximum: float = 4,
    decimals: int = 1,
    rings: int = 4,
    width: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return a radar from 0 in the middle to `maximum`, values beside the names of the axes.

    Only a whole outline of "own" is filled; where a value misses, the two sides that would reach it are left
    open and its axis says « n.d. ». Raises ValueError for fewer than three axes, a series of another
    length, a value below 0 or beyond `maximum`.
    """
    tone = palette.paper_named(paper)
    width = width or tone.width
    count = len(axes)
    if count < 3:
        raise ValueError("a radar needs three axes; draw bars")
    if not (svg.finite(maximum) and maximum > 0):
        raise ValueError("the end of the axes must be above zero")
    for one in series:
        if len(one.values) != count:
            raise ValueError(f"{one.name} has {len(one.values)} values for {count} axes")
        for value in scales.known(one.values):
            if not 0 <= value <= maximum:
                raise ValueError(f"{one.name}: {value!r} is not between 0 and {maximum!r}")
    size = tone.text
    radius = width * 0.325
    cx, cy = width / 2, radius + size * 3.1
    height = cy + radius + size * (3.4 if count % 2 == 0 else 2)
    angles = [2 * math.pi * i / count - math.pi / 2 for i in range(count)]

    def at(i: int, value: float) -> geometry.Point:
        reach = radius * value / maximum
        return cx + reach * math.cos(angles[i]), cy + reach * math.sin(angles[i])

    def ring(value: float) -> str:
        return geometry.path([tuple(at(i, value) for i in range(count))])

    band = tone.neighbour if paper == "screen" else tone.sheet
    drawn: list[SafeString] = []
    if rings >= 4:
        drawn.append(svg.element("path", d=ring(maximum * 0.75), fill=band, fill_opacity=".6"))
    grid = {"fill": "none", "stroke": tone.grid, "stroke_width": tone.thin * 0.9}
    drawn += [svg.element("path", d=ring(maximum * (i + 1) / rings), **grid) for i in range(rings)]
    spokes = geometry.path([((cx, cy), at(i, maximum)) for i in range(count)], closed=False)
    drawn.append(svg.element("path", d=spokes, **grid))
    order = {"own": 0, "previous": 1, "territory": 2}
    placed = sorted(series, key=lambda one: order.get(one.kind, 0))
    marks: list[SafeString] = []
    for one in placed:
        points = [None if value is None else at(i, value) for i, value in enumerate(one.values)]
        runs, closed = stretches(points)
        style = _style(one.kind, tone)
        if closed and one.kind == "own":
            d = geometry.path(runs)
            drawn.append(svg.element("path", d=d, fill=tone.wheat, fill_opacity=".42"))
        d = geometry.path([run for run in runs if len(run) > 1], closed=closed)
        if d:
            drawn.append(svg.element("path", d=d, fill="none", stroke_linejoin="round", **style))
        if one.kind != "previous" or not closed or paper == "print":
            marks += [_mark(one.kind, *point, tone) for point in points if point is not None]
    own = next((one for one in series if one.kind == "own"), None)
    for i, axis in enumerate(axes):
        written = numbers.number(own.values[i], decimals) if own else ""
        x, y = at(i, maximum * (1 + size * 0.75 / radius))
        side = math.cos(angles[i])
        anchor = "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
        room = width - size if anchor == "middle" else (width - x if side > 0 else x)
        upper = math.sin(angles[i]) < -0.2
        figure = tone.field if paper == "print" else tone.ink_2
        one_line = f"{axis} {written}"
        if svg.text_width(one_line, size, bold=True) <= room:
            place = y + (-size * 0.1 if upper else size * 0.75 if math.sin(angles[i]) > 0.2 else size * 0.35)
            both = svg.join(
                [
                    svg.element("tspan", axis, font_weight=700),
                    " ",
                    svg.element("tspan", written, fill=figure),
                ]
            )
            drawn.append(
                svg.element(
                    "text", both, x=float(x), y=float(place), font_size=float(size), text_anchor=anchor
                )
            )
            continue
        # No room beside the hexagon: the words start at the edge of the paper, clear of the side below.
        anchor = anchor if anchor == "middle" else ("end" if side > 0 else "start")
        edge = x if anchor == "middle" else (width if side > 0 else 0.0)
        above = math.sin(angles[i]) <= 0
        room = width if anchor == "middle" else width * 0.46
        name = svg.shorten(axis, room - svg.text_width(f" {written}", size), size, bold=True)
        corner = at(i, maximum)
        beyond = [at(j % count, maximum) for j in (i - 1, i + 1)]
        towards = min(beyond, key=lambda p: p[1]) if above else max(beyond, key=lambda p: p[1])
        run = abs(towards[0] - corner[0])
        slope = abs(towards[1] - corner[1]) / run if run > 1 else 0.0
        reach = svg.text_width(f"{name} {written}", size, bold=True)
        passed = (
            max(0.0, reach - (width - corner[0] if side > 0 else corner[0])) if anchor != "middle" else 0.0
        )
        away = passed * slope + size * 0.4
        place = corner[1] - away if above else corner[1] + away + size * 0.7
        words = [svg.element("tspan", name, font_weight=700), " ", svg.element("tspan", written, fill=figure)]
        drawn.append(
            svg.element(
                "text", *words, x=float(edge), y=float(place), font_size=float(size), text_anchor=anchor
            )
        )
    drawn += marks
    rows = tuple(
        (axis, *(numbers.number(one.values[i], decimals) for one in series)) for i, axis in enumerate(axes)
    )
    said = description or " ; ".join(f"{row[0]} : {', '.join(row[1:])}" for row in rows) + "."
    legend = tuple(Legend(_swatch(one.kind, f"{key}-l{i}", tone), one.name) for i, one in enumerate(series))
    return Chart(
        svg=svg.document(
            *drawn, key=key, width=width, height=height, title=title, description=said, unit=tone.unit,
            fill=str(tone.ink),
        ),
        title=title,
        description=said,
        table=Table((_("Dimension"), *(one.name for one in series)), rows),
        legend=legend,
    )  # fmt: skip


def _swatch(kind: str, key: str, tone: Paper) -> SafeString:
    size = tone.text
    width = size * 2.6
    drawn = [
        svg.line(0, size / 2, width, size / 2, **_style(kind, tone)),
        _mark(kind, width / 2, size / 2, tone),
    ]
    return svg.document(
        *drawn, key=key, width=width, height=size, title="", description="", unit=tone.unit, decorative=True
    )
