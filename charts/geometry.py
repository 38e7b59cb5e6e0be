"""Ground to paper: projection, borders simplified together, areas, label points, furrows.

A ring is a tuple of (x, y) without its closing point; a polygon is a tuple of rings, the outer first; a shape
is a tuple of polygons. Coordinates are degrees (WGS84) before `Projection`, units of the drawing after.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from .svg import short

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]
Shape = tuple[Polygon, ...]


def read(geojson: Mapping | None) -> Shape:
    """Return the shape of a GeoJSON Polygon, MultiPolygon or Feature; None, or a ring of no area, gives ().

    Raises ValueError for another type, and for coordinates that are not finite or not degrees.
    """
    if geojson is None:
        return ()
    if geojson.get("type") == "Feature":
        return read(geojson.get("geometry"))
    kind, coordinates = geojson.get("type"), geojson.get("coordinates") or ()
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"a boundary is a Polygon or a MultiPolygon, not {kind!r}")
    shape = []
    for polygon in [coordinates] if kind == "Polygon" else coordinates:
        rings = tuple(ring for ring in map(_ring, polygon) if len(ring) > 2)
        if rings:
            shape.append(rings)
    return tuple(shape)


def _ring(points: Iterable[Sequence[float]]) -> Ring:
    ring: list[Point] = []
    for lon, lat, *_ in points:
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # NaN is refused too
            raise ValueError(f"({lon!r}, {lat!r}) is not a longitude and a latitude in degrees")
        if not ring or ring[-1] != (lon, lat):
            ring.append((lon, lat))
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    return tuple(ring)


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def grown(self, by: float) -> "Box":
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def bounds(shapes: Iterable[Shape]) -> Box:
    """Return the box around the shapes; raise ValueError when there is nothing in them."""
    points = [point for shape in shapes for polygon in shape for ring in polygon for point in ring]
    if not points:
        raise ValueError("there is no point to draw")
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


class Projection(NamedTuple):
    """Equirectangular, true at the middle parallel: within a few per mille over 50 km, without a library."""

    lon: float
    lat: float
    squeeze: float
    scale: float
    left: float
    top: float

    @classmethod
    def fit(cls, ground: Box, paper: Box) -> "Projection":
        """Return the projection that shows `ground` (degrees) as large as it can, amid `paper`."""
        middle = (ground.top + ground.bottom) / 2
        squeeze = max(math.cos(math.radians(middle)), 1e-6)
        across, along = ground.width * squeeze, ground.height
        scale = min(paper.width / max(across, 1e-9), paper.height / max(along, 1e-9))
        left = paper.left + (paper.width - across * scale) / 2
        top = paper.top + (paper.height - along * scale) / 2
        return cls(ground.left, ground.bottom, squeeze, scale, left, top)

    def point(self, lon: float, lat: float) -> Point:
        """Return where a place falls on the paper."""
        return self.left + (lon - self.lon) * self.squeeze * self.scale, self.top + (
            self.lat - lat
        ) * self.scale

    def shape(self, shape: Shape) -> Shape:
        """Return a shape in units of the paper."""
        return tuple(tuple(tuple(self.point(*p) for p in ring) for ring in polygon) for polygon in shape)


# Simplifying: by arcs, so that two neighbours keep one border between them.


class Arcs(NamedTuple):
    """Borders cut where three meet: each arc once; each ring as the arcs it walks (-1 - i: backwards)."""

    arcs: list[Ring]
    rings: list[list[list[list[int]]]]  # shape, polygon, ring, arc
    owners: list[list[int]]  # of each arc, the shapes it bounds


def cut(shapes: Sequence[Shape]) -> Arcs:
    """Return the borders of shapes that share vertices, cut into arcs."""
    around: dict[Point, set[Point]] = {}
    for shape in shapes:
        for polygon in shape:
            for ring in polygon:
                for i, point in enumerate(ring):
                    around.setdefault(point, set()).update((ring[i - 1], ring[(i + 1) % len(ring)]))
    arcs: list[Ring] = []
    owners: list[list[int]] = []
    known: dict[Ring, int] = {}

    def number(arc: Ring, owner: int) -> int:
        back = arc[::-1]
        forward = arc <= back
        canonical = arc if forward else back
        if canonical not in known:
            known[canonical] = len(arcs)
            arcs.append(canonical)
            owners.append([])
        index = known[canonical]
        if owner not in owners[index]:
            owners[index].append(owner)
        return index if forward else -1 - index

    def walk(ring: Ring, owner: int) -> list[int]:
        corners = [i for i, point in enumerate(ring) if len(around[point]) > 2]
        if not corners:
            # An island: start where every reader of it would, and cut it at its farthest point.
            start = min(range(len(ring)), key=lambda i: ring[i])
            far = max(range(len(ring)), key=lambda i: (math.dist(ring[i], ring[start]), ring[i]))
            corners = sorted((start, far))
        numbers = []
        for a, b in zip(corners, [*corners[1:], corners[0] + len(ring)], strict=True):
            numbers.append(number(tuple(ring[i % len(ring)] for i in range(a, b + 1)), owner))
        return numbers

    rings = [
        [[walk(ring, owner) for ring in polygon] for polygon in shape] for owner, shape in enumerate(shapes)
    ]
    return Arcs(arcs, rings, owners)


def thin(points: Ring, tolerance: float) -> Ring:
    """Return the line without points nearer than `tolerance` to it (Douglas, Peucker 1973). Ends stay."""
    if len(points) < 3 or tolerance <= 0:
        return points
    keep = {0, len(points) - 1}
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        (ax, ay), (bx, by) = points[first], points[last]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        worst, where = tolerance * tolerance, 0
        for i in range(first + 1, last):
            px, py = points[i][0] - ax, points[i][1] - ay
            if length:
                t = (px * dx + py * dy) / length
                t = 0.0 if t < 0 else 1.0 if t > 1 else t
                px, py = px - t * dx, py - t * dy
            away = px * px + py * py
            if away > worst:
                worst, where = away, i
        if where:
            keep.add(where)
            todo += [(first, where), (where, last)]
    return tuple(points[i] for i in sorted(keep))


def simplify(
    shapes: Sequence[Shape], tolerances: Sequence[float]
) -> tuple[list[Shape], list[Ring], list[list[int]]]:
    """Return the shapes simplified, their arcs, and the owners of each arc.

    `tolerances` has one distance per shape, in the shapes' own units; a shared border takes the finer of its
    two. An arc is simplified once, whoever walks it, so no gap opens. A ring that would vanish is left out,
    unless it is all there is of its shape: then it stays as it was.
    """
    topology = cut(shapes)
    arcs = [
        thin(arc, min(tolerances[owner] for owner in owners))
        for arc, owners in zip(topology.arcs, topology.owners, strict=True)
    ]

    def follow(numbers: list[int], lines: Sequence[Ring]) -> Ring:
        points: list[Point] = []
        for number in numbers:
            arc = lines[number] if number >= 0 else lines[-1 - number][::-1]
            points.extend(arc[:-1])
        return tuple(points)

    simplified: list[Shape] = []
    for polygons in topology.rings:
        shape = []
        for polygon in polygons:
            rings = [follow(ring, arcs) for ring in polygon]
            if len(rings[0]) > 2:
                shape.append((rings[0], *(ring for ring in rings[1:] if len(ring) > 2)))
        if not shape and polygons:
            shape = [tuple(follow(ring, topology.arcs) for ring in polygons[0])]
        simplified.append(tuple(shape))
    return simplified, arcs, topology.owners


# Measuring.


def ring_area(ring: Ring) -> float:
    """Return the signed area of a ring (shoelace)."""
    return sum(
        ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1] for i in range(len(ring))
    ) / 2  # fmt: skip


def area(shape: Shape) -> float:
    """Return the area of a shape, holes taken out, in squared units."""
    return sum(
        abs(ring_area(polygon[0])) - sum(abs(ring_area(hole)) for hole in polygon[1:]) for polygon in shape
    )


def largest(shape: Shape) -> Polygon:
    """Return the polygon of a shape with the largest area; () for an empty shape."""
    return max(shape, key=lambda polygon: abs(ring_area(polygon[0])), default=())


def inside(x: float, y: float, polygon: Polygon) -> bool:
    """Say whether a point lies inside a polygon, by the even-odd rule."""
    odd = False
    for ring in polygon:
        ax, ay = ring[-1]
        for bx, by in ring:
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                odd = not odd
            ax, ay = bx, by
    return odd


def clearance(x: float, y: float, polygon: Polygon) -> float:
    """Return the distance from a point to the border: positive inside, negative outside."""
    best = math.inf
    odd = False
    for ring in polygon:
        ax, ay = ring[-1]
        for bx, by in ring:
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                odd = not odd
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            t = ((x - ax) * dx + (y - ay) * dy) / length if length else 0.0
            t = 0.0 if t < 0 else 1.0 if t > 1 else t
            px, py = x - ax - t * dx, y - ay - t * dy
            away = px * px + py * py
            if away < best:
                best = away
            ax, ay = bx, by
    return math.sqrt(best) if odd else -math.sqrt(best)


def label_point(polygon: Polygon, *, wide: float = 1.0, precision: float = 1.0) -> Point:
    """Return the point inside a polygon with the most room around it (pole of inaccessibility, by quadtree).

    `wide` is how many times wider than high the label is: room is then measured as an ellipse.
    """
    flat = tuple(tuple((x / wide, y) for x, y in ring) for ring in polygon)
    box = bounds([(flat,)])
    side = min(box.width, box.height)
    if side <= 0:
        return box.left * wide, box.top
    half = side / 2
    best_x, best_y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    best = clearance(best_x, best_y, flat)
    cells: list[tuple[float, float, float, float]] = []

    def consider(x: float, y: float, h: float) -> None:
        nonlocal best, best_x, best_y
        room = clearance(x, y, flat)
        if room > best:
            best, best_x, best_y = room, x, y
        if room + h * math.sqrt(2) > best + precision or best <= 0:
            heappush(cells, (-(room + h * math.sqrt(2)), x, y, h))

    # A sliver longer than 64 times its width is not searched along its whole length.
    for i in range(min(64, math.ceil(box.width / side))):
        for j in range(min(64, math.ceil(box.height / side))):
            consider(box.left + (i + 0.5) * side, box.top + (j + 0.5) * side, half)
    for _ in range(4000):
        if not cells:
            break
        promise, x, y, h = heappop(cells)
        if best > 0 and -promise <= best + precision:
            break
        for sx in (-h / 2, h / 2):
            for sy in (-h / 2, h / 2):
                consider(x + sx, y + sy, h / 2)
    return best_x * wide, best_y


def clip(polygon: Polygon, box: Box) -> Polygon:
    """Return the polygon cut at a box (Sutherland and Hodgman 1974): nothing off the paper is sent."""
    rings = []
    for ring in polygon:
        for axis, limit, sign in ((0, box.left, 1), (0, box.right, -1), (1, box.top, 1), (1, box.bottom, -1)):
            kept: list[Point] = []
            for i, b in enumerate(ring):
                a = ring[i - 1]
                a_in, b_in = (a[axis] - limit) * sign >= 0, (b[axis] - limit) * sign >= 0
                if a_in != b_in:
                    t = (limit - a[axis]) / (b[axis] - a[axis])
                    kept.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
                if b_in:
                    kept.append(b)
            ring = tuple(kept)
        if len(ring) > 2:
            rings.append(ring)
    return tuple(rings)


def furrows(shape: Shape, *, angle: float, spacing: float) -> list[tuple[Point, Point]]:
    """Return parallel lines `spacing` apart at `angle` degrees, cut to the shape.

    Together they are about area ÷ spacing long.
    """
    if spacing <= 0 or not math.isfinite(spacing):
        return []
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    edges = []
    for polygon in shape:
        for ring in polygon:
            turned = [(x * cosine + y * sine, y * cosine - x * sine) for x, y in ring]
            edges += [(turned[i - 1], turned[i]) for i in range(len(turned))]
    if not edges:
        return []
    low = min(a[1] for a, _ in edges)
    high = max(a[1] for a, _ in edges)
    if (high - low) / spacing > 5000:
        return []  # nobody sees furrows that close; the caller's figure is beyond this drawing
    crossings: dict[int, list[float]] = {}
    for (ax, ay), (bx, by) in edges:
        if ay == by:
            continue
        first, last = sorted((ay, by))
        # Half-open, so that a vertex on a line counts once; lines stand in the middle of their strip.
        start = math.ceil((first - low) / spacing - 0.5)
        end = math.ceil((last - low) / spacing - 0.5)
        for number in range(start, end):
            y = low + (number + 0.5) * spacing
            crossings.setdefault(number, []).append(ax + (bx - ax) * (y - ay) / (by - ay))
    lines = []
    for number in sorted(crossings):
        y = low + (number + 0.5) * spacing
        xs = sorted(crossings[number])
        for left, right in zip(xs[::2], xs[1::2], strict=False):
            ends = [(x * cosine - y * sine, x * sine + y * cosine) for x in (left, right)]
            lines.append((ends[0], ends[1]))
    return lines


# Writing.


def path(lines: Iterable[Ring], *, closed: bool = True, decimals: int = 1) -> str:
    """Return SVG path data: absolute starts, then steps, on a grid so that steps never drift."""
    step = 10**decimals
    written = []
    for points in lines:
        last: tuple[int, int] | None = None
        pieces: list[str] = []
        for x, y in points:
            here = (round(x * step), round(y * step))
            if last is None:
                pieces.append(f"M{short(here[0] / step, decimals)} {short(here[1] / step, decimals)}")
            elif here != last:
                dx = short((here[0] - last[0]) / step, decimals)
                dy = short((here[1] - last[1]) / step, decimals)
                head = "l" if len(pieces) == 1 else "" if dx.startswith("-") else " "
                pieces.append(f"{head}{dx}{dy if dy.startswith('-') else ' ' + dy}")
            else:
                continue
            last = here
        if len(pieces) > 1:
            written.append("".join(pieces) + ("z" if closed else ""))
    return "".join(written)
