"""The drawings of the public pages: from rows of the database to the plain values that charts take."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from charts import geometry, lines, maps
from charts.chart import Chart
from portal.profiles import Line, Place
from territory import figures
from territory.models import LAG, Locality, Municipality
from typography import numbers


def territory_map(lag: LAG, municipalities: Sequence[Municipality], line: Line | None) -> Chart:
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
    )


def municipality_map(place: Municipality, localities: Iterable[Locality]) -> Chart:
    """Return one municipality, large, with its villages named and its neighbours around."""
    return maps.municipality(
        maps.Place(
            code=place.code,
            name=place.name,
            boundary=geometry.read(place.boundary.geometry),
            villages=tuple(_villages(localities)),
        ),
        key="commune",
        title=_("{name} et ses villages").format(name=place.name),
    )


def silhouettes(municipalities: Sequence[Municipality]) -> list[tuple[Municipality, str]]:
    """Return each municipality with its own outline, a decoration beside its name."""
    return [
        (place, maps.silhouette(geometry.read(place.boundary.geometry), key=f"silhouette-{place.code}"))
        for place in municipalities
    ]


def population_trend(places: Sequence[Place]) -> Chart | None:
    """Return the population of each place as an index, 100 in the first year that all have; None without figures."""
    series = figures.series(["population"], places)
    years = sorted(
        {point.year for points in series.values() for point in points if point.year is not None}
    )
    values = {
        place: {point.year: point.value for point in series["population", place.code]} for place in places
    }
    first = next((year for year in years if all(values[place].get(year) for place in places)), None)
    if first is None or first == years[-1]:
        return None
    return lines.index_lines(years, first, values)


def _villages(localities: Iterable[Locality]) -> Iterable[maps.Village]:
    for locality in localities:
        if locality.lon is not None and locality.lat is not None:
            yield maps.Village(locality.name, locality.lon, locality.lat)


__all__ = ["municipality_map", "numbers", "population_trend", "silhouettes", "territory_map"]
