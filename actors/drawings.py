"""The directory's map: from counts to the plain values that charts take."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.core.cache import cache
from django.utils.safestring import SafeString

from actors import figures
from charts import geometry, maps
from charts.chart import Chart
from territory.models import Boundary, Municipality

SECONDS = 600
"""How long outlines are remembered: they change when a territory is loaded again."""


class Dot(NamedTuple):
    """The actors of a village: its name, where it is, how many, the address of their list."""

    name: str
    lon: float
    lat: float
    actors: int
    href: str


def directory_map(
    places: Sequence[Municipality],
    counts: Mapping[int | None, int],
    *,
    title: str,
    measure: str,
    shapes: Callable[[], dict],
    links: Mapping[str, str],
    tint: figures.Tint | None = None,
    dots: Sequence[Dot] = (),
    highlighted: str = "",
    height: float = 760,
    remember: bool = False,
) -> Chart | None:
    """Return the map of the number of actors by municipality; None where no outline is known.

    `counts` by primary key, `links` by slug, `highlighted` a code, `height` for a width of 640. `tint` is what
    the tints show instead of the number of actors, `dots` the actors by village, `shapes` where outlines come
    from. `remember` keeps the drawing for a while: for those that many people ask for, not for each search.
    """

    def draw() -> Chart | None:
        outlines = shapes()
        if not outlines:
            return None
        return maps.choropleth(
            [
                maps.Place(
                    code=place.code,
                    name=place.name,
                    boundary=geometry.read(outlines.get(place.pk)),
                    value=tint.cells[place.code].value if tint else counts.get(place.pk, 0),
                    figure=tint.cells[place.code].text if tint else figures.told(counts.get(place.pk, 0)),
                    short_figure=tint.cells[place.code].text if tint else "",
                    href=links[place.slug],
                )
                for place in places
            ],
            [
                maps.Neighbour(place.name, geometry.read(place.boundary.geometry))
                for place in Municipality.objects.neighbours().with_boundary()
            ],
            key="acteurs",
            title=f"{tint.name} {tint.period}".strip() if tint else title,
            measure=tint.name if tint else measure,
            bounds=None if tint else _bounds([counts.get(place.pk, 0) for place in places]),
            decimals=tint.decimals if tint else 0,
            highlighted=highlighted,
            height=height,
            marks=[
                maps.Mark(dot.name, dot.lon, dot.lat, dot.actors, figures.told(dot.actors), dot.href)
                for dot in dots
            ],
        )

    if not remember:
        return draw()
    shown = [(place.pk, counts.get(place.pk, 0), links[place.slug]) for place in places]
    digest = hashlib.sha256(
        repr((title, measure, highlighted, height, shown, tint, dots)).encode()
    ).hexdigest()
    return cache.get_or_set(f"actors.drawings.map.{digest}", draw, SECONDS)


def _bounds(values: Sequence[int]) -> list[float] | None:
    """Return classes in which nobody is never drawn like somebody; None where the usual ones do."""
    somebody = [value for value in values if value]
    if not somebody or len(somebody) == len(values):
        return None
    return [0, *maps.classes(somebody, 3)]


def shapes(places: Sequence[Municipality]) -> dict:
    """Return municipality's primary key → its outline, as stored; one query."""
    return dict(Boundary.objects.filter(municipality__in=places).values_list("pk", "geometry"))


def silhouettes(places: Sequence[Municipality], shapes: Callable[[], dict]) -> dict[int, SafeString]:
    """Return municipality's primary key → its outline, a decoration beside its name."""
    outlines = cache.get_or_set(
        f"actors.drawings.silhouettes.{'-'.join(str(place.pk) for place in places)}",
        lambda: {
            pk: maps.silhouette(geometry.read(shape), key=f"silhouette-{pk}")
            for pk, shape in shapes().items()
        },
        SECONDS,
    )
    return outlines or {}
