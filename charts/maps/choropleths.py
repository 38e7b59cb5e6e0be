"""The map of a figure: one tint and one closeness of furrows a municipality, names, neighbours around."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charts import geometry, palette, svg
from charts.chart import Chart, Table
from charts.geometry import Box
from charts.maps.classes import classes, legend_of, step_of
from charts.maps.furrows import HEDGE, angles_for, furrow_pattern
from charts.maps.ground import Ground, Spot, near, on_paper, spot_for
from charts.maps.marks import Mark
from charts.maps.marks import drawn as drawn_marks
from charts.maps.places import Neighbour, Place, check, sentence


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
    marks: Sequence[Mark] = (),
) -> Chart:
    """Return the map of a figure by municipality, in at most four steps: tint and closeness of furrows.

    `marks` are counts at villages, drawn as discs over the tints; a map with marks has one size of names, the
    one that phones can read, and leaves its neighbours' names out. The table beside it is of the municipalities.

    `measure` names the figure in the table and the legend; `bounds` fixes the classes (lower bounds, at most
    four; by default `classes` of the values); `highlighted` is a place's code. Names and figures have two
    sizes: `.chart-wide` shows the unit, `.chart-narrow` (phones) the number only. Raises ValueError without
    any boundary, for NaN, and for more than four classes.
    """
    check(places)
    tone = palette.paper_named(paper)
    steps = list(bounds) if bounds is not None else classes([place.value for place in places])
    if len(steps) > 4:
        raise ValueError("a map has at most four classes")
    drawn = [place for place in places if place.boundary]
    outlined = [neighbour for neighbour in neighbours if neighbour.boundary]
    margin = width * 0.045
    view = Box(0, 0, width, height)
    ground = on_paper(
        tuple(place.boundary for place in drawn),
        tuple(neighbour.boundary for neighbour in outlined),
        view.grown(-margin),
        view.grown(6),
        0.8,
    )
    unit = width / 640
    # At 288 px, a phone's column, 640 units come out at .45: 25 units are the 11 px that one can read.
    sizes = {"wide": 17.5 * unit, "narrow": (27 if paper == "screen" else 17.5) * unit}
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
    angles = angles_for(len(drawn))
    found = _within(marks, ground) if marks else {}
    for i, (place, shape) in enumerate(zip(drawn, ground.shapes, strict=True)):
        d = geometry.path([ring for polygon in shape for ring in polygon])
        villages = tuple(ground.projection.point(village.lon, village.lat) for village in place.villages)
        if place.value is None:
            tint: object = tone.sheet
            body = [svg.element("path", d=d, fill=tint)]
        else:
            step = step_of(place.value, steps)
            tint = tone.steps[step]
            identifier = f"{key}-f{i}"
            spacing = palette.SPACINGS[step] * unit
            patterns.append(furrow_pattern(identifier, spacing, angles[i], tone.furrow, 2.2 * unit, tint))
            body = [svg.element("path", d=d, fill=f"url(#{identifier})")]
        if highlighted and place.code == highlighted:
            body.append(svg.element("path", d=d, fill="none", stroke=tone.field, stroke_width=7 * unit))
        kinds = [("wide", place.words(), labels_wide), ("narrow", place.few_words(), labels_narrow)]
        for kind, figure, labels in kinds[1:] if marks else kinds:
            size = sizes[kind]
            name = svg.shorten(place.name, width * 0.4, size, bold=True)
            wide = max(svg.text_width(name, size, bold=True), svg.text_width(figure, size * 0.92))
            around = villages if kind == "wide" else found.get(i, ()) if marks else ()
            spot = spot_for(shape, round(wide, 1), round(size * 2.2, 1), around)
            if kind == "wide" and spot.room < -size:
                # The unit does not fit: the number alone may.
                shortened = svg.text_width(place.few_words(), size * 0.92)
                wide = max(svg.text_width(name, size, bold=True), shortened)
                spot, figure = (
                    spot_for(shape, round(wide, 1), round(size * 2.2, 1), villages),
                    place.few_words(),
                )
            if kind == "wide" or marks:
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
        if not marks
        and view.grown(-4).meets(Box(x, y, x, y))
        and svg.text_width(neighbour.name, 14 * unit) / 2 < min(x, width - x)
        and not any(near(box, x, y, neighbour.name, 14 * unit) for box in taken)
    ]
    middle = {"text_anchor": "middle"}
    threads, discs = drawn_marks(
        marks, ground.projection, taken, view, tone=tone, size=sizes["narrow"] * 0.85, unit=unit
    )
    rows = tuple((place.name, place.words()) for place in places)
    missing = [place.name for place in places if place.value is None]
    counted = legend_of(steps, missing, decimals, key, paper)
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
            svg.group(*threads, pointer_events="none"),
            svg.group(*dots, stroke=tone.ink_2, stroke_width=5 * unit, stroke_linecap="round"),
            svg.group(*names, fill=tone.ink_2, class_="chart-wide", pointer_events="none", **middle),
            svg.group(*labels_wide, class_="chart-wide", pointer_events="none", **middle),
            _narrow(labels_narrow, alone=bool(marks), paper=paper),
            svg.group(*discs, **middle),
            key=key,
            width=width,
            height=height,
            title=title,
            description=description or sentence(rows),
            unit=tone.unit,
            interactive=any(place.href for place in places) or any(mark.href for mark in marks),
        ),
        title=title,
        description=description or sentence(rows),
        table=Table((_("Commune"), measure or _("Valeur")), rows),
        legend=counted,
    )


def _within(marks: Sequence[Mark], ground: Ground) -> dict[int, tuple[geometry.Point, ...]]:
    """Return which points of marks are in which of the shapes, so that a name is written off them."""
    points = [ground.projection.point(mark.lon, mark.lat) for mark in marks]
    found = {}
    for i, shape in enumerate(ground.shapes):
        box = geometry.bounds([shape])
        near_by = [point for point in points if box.meets(Box(*point, *point))]
        found[i] = tuple(
            point for point in near_by if any(geometry.clearance(*point, polygon) >= 0 for polygon in shape)
        )
    return found


def _narrow(labels: Sequence[SafeString], *, alone: bool, paper: str) -> SafeString | str:
    """Return the labels of phones, hidden until a page's style shows them; `alone` they are everybody's."""
    shown = {"text_anchor": "middle", "pointer_events": "none"}
    if alone:
        return svg.group(*labels, **shown)
    return svg.group(*labels, class_="chart-narrow", display="none", **shown) if paper == "screen" else ""


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
