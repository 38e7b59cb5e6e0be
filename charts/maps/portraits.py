"""The portrait of one municipality: large, ploughed, with its villages."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from charts import geometry, palette, svg
from charts.chart import Chart, Table
from charts.geometry import Box
from charts.maps.furrows import HEDGE, furrow_pattern
from charts.maps.ground import near, on_paper
from charts.maps.places import Neighbour, Place, check


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
    check([place])
    tone = palette.paper_named(paper)
    view = Box(0, 0, width, height)
    outlined = [neighbour for neighbour in neighbours if neighbour.boundary]
    around = tuple(neighbour.boundary for neighbour in outlined)
    ground = on_paper((place.boundary,), around, view.grown(-width * 0.07), view.grown(6), 0.6)
    unit = width / 520
    size = 15.5 * unit
    outline = geometry.path([ring for polygon in ground.shapes[0] for ring in polygon])
    tint = tone.steps[2]
    furrows = furrow_pattern(f"{key}-f", palette.SPACINGS[1] * unit, 97, tone.furrow, 2.2 * unit, tint)
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
        if not any(near(box, x, y, outlined[which].name, small) for box in taken)
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
