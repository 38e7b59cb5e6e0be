"""Boundaries on paper: projected, simplified, and where a name fits. Slow, so remembered."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from charts import geometry, svg
from charts.geometry import Box, Shape


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
def on_paper(
    boundaries: tuple[Shape, ...], around: tuple[Shape, ...], paper: Box, view: Box, tolerance: float
) -> Ground:
    """Return boundaries fitted into `paper`, with what `view` shows of those around; `tolerance` in its units."""
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
def spot_for(shape: Shape, width: float, height: float, dots: tuple[geometry.Point, ...]) -> Spot:
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


def near(box: Box, x: float, y: float, name: str, size: float) -> bool:
    """Tell whether a name written at this point would touch the box."""
    half = svg.text_width(name, size) / 2 + 4
    return box.meets(Box(x - half, y - size, x + half, y + size * 0.4))
