"""The directory's map: from counts to the plain values that charts take."""

import hashlib
from collections.abc import Mapping, Sequence

from django.core.cache import cache
from django.utils.safestring import SafeString

from actors import figures
from charts import geometry, maps
from charts.chart import Chart
from territory.models import Boundary, Municipality

SECONDS = 600
"""How long outlines are remembered: they change when a territory is loaded again."""


def directory_map(
    places: Sequence[Municipality],
    counts: Mapping[int | None, int],
    *,
    title: str,
    measure: str,
    links: Mapping[str, str],
    highlighted: str = "",
    height: float = 760,
    remember: bool = False,
) -> Chart | None:
    """Return the map of the number of actors by municipality; None where no outline is known.

    `counts` by primary key, `links` by slug, `highlighted` a code,
    `height` for a width of 640. `remember` keeps the drawing for a while:
    for those that many people ask for, not for each search.
    """

    def draw() -> Chart | None:
        shapes = dict(Boundary.objects.filter(municipality__in=places).values_list("pk", "geometry"))
        if not shapes:
            return None
        return maps.choropleth(
            [
                maps.Place(
                    code=place.code,
                    name=place.name,
                    boundary=geometry.read(shapes.get(place.pk)),
                    value=counts.get(place.pk, 0),
                    figure=figures.told(counts.get(place.pk, 0)),
                    href=links[place.slug],
                )
                for place in places
            ],
            [
                maps.Neighbour(place.name, geometry.read(place.boundary.geometry))
                for place in Municipality.objects.neighbours().with_boundary()
            ],
            key="acteurs",
            title=title,
            measure=measure,
            bounds=_bounds([counts.get(place.pk, 0) for place in places]),
            highlighted=highlighted,
            height=height,
        )

    if not remember:
        return draw()
    shown = [(place.pk, counts.get(place.pk, 0), links[place.slug]) for place in places]
    digest = hashlib.sha256(repr((title, measure, highlighted, height, shown)).encode()).hexdigest()
    return cache.get_or_set(f"actors.drawings.map.{digest}", draw, SECONDS)


def _bounds(values: Sequence[int]) -> list[float] | None:
    """Return classes in which nobody is never drawn like somebody; None where the usual ones do."""
    somebody = [value for value in values if value]
    if not somebody or len(somebody) == len(values):
        return None
    return [0, *maps.classes(somebody, 3)]


def silhouettes(places: Sequence[Municipality]) -> dict[int, SafeString]:
    """Return municipality's primary key → its outline, a decoration beside its name."""
    outlines = cache.get_or_set(
        f"actors.drawings.silhouettes.{'-'.join(str(place.pk) for place in places)}",
        lambda: {
            pk: maps.silhouette(geometry.read(shape), key=f"silhouette-{pk}")
            for pk, shape in Boundary.objects.filter(municipality__in=places).values_list("pk", "geometry")
        },
        SECONDS,
    )
    return outlines or {}
