"""Maps of the territory: choropleth, cover of the diagnostic, locator, silhouettes.

Every map is drawn from boundaries and figures alone, so it works for any territory. The slow part (to
project, simplify, find where a name fits) depends on geometry only and is remembered.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from typography import numbers

from . import geometry, palette, svg
from .chart import Chart, Legend, Table
from .geometry import Box, Shape

HEDGE = {"stroke_dasharray": ".1 5.5", "stroke_linecap": "round"}


class Village(NamedTuple):
    """A village: its name and where it is, in degrees."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Place:
    """A municipality on a map. `value` decides its class; None is missing. `figure` is what people read."""

    code: str
    name: str
    boundary: Shape
    value: float | None = None
    figure: str = ""  # "54 acteurs"; by default the value
    short_figure: str = ""  # "54", where the place is narrow; by default the value
    href: str = ""
    villages: tuple[Village, ...] = ()

    def words(self) -> str:
        """Return what is written under the name."""
        return self.figure or numbers.number(self.value) if self.value is not None else numbers.MISSING

    def few_words(self) -> str:
        """Return the same without its unit."""
        return self.short_figure or numbers.number(self.value)


@dataclass(frozen=True)
class Neighbour:
    """A municipality around the territory: a faint outline with a small name."""

    name: str
    boundary: Shape


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


class Spot(NamedTuple):
    """Where a name is written, in units of the drawing."""

    x: float
    y: float
    room: float  # between the label's box and the border; negative when it sticks out


@dataclass(frozen=True)
class Ground:
    """Boundaries on paper: what depends on geometry alone."""

    projection: geometry.Projection
    shapes: tuple[Shape, ...]
    borders: tuple[geometry.Ring, ...]
    neighbours: tuple[tuple[int, Shape, geometry.Point], ...]  # which, what shows of it, where its name goes


@lru_cache(maxsize=64)
def _ground(
    boundaries: tuple[Shape, ...], around: tuple[Shape, ...], paper: Box, view: Box, tolerance: float
) -> Ground:
    projection = geometry.Projection.fit(geometry.bounds(boundaries), paper)
    everything = [projection.shape(shape) for shape in (*boundaries, *around)]
    finenesses = [tolerance] * len(boundaries) + [tolerance * 6] * len(around)
    shapes, arcs, owners = geometry.simplify(everything, finenesses)
    count = len(boundaries)
    mine = tuple(arc for arc, owned in zip(arcs, owners, strict=True) if min(owned) < count)
    seen = []
    for which, shape in enumerate(shapes[count:]):
        cut = tuple(polygon for polygon in (geometry.clip(polygon, view) for polygon in shape) if polygon)
        # The name stands in what is left of it inside the frame.
        inner = [
            polygon for polygon in (geometry.clip(polygon, view.grown(-14)) for polygon in shape) if polygon
        ]
        if cut and inner:
            seen.append(
                (which, cut, geometry.label_point(geometry.largest(tuple(inner)), wide=3, precision=2))
            )
    return Ground(projection, tuple(shapes[:count]), mine, tuple(seen))


@lru_cache(maxsize=512)
def _spot(shape: Shape, width: float, height: float, dots: tuple[geometry.Point, ...]) -> Spot:
    """Return where a label of this size fits best: inside, clear of the border, off the villages."""
    polygon = geometry.largest(tuple(tuple(geometry.thin(ring, 1.5) for ring in part) for part in shape))
    if not polygon or len(polygon[0]) < 3:
        return Spot(*geometry.largest(shape)[0][0], -math.inf)
    start = geometry.label_point(polygon, wide=max(1.0, width / height), precision=2)
    box = geometry.bounds([(polygon,)])
    tried = [start]
    for i in range(1, 9):
        for j in range(1, 9):
            tried.append((box.left + box.width * i / 9, box.top + box.height * j / 9))
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)

    def quality(point: geometry.Point) -> tuple[float, float]:
        x, y = point
        if geometry.clearance(x, y, polygon) < height / 3:
            return (-math.inf, 0.0)
        corners = [(x + a * width / 2, y + b * height / 2) for a in (-1, 0, 1) for b in (-1, 1)]
        room = min(geometry.clearance(cx, cy, polygon) for cx, cy in corners)
        hidden = sum(abs(dx - x) < width / 2 + 3 and abs(dy - y) < height / 2 + 3 for dx, dy in dots)
        return (min(room, 4.0) - 2.0 * hidden, -math.dist(point, middle))

    # The point with the most room wins a draw against the grid; then the nearer to the middle.
    x, y = max(tried, key=quality)
    return Spot(x, y, quality((x, y))[0])


def _angles(count: int) -> list[int]:
    """Return an angle for each municipality: far from the one before, none flat nor upright."""
    turned = (22, -38, 78, -12, 52, -62, 8)
    return [turned[i % len(turned)] for i in range(count)]


def _furrow_pattern(
    identifier: str, spacing: float, angle: float, colour: object, width: float, tint: object = None
) -> SafeString:
    """Return furrows, on their tint if given: one path then carries both."""
    return svg.element(
        "pattern",
        svg.rectangle(-1, -1, spacing + 2, 42, fill=tint) if tint else "",
        svg.element("path", d=f"M{svg.short(spacing / 2, 2)} 0v40", stroke=colour, stroke_width=width),
        id=identifier,
        width=float(spacing),
        height=40,
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({angle})",
    )


def _check(places: Sequence[Place]) -> None:
    if not any(place.boundary for place in places):
        raise ValueError("a map needs at least one boundary")
    for place in places:
        svg.finite(place.value, place.name)


def legend_swatch(step: int | None, *, key: str, paper: str = "screen") -> SafeString:
    """Return the 32 × 18 swatch of a class (0 to 3), or of « n.d. » for None: same tint, same furrows."""
    tone = palette.paper_named(paper)
    box = {"stroke": tone.field, "stroke_width": 1.2}
    if step is None:
        dotted = {"stroke": tone.ink_2, "stroke_width": 1.8, **HEDGE}
        drawn = [svg.rectangle(1, 1, 30, 16, fill=tone.sheet, **dotted)]
    else:
        drawn = [
            _furrow_pattern(f"{key}-f", palette.SPACINGS[step] * 0.7, 20, tone.furrow, 1.8),
            svg.rectangle(1, 1, 30, 16, fill=tone.steps[step], **box),
            svg.rectangle(1, 1, 30, 16, fill=f"url(#{key}-f)"),
        ]
    return svg.document(*drawn, key=key, width=32, height=18, title="", description="", decorative=True)


def _label(
    place: Place, spot: Spot, size: float, name: str, figure: str, ink: object, tint: object
) -> SafeString:
    """Return name and figure on a patch of the map's own tint, which a furrow never crosses."""
    wide = max(svg.text_width(name, size, bold=True), svg.text_width(figure, size * 0.92)) + size * 0.5
    top = spot.y - size * 1.1
    return svg.join(
        [
            svg.rectangle(
                spot.x - wide / 2, top, wide, size * 2.2, rx=float(size * 0.3), fill=tint, fill_opacity=".82"
            ),
            svg.text(
                spot.x,
                spot.y - size * 0.14,
                name,
                size=size,
                font_weight=700,
                font_family=svg.TITLE_FACE,
                fill=ink,
            ),
            svg.text(spot.x, spot.y + size * 0.82, figure, size=size * 0.92, fill=ink),
        ]
    )


def choropleth(
    places: Sequence[Place],
    neighbours: Sequence[Neighbour] = (),
    *,
    key: str,
    title: str,
    description: str = "",
    measure: str = "",
    bounds: Sequence[float] | None = None,
    decimals: int = 0,
    highlighted: str = "",
    width: float = 640,
    height: float = 760,
    paper: str = "screen",
) -> Chart:
    """Return the map of a figure by municipality, in at most four steps: tint and closeness of furrows.

    `measure` names the figure in the table and the legend; `bounds` fixes the classes (lower bounds, at most
    four; by default `classes` of the values); `highlighted` is a place's code. Names and figures have two
    sizes: `.chart-wide` shows the unit, `.chart-narrow` (phones) the number only. Raises ValueError without
    any boundary, for NaN, and for more than four classes.
    """
    _check(places)
    tone = palette.paper_named(paper)
    steps = list(bounds) if bounds is not None else classes([place.value for place in places])
    if len(steps) > 4:
        raise ValueError("a map has at most four classes")
    drawn = [place for place in places if place.boundary]
    outlined = [neighbour for neighbour in neighbours if neighbour.boundary]
    margin = width * 0.045
    view = Box(0, 0, width, height)
    ground = _ground(
        tuple(place.boundary for place in drawn),
        tuple(neighbour.boundary for neighbour in outlined),
        view.grown(-margin),
        view.grown(6),
        0.8,
    )
    unit = width / 640
    # At 288 px, a phone's column, 640 units come out at .45: 25 units are the 11 px that one can read.
    sizes = {"wide": 17.5 * unit, "narrow": 27 * unit}
    faint = [
        svg.element("path", d=geometry.path([r for p in shape for r in p], decimals=0))
        for _which, shape, _point in ground.neighbours
    ]
    fills: list[SafeString] = []
    labels_wide: list[SafeString] = []
    labels_narrow: list[SafeString] = []
    dots: list[SafeString] = []
    patterns: list[SafeString] = []
    taken: list[Box] = []
    angles = _angles(len(drawn))
    for i, (place, shape) in enumerate(zip(drawn, ground.shapes, strict=True)):
        d = geometry.path([ring for polygon in shape for ring in polygon])
        villages = tuple(ground.projection.point(village.lon, village.lat) for village in place.villages)
        if place.value is None:
            tint: object = tone.sheet
            body = [svg.element("path", d=d, fill=tint)]
        else:
            step = _step(place.value, steps)
            tint = tone.steps[step]
            identifier = f"{key}-f{i}"
            spacing = palette.SPACINGS[step] * unit
            patterns.append(_furrow_pattern(identifier, spacing, angles[i], tone.furrow, 2.2 * unit, tint))
            body = [svg.element("path", d=d, fill=f"url(#{identifier})")]
        if highlighted and place.code == highlighted:
            body.append(svg.element("path", d=d, fill="none", stroke=tone.field, stroke_width=7 * unit))
        words = place.words(), place.few_words()
        for kind, figure, labels in (("wide", words[0], labels_wide), ("narrow", words[1], labels_narrow)):
            size = sizes[kind]
            name = svg.shorten(place.name, width * 0.4, size, bold=True)
            wide = max(svg.text_width(name, size, bold=True), svg.text_width(figure, size * 0.92))
            spot = _spot(shape, round(wide, 1), round(size * 2.2, 1), villages if kind == "wide" else ())
            if kind == "wide" and spot.room < -size:
                # The unit does not fit: the number alone may.
                shortened = svg.text_width(place.few_words(), size * 0.92)
                wide = max(svg.text_width(name, size, bold=True), shortened)
                spot, figure = _spot(shape, round(wide, 1), round(size * 2.2, 1), villages), place.few_words()
            if kind == "wide":
                taken.append(Box(spot.x - wide / 2, spot.y - size, spot.x + wide / 2, spot.y + size))
            labels.append(_label(place, spot, size, name, figure, tone.ink, tint))
        for x, y in villages:
            if not any(
                box.left - 2 < x < box.right + 2 and box.top - 2 < y < box.bottom + 2 for box in taken[-1:]
            ):
                dots.append(svg.element("path", d=f"M{svg.short(x)} {svg.short(y)}h.01"))
        whole = svg.join(body)
        if place.href:
            label = f"{place.name} : {place.words()}"
            whole = svg.link(place.href, whole, aria_label=label)
        fills.append(whole)
    hedge = {"stroke": tone.field, "stroke_width": 3 * unit, **HEDGE}
    borders = geometry.path(ground.borders, closed=False)
    names = [
        svg.text(x, y, neighbour.name, size=14 * unit)
        for neighbour, (x, y) in ((outlined[which], point) for which, _shape, point in ground.neighbours)
        if view.grown(-4).meets(Box(x, y, x, y))
        and svg.text_width(neighbour.name, 14 * unit) / 2 < min(x, width - x)
        and not any(_near(box, x, y, neighbour.name, 14 * unit) for box in taken)
    ]
    middle = {"text_anchor": "middle"}
    rows = tuple((place.name, place.words()) for place in places)
    missing = [place.name for place in places if place.value is None]
    counted = _legend(steps, missing, decimals, key, paper)
    return Chart(
        svg=svg.document(
            svg.element("defs", *patterns) if patterns else "",
            svg.rectangle(0, 0, width, height, fill=tone.neighbour),
            svg.group(*faint, fill=tone.neighbour, stroke=tone.neighbour_edge, stroke_width=1.5 * unit),
            svg.group(*fills, stroke_linejoin="round"),
            svg.group(
                svg.element("path", d=borders, stroke=tone.sheet, stroke_width=6 * unit),
                svg.element("path", d=borders, **hedge),
                fill="none",
                pointer_events="none",
            ),
            svg.group(*dots, stroke=tone.ink_2, stroke_width=5 * unit, stroke_linecap="round"),
            svg.group(*names, fill=tone.ink_2, class_="chart-wide", pointer_events="none", **middle),
            svg.group(*labels_wide, class_="chart-wide", pointer_events="none", **middle),
            svg.group(*labels_narrow, class_="chart-narrow", display="none", pointer_events="none", **middle)
            if paper == "screen"
            else "",
            key=key,
            width=width,
            height=height,
            title=title,
            description=description or _sentence(rows),
            unit=tone.unit,
            interactive=any(place.href for place in places),
        ),
        title=title,
        description=description or _sentence(rows),
        table=Table((_("Commune"), measure or _("Valeur")), rows),
        legend=counted,
    )


def portrait(
    place: Place,
    neighbours: Sequence[Neighbour] = (),
    *,
    key: str,
    title: str,
    description: str = "",
    width: float = 520,
    height: float = 420,
    paper: str = "screen",
) -> Chart:
    """Return one municipality large, ploughed, with its villages named and its neighbours around.

    A village whose name would cover another's keeps its dot; the table names them all. Raises ValueError
    without a boundary.
    """
    _check([place])
    tone = palette.paper_named(paper)
    view = Box(0, 0, width, height)
    outlined = [neighbour for neighbour in neighbours if neighbour.boundary]
    around = tuple(neighbour.boundary for neighbour in outlined)
    ground = _ground((place.boundary,), around, view.grown(-width * 0.07), view.grown(6), 0.6)
    unit = width / 520
    size = 15.5 * unit
    outline = geometry.path([ring for polygon in ground.shapes[0] for ring in polygon])
    tint = tone.steps[2]
    furrows = _furrow_pattern(f"{key}-f", palette.SPACINGS[1] * unit, 97, tone.furrow, 2.2 * unit, tint)
    dots, names = [], []
    taken: list[Box] = []
    for village in sorted(place.villages, key=lambda village: (-village.lat, village.name)):
        x, y = ground.projection.point(village.lon, village.lat)
        dots.append(svg.element("path", d=f"M{svg.short(x)} {svg.short(y)}h.01"))
        half = svg.text_width(village.name, size, bold=True) / 2 + 3
        middle = min(max(x, half), width - half)
        box = Box(middle - half, y - size * 1.75, middle + half, y + 4)
        if not any(box.meets(other) for other in taken):
            taken.append(box)
            ground_of_name = {"fill": tint, "opacity": 0.85}
            names.append(
                svg.rectangle(middle - half, y - size * 1.6, 2 * half, size * 1.25, **ground_of_name)
            )
            names.append(svg.text(middle, y - size * 0.62, village.name, size=size, font_weight=700))
    faint = [
        svg.element("path", d=geometry.path([r for p in shape for r in p], decimals=0))
        for _which, shape, _point in ground.neighbours
    ]
    small = 13 * unit
    beyond = [
        svg.text(x, y, outlined[which].name, size=small)
        for which, _shape, (x, y) in ground.neighbours
        if not any(_near(box, x, y, outlined[which].name, small) for box in taken)
        and svg.text_width(outlined[which].name, small) / 2 < min(x, width - x)
    ]
    hedge = {"stroke": tone.field, "stroke_width": 3.4 * unit, **HEDGE}
    rows = tuple((village.name,) for village in place.villages)
    said = description or ", ".join(village.name for village in place.villages)
    return Chart(
        svg=svg.document(
            svg.element("defs", furrows),
            svg.rectangle(0, 0, width, height, fill=tone.neighbour),
            svg.group(*faint, fill=tone.neighbour, stroke=tone.neighbour_edge, stroke_width=1.5 * unit),
            svg.element("path", d=outline, fill=f"url(#{key}-f)"),
            svg.element("path", d=outline, fill="none", stroke=tone.sheet, stroke_width=7 * unit),
            svg.element("path", d=outline, fill="none", **hedge),
            svg.group(*beyond, fill=tone.ink_2, text_anchor="middle"),
            svg.group(*dots, stroke=tone.ink_2, stroke_width=6 * unit, stroke_linecap="round"),
            svg.group(*names, fill=tone.ink, text_anchor="middle"),
            key=key,
            width=width,
            height=height,
            title=title,
            description=said,
            unit=tone.unit,
        ),
        title=title,
        description=said,
        table=Table((_("Village"),), rows),
    )


def _near(box: Box, x: float, y: float, name: str, size: float) -> bool:
    half = svg.text_width(name, size) / 2 + 4
    return box.meets(Box(x - half, y - size, x + half, y + size * 0.4))


def _step(value: float, bounds: Sequence[float]) -> int:
    """Return the step (0 to 3) of a value: fewer classes use the paler and the darker ends evenly."""
    index = class_of(value, bounds)
    return _spread(index, len(bounds))


def _spread(index: int, count: int) -> int:
    return 1 if count <= 1 else round(index * 3 / (count - 1))


def _legend(
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


def _sentence(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as one sentence, for readers who do not see the drawing."""
    return " ; ".join(f"{row[0]} {row[1]}" for row in rows) + "." if rows else ""


def cover(
    places: Sequence[Place],
    *,
    key: str,
    highlighted: str,
    title: str,
    description: str = "",
    measure: str = "",
    per_centimetre: float | None = None,
    width: float = 350,
    height: float = 372,
) -> Chart:
    """Return the map of the cover, in points: one furrow centimetre stands for `per_centimetre` inhabitants.

    So tighter furrows mean a denser commune. `per_centimetre` defaults to a round figure that keeps the
    furrows of the mean commune about 4.5 pt apart; `Chart.legend` says it. The length drawn is the area
    divided by the spacing; the label and the margin along the border hide a part of it.
    """
    _check(places)
    tone = palette.PRINT
    drawn = [place for place in places if place.boundary]
    boundaries = tuple(place.boundary for place in drawn)
    view = Box(0, 0, width, height)
    ground = _ground(boundaries, (), view.grown(-5), view, 0.35)
    areas = [geometry.area(shape) for shape in ground.shapes]
    k = per_centimetre or _round_key(drawn, areas)
    centimetre = 72 / 2.54
    angles = _angles(len(drawn))
    bodies, labels = [], []
    for i, (place, shape) in enumerate(zip(drawn, ground.shapes, strict=True)):
        chosen = place.code == highlighted
        rings = [ring for polygon in shape for ring in polygon]
        size = 13.5 if chosen else 11
        ground_colour, ink = (tone.field, tone.on_field) if chosen else (palette.COVER, tone.ink)
        if chosen:
            bodies.append(svg.element("path", d=geometry.path(rings), fill=tone.field))
        if place.value is not None and place.value > 0:
            spacing = areas[i] / (place.value / k * centimetre)
            lines = geometry.furrows(shape, angle=angles[i], spacing=spacing)
            stroke = tone.wheat if chosen else tone.field
            bodies.append(
                svg.element("path", d=geometry.path(lines, closed=False), stroke=stroke, stroke_width=0.75)
            )
        name = svg.shorten(place.name, width * 0.4, size, bold=True)
        figure = place.words()
        wide = max(svg.text_width(name, size, bold=True), svg.text_width(figure, size * 0.78)) + 6
        spot = _spot(shape, round(wide, 1), round(size * 2.1, 1), ())
        heading = {"font_family": svg.TITLE_FACE, "font_weight": 700, "fill": ink}
        labels += [
            svg.rectangle(spot.x - wide / 2, spot.y - size * 1.05, wide, size * 2.1, fill=ground_colour),
            svg.text(spot.x, spot.y - 0.5, name, size=size, **heading),
            svg.text(
                spot.x, spot.y + size * 0.82, figure, size=size * 0.78, fill=ink if chosen else tone.ink_2
            ),
        ]
    borders = geometry.path(ground.borders, closed=False)
    frame = [
        svg.element("path", d=borders, stroke=palette.COVER, stroke_width=4),
        svg.element("path", d=borders, stroke=tone.field, stroke_width=1.2),
    ]
    for place, shape in zip(drawn, ground.shapes, strict=True):
        if place.code == highlighted:
            d = geometry.path([ring for polygon in shape for ring in polygon])
            frame.append(svg.element("path", d=d, stroke=tone.field, stroke_width=2.4))
    rows = tuple((place.name, place.words()) for place in places)
    said = description or _sentence(rows)
    words = _("Un centimètre de sillon vaut %(count)s habitants.") % {"count": numbers.number(k)}
    return Chart(
        svg=svg.document(
            svg.group(*bodies, fill="none"),
            svg.group(*frame, fill="none", stroke_linejoin="round"),
            svg.group(*labels, text_anchor="middle"),
            key=key,
            width=width,
            height=height,
            title=title,
            description=said,
            unit="pt",
        ),
        title=title,
        description=said,
        table=Table((_("Commune"), measure or _("Habitants")), rows),
        legend=(Legend(svg.join([]), words),),
    )


def _round_key(places: Sequence[Place], areas: Sequence[float]) -> float:
    """Return 1, 2, 5, 10, 20, 50… so that the mean commune has furrows about 4.5 pt apart."""
    known = [(place.value, size) for place, size in zip(places, areas, strict=True) if place.value]
    if not known:
        return 1
    people, surface = sum(abs(value) for value, _size in known), sum(size for _value, size in known)
    wanted = people * 4.5 * (72 / 2.54) / max(surface, 1e-9)
    power = 10 ** math.floor(math.log10(wanted))
    return max((step * power for step in (1, 2, 5, 10) if step * power <= wanted * 1.25), default=power)


def initials(names: Sequence[str]) -> list[str]:
    """Return the shortest beginnings that tell the names apart: B, H, I… or Or, Op for Orp and Oplinter."""
    found = []
    for name in names:
        length = 1
        while length < len(name) and any(
            other != name and other[:length].casefold() == name[:length].casefold() for other in names
        ):
            length += 1
        found.append(name[: min(length, 4)])
    return found


def locator(
    places: Sequence[Place],
    *,
    key: str,
    highlighted: str,
    title: str,
    width: float = 118,
    height: float = 124,
    paper: str = "print",
) -> Chart:
    """Return the small map of a municipal sheet: the commune full, the others by their initials."""
    _check(places)
    tone = palette.paper_named(paper)
    drawn = [place for place in places if place.boundary]
    view = Box(0, 0, width, height)
    boundaries = tuple(place.boundary for place in drawn)
    ground = _ground(boundaries, (), view.grown(-2), view, 0.5)
    size = 9 if paper == "print" else 13
    bodies, labels = [], []
    for place, shape, letter in zip(drawn, ground.shapes, initials([p.name for p in drawn]), strict=True):
        chosen = place.code == highlighted
        d = geometry.path([ring for polygon in shape for ring in polygon])
        bodies.append(svg.element("path", d=d, fill=tone.field if chosen else tone.sheet))
        whole = svg.text_width(place.name, size, bold=True)
        spot = _spot(shape, round(whole, 1), float(size), ())
        fits = chosen and spot.room > -1
        if not fits:
            spot = _spot(shape, round(svg.text_width(letter, size, bold=True), 1), float(size), ())
        labels.append(
            svg.text(
                spot.x,
                spot.y + size * 0.35,
                place.name if fits else letter,
                size=size,
                fill=tone.on_field if chosen else tone.field,
            )
        )
    rows = tuple((place.name,) for place in places)
    chosen_names = [place.name for place in places if place.code == highlighted]
    description = _("%(name)s parmi : %(others)s.") % {
        "name": ", ".join(chosen_names) or numbers.MISSING,
        "others": ", ".join(place.name for place in places if place.code != highlighted),
    }
    return Chart(
        svg=svg.document(
            svg.group(*bodies, stroke=tone.field, stroke_width=1, stroke_linejoin="round"),
            svg.group(*labels, font_weight=700, text_anchor="middle"),
            key=key,
            width=width,
            height=height,
            title=title,
            description=description,
            unit=tone.unit,
        ),
        title=title,
        description=description,
        table=Table((_("Commune"),), rows),
    )


STATES = ("full", "hatched", "dotted")


def silhouette(
    boundary: Shape,
    *,
    key: str,
    state: str = "full",
    size: float = 24,
    label: str = "",
    on_wheat: bool = False,
    paper: str = "screen",
) -> SafeString:
    """Return a municipality's own outline: full (sent, or named), hatched (under way), dotted (not opened).

    Without `label` it is decoration beside a name and readers skip it. `on_wheat` suits the wheat plot. No
    boundary gives a plain round field, so that a list stays aligned.
    """
    if state not in STATES:
        raise ValueError(f"a silhouette is {', '.join(STATES)}, not {state!r}")
    tone = palette.paper_named(paper)
    ink = palette.Pair("#261b13", "#fdebbd") if on_wheat else tone.field
    view = Box(0, 0, size, size)
    if boundary:
        ground = _ground((boundary,), (), view.grown(-1.5), view, size / 70)
        d = geometry.path([ring for polygon in ground.shapes[0] for ring in polygon])
    else:
        r, across = svg.short(size / 2 - 2), svg.short(size - 4)
        d = f"M2 {svg.short(size / 2)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0z"
    line = {"stroke": ink, "stroke_width": float(max(1.0, size / 26)), "stroke_linejoin": "round"}
    if state == "full":
        drawn = [svg.element("path", d=d, fill=ink, **line)]
    elif state == "hatched":
        pattern = _furrow_pattern(f"{key}-h", size / 9, 40, ink, size / 22)
        drawn = [svg.element("defs", pattern), svg.element("path", d=d, fill=f"url(#{key}-h)", **line)]
    else:
        dash = f"{svg.short(size / 16)} {svg.short(size / 13)}"
        drawn = [svg.element("path", d=d, fill="none", stroke_dasharray=dash, **line)]
    return svg.document(
        *drawn,
        key=key,
        width=size,
        height=size,
        title=label,
        description="",
        unit=tone.unit,
        decorative=not label,
    )
