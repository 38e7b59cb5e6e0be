"""The drawings of the public pages: from rows of the database to the plain values that charts take."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from charts import geometry, maps
from charts import lines as line_charts
from charts.chart import Chart
from portal.profiles import Cell, Place, Reading
from territory import figures
from territory.choices import AreaKind
from territory.models import LAG, Area, Indicator, Locality, Municipality
from typography import numbers


def territory_map(
    lag: LAG,
    municipalities: Sequence[Municipality],
    *,
    indicator: Indicator | None = None,
    cells: Sequence[Cell] = (),
) -> Chart:
    """Return the territory's map: each municipality a link, with its cell of `indicator` where one is given.

    `cells` go with `municipalities`, in their order.
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
    return maps.choropleth(
        places,
        _neighbours(Municipality.objects.neighbours().with_boundary()),
        key="territoire",
        height=860,
        title=indicator.name if indicator else lag.area.name,
        measure=indicator.unit if indicator else "",
        decimals=indicator.decimals if indicator else 0,
    )


def municipality_map(place: Municipality, siblings: Sequence[Municipality]) -> Chart:
    """Return one municipality large, with its villages; the others of the territory are drawn around."""
    around = [*siblings, *Municipality.objects.neighbours().with_boundary()]
    return maps.portrait(
        maps.Place(
            code=place.code,
            name=place.name,
            boundary=geometry.read(place.boundary.geometry),
            villages=tuple(_villages(place.localities.all())),
        ),
        _neighbours(other for other in around if other != place),
        key="commune",
        title=_("{name} et ses villages").format(name=place.name),
    )


def trend(reading: Reading, code: str, places: Sequence[Place]) -> Chart | None:
    """Return how each place evolved since the first year that all have: an index, 100 that year.

    The first place is drawn as the subject. None where fewer than two years are known.
    """
    indicator = reading.indicator(code)
    if indicator is None:
        return None
    series = {(code, place.code): reading.series[indicator.code, place.code] for place in places}
    years = sorted({point.year for points in series.values() for point in points if point.year is not None})
    values = {
        place.code: {point.year: point.value for point in series[indicator.code, place.code]}
        for place in places
    }
    shared = [year for year in years if all(values[place.code].get(year) for place in places)]
    if len(shared) < 2:
        return None
    first, last = shared[0], shared[-1]
    drawn = []
    for place in places:
        known = values[place.code]
        dots = tuple(
            line_charts.Dot(year, _index(known.get(year), known[first])) for year in range(first, last + 1)
        )
        change = numbers.percent(figures.evolution(known[first], known[last]), sign=True)
        drawn.append(line_charts.Series(place.name, dots, _kind(place, places[0]), change))
    return line_charts.lines(
        drawn,
        key=f"evolution-{indicator.code.replace('_', '-')}",
        title=_("{place} : {change} de {first} à {last}").format(
            place=drawn[0].name, change=drawn[0].figure, first=first, last=last
        ),
        description=_("{name}, indice 100 en {first}. Une ligne s’interrompt là où l’année manque.").format(
            name=indicator.name, first=first
        ),
        base=100,
        width=680,
        height=300,
    )


def _index(value: Decimal | None, base: Decimal | None) -> float | None:
    return None if value is None or not base else float(100 * value / base)


def _kind(place: Place, subject: Place) -> str:
    if place == subject:
        return "own"
    kinds = {AreaKind.LAG: "territory", AreaKind.PROVINCE: "province", AreaKind.REGION: "region"}
    return kinds.get(AreaKind(place.kind), "other") if isinstance(place, Area) else "other"


def silhouettes(
    municipalities: Sequence[Municipality], *, on_wheat: bool = False
) -> list[tuple[Municipality, str]]:
    """Return each municipality with its own outline, a decoration beside its name."""
    return [
        (
            place,
            maps.silhouette(
                geometry.read(place.boundary.geometry), key=f"silhouette-{place.slug}", on_wheat=on_wheat
            ),
        )
        for place in municipalities
    ]


def _neighbours(municipalities: Iterable[Municipality]) -> list[maps.Neighbour]:
    return [maps.Neighbour(place.name, geometry.read(place.boundary.geometry)) for place in municipalities]


def _villages(localities: Iterable[Locality]) -> Iterable[maps.Village]:
    for locality in localities:
        if locality.lon is not None and locality.lat is not None:
            yield maps.Village(locality.name, locality.lon, locality.lat)
