"""The map of the diagnostic’s cover: the length of the furrows counts the inhabitants."""

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _

from charts import geometry, palette, svg
from charts.chart import Chart, Legend, Table
from charts.geometry import Box
from charts.maps.furrows import angles_for
from charts.maps.ground import on_paper, spot_for
from charts.maps.places import Place, check, sentence
from typography import numbers


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
    check(places)
    tone = palette.PRINT
    drawn = [place for place in places if place.boundary]
    boundaries = tuple(place.boundary for place in drawn)
    view = Box(0, 0, width, height)
    ground = on_paper(boundaries, (), view.grown(-5), view, 0.35)
    areas = [geometry.area(shape) for shape in ground.shapes]
    k = per_centimetre or _round_key(drawn, areas)
    centimetre = 72 / 2.54
    angles = angles_for(len(drawn))
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
        spot = spot_for(shape, round(wide, 1), round(size * 2.1, 1), ())
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
    said = description or sentence(rows)
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
