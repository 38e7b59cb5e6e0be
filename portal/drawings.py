"""The drawings of the public pages: from rows of the database to the plain values that charts take."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from charts import geometry, maps
from charts.chart import Chart
from portal.profiles import Cell
from territory.models import LAG, Indicator, Locality, Municipality


def territory_map(
    lag: LAG,
    municipalities: Sequence[Municipality],
    *,
    indicator: Indicator | None = None,
    cells: Sequence[Cell] = (),
    highlighted: str = "",
) -> Chart:
    """Return the territory's map: each municipality a link, with its cell of `indicator` where one is given.

    `cells` go with `municipalities`, in their order; `highlighted` is a municipality's code.
    """
    shown = cells if indicator else [None] * len(municipalities)
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
        for place, cell in zip(municipalities, shown, strict=True)
    ]
    neighbours = [
        maps.Neighbour(place.name, geometry.read(place.boundary.geometry))
        for place in Municipality.objects.neighbours().with_boundary()
    ]
    return maps.choropleth(
        places,
        neighbours,
        key="territoire",
        title=indicator.name if indicator else lag.area.name,
        measure=indicator.unit if indicator else "",
        decimals=indicator.decimals if indicator else 0,
        highlighted=highlighted,
    )


def silhouettes(municipalities: Sequence[Municipality]) -> list[tuple[Municipality, str]]:
    """Return each municipality with its own outline, a decoration beside its name."""
    return [
        (place, maps.silhouette(geometry.read(place.boundary.geometry), key=f"silhouette-{place.slug}"))
        for place in municipalities
    ]


def _villages(localities: Iterable[Locality]) -> Iterable[maps.Village]:
    for locality in localities:
        if locality.lon is not None and locality.lat is not None:
            yield maps.Village(locality.name, locality.lon, locality.lat)
