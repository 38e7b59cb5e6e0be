"""The small map that says where: one municipality full, the others by their initials."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from charts import geometry, palette, svg
from charts.chart import Chart, Table
from charts.geometry import Box
from charts.maps.ground import on_paper, spot_for
from charts.maps.places import Place, check
from typography import numbers


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
    check(places)
    tone = palette.paper_named(paper)
    drawn = [place for place in places if place.boundary]
    view = Box(0, 0, width, height)
    boundaries = tuple(place.boundary for place in drawn)
    ground = on_paper(boundaries, (), view.grown(-2), view, 0.5)
    size = 9 if paper == "print" else 13
    bodies, labels = [], []
    for place, shape, letter in zip(drawn, ground.shapes, initials([p.name for p in drawn]), strict=True):
        chosen = place.code == highlighted
        d = geometry.path([ring for polygon in shape for ring in polygon])
        bodies.append(svg.element("path", d=d, fill=tone.field if chosen else tone.sheet))
        whole = svg.text_width(place.name, size, bold=True)
        spot = spot_for(shape, round(whole, 1), float(size), ())
        fits = chosen and spot.room > -1
        if not fits:
            spot = spot_for(shape, round(svg.text_width(letter, size, bold=True), 1), float(size), ())
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
    description = _("%(name)s parmi\u00a0: %(others)s.") % {
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
