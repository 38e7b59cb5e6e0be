"""The drawings of the public pages: from rows of the database to the plain values that charts take."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from charts import geometry, maps
from charts.chart import Chart
from portal.profiles import Line
from territory.models import LAG, Locality, Municipality


def territory_map(
    lag: LAG, municipalities: Sequence[Municipality], line: Line | None, *, highlighted: str = ""
) -> Chart:
    """Return the territory's map: each municipality a link, with the figure of `line` where one is given.

    The cells of `line` are those of the area, then of the municipalities in their order.
    """
    cells = line.cells[1:] if line else [None] * len(municipalities)
    places = [
        maps.Place(
            code=place.code,
            name=place.name,
            boundary=geometry.read(place.boundary.geometry),
            value=float(cell.value) if cell and cell.value is not None else None,
            figure=cell.text if cell else "",
            href=reverse("portal:municipality", args=[place.slug]),
            villages=tuple(_villages(place.localities.all())),
        )
        for place, cell in zip(municipalities, cells, strict=True)
    ]
    neighbours = [
        maps.Neighbour(place.name, geometry.read(place.boundary.geometry))
        for place in Municipality.objects.neighbours().with_boundary()
    ]
    return maps.choropleth(
        places,
        neighbours,
        key="territoire",
        title=line.indicator.name if line else lag.area.name,
        measure=line.indicator.unit if line else "",
        decimals=line.indicator.decimals if line else 0,
        highlighted=highlighted,
    )


def silhouettes(municipalities: Sequence[Municipality]) -> list[tuple[Municipality, str]]:
    """Return each municipality with its own outline, a decoration beside its name."""
    return [
        (place, maps.silhouette(geometry.read(place.boundary.geometry), key=f"silhouette-{place.code}"))
        for place in municipalities
    ]


def _villages(localities: Iterable[Locality]) -> Iterable[maps.Village]:
    for locality in localities:
        if locality.lon is not None and locality.lat is not None:
            yield maps.Village(locality.name, locality.lon, locality.lat)
