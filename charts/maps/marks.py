"""Marks on a map: how many of something are in a village, by a disc; no two discs cover each other, nor a name."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from charts import geometry, palette, svg
from charts.geometry import Box
from typography import numbers

TURNS = 32
"""Small pushes after which discs stay where they are."""
SMALLEST, SPREAD = 10, 12
"""Units of radius (of a map 640 wide) of a disc, and how much larger the largest is: its area counts."""
GAP = 3
HOMING = 0.08
"""How strongly a disc is drawn back to where it belongs, at each turn."""


@dataclass(frozen=True)
class Mark:
    """So many of something at a place, in degrees. `figure` is what people read: "12 acteurs"."""

    name: str
    lon: float
    lat: float
    count: int
    figure: str = ""
    href: str = ""

    def words(self) -> str:
        """Return how many, in words."""
        return self.figure or numbers.number(self.count)


def radius(mark: Mark, most: int, *, size: float, unit: float) -> float:
    """Return the radius of a disc: its area grows with the count, and its number, from two, fits inside."""
    grown = (SMALLEST + SPREAD * math.sqrt(mark.count / max(most, 1))) * unit
    if mark.count < 2:
        return grown
    return max(grown, svg.text_width(numbers.number(mark.count), size, bold=True) / 2 + 3 * unit, size * 0.62)


def settle(
    homes: Sequence[geometry.Point], radii: Sequence[float], boxes: Sequence[Box], view: Box, gap: float
) -> list[geometry.Point]:
    """Return where discs are drawn: near their homes, in `view`, apart from one another and off the boxes.

    The same input gives the same drawing. Where there is no room for all, they end as far apart as there is.
    """
    points = [list(home) for home in homes]
    for turn in range(TURNS):
        for i, (x, y) in enumerate(homes):
            points[i][0] += (x - points[i][0]) * HOMING
            points[i][1] += (y - points[i][1]) * HOMING
        for i, first in enumerate(points):
            for j in range(i):
                second = points[j]
                dx, dy = first[0] - second[0], first[1] - second[1]
                reach = radii[i] + radii[j] + gap
                if dx > reach or dx < -reach or dy > reach or dy < -reach:
                    continue  # most pairs: a root for each would be most of the work
                short = reach - math.hypot(dx, dy)
                if short > 0:
                    # Of two in the very same place each goes its own way, always the same.
                    angle = math.atan2(dy, dx) if dx or dy else i * 2.4
                    push = (math.cos(angle) * short / 2, math.sin(angle) * short / 2)
                    first[0], first[1] = first[0] + push[0], first[1] + push[1]
                    second[0], second[1] = second[0] - push[0], second[1] - push[1]
        for point, r in zip(points, radii, strict=True):
            for box in boxes:
                _leave(point, box.grown(r + gap / 2), sideways=turn % 2 == 1)
            point[0] = min(max(point[0], view.left + r), view.right - r)
            point[1] = min(max(point[1], view.top + r), view.bottom - r)
    return [(x, y) for x, y in points]


def _leave(point: list[float], box: Box, *, sideways: bool) -> None:
    """Move a point that is in a box out of it, by the nearest edge."""
    x, y = point
    if not (box.left < x < box.right and box.top < y < box.bottom):
        return
    up, down, left, right = y - box.top, box.bottom - y, x - box.left, box.right - x
    if sideways and min(left, right) < min(up, down):
        point[0] = box.left if left < right else box.right
    else:
        point[1] = box.top if up < down else box.bottom


def drawn(
    marks: Sequence[Mark],
    projection: geometry.Projection,
    boxes: Sequence[Box],
    view: Box,
    *,
    tone: palette.Paper,
    size: float,
    unit: float,
) -> tuple[list[SafeString], list[SafeString]]:
    """Return the lines by which discs that had to go far hold on to their villages, and the discs.

    Discs come from north to south, as one reads: each a link that says its name, where it has one.
    """
    marks = sorted(marks, key=lambda mark: (-mark.lat, mark.lon, mark.name))
    most = max((mark.count for mark in marks), default=1)
    radii = [radius(mark, most, size=size, unit=unit) for mark in marks]
    homes = [projection.point(mark.lon, mark.lat) for mark in marks]
    places = settle(homes, radii, boxes, view.grown(-2 * unit), GAP * unit)
    written, threads = [], []
    for mark, home, (x, y), r in zip(marks, homes, places, radii, strict=True):
        if math.dist(home, (x, y)) > r:
            threads += [
                svg.line(x, y, *home, stroke=tone.sheet, stroke_width=4.5 * unit),
                svg.line(x, y, *home, stroke=tone.field, stroke_width=2 * unit),
                svg.disc(*home, 3.5 * unit, fill=tone.field, stroke=tone.sheet, stroke_width=unit),
            ]
        said = f"{mark.name} : {mark.words()}"
        body = [
            svg.element("title", said),
            svg.disc(x, y, r, fill=tone.field, stroke=tone.sheet, stroke_width=2 * unit),
        ]
        if mark.count > 1:
            number = numbers.number(mark.count)
            body.append(svg.text(x, y + size * 0.35, number, size=size, font_weight=700, fill=tone.on_field))
        whole = svg.join(body)
        written.append(
            svg.link(mark.href, whole, aria_label=said, class_="mark")
            if mark.href
            else svg.group(whole, class_="mark")
        )
    return threads, written
