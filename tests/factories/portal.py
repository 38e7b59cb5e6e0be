"""A small territory that the public pages can show: boundaries, villages, figures, a gap."""

from territory.choices import AreaKind
from territory.models import LAG
from tests.factories import territory


def square(west: float, south: float) -> dict:
    """A boundary of a tenth of a degree."""
    east, north = round(west + 0.1, 3), round(south + 0.1, 3)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def small_territory(communes: int = 2) -> LAG:
    """Make a LAG of `communes` municipalities in a province and a region, with a neighbour and figures."""
    municipalities = [
        territory.MunicipalityFactory(name=f"Val-Fictif-{n}", slug=f"val-fictif-{n}")
        for n in range(1, communes + 1)
    ]
    neighbour = territory.MunicipalityFactory(name="Voisine-la-Longue")
    for n, place in enumerate([*municipalities, neighbour]):
        territory.BoundaryFactory(municipality=place, geometry=square(round(4.6 + 0.1 * n, 3), 50.7))
        territory.LocalityFactory(municipality=place, name=f"Hameau {n}", lon=4.65 + 0.1 * n, lat=50.75)
    lag = territory.LAGFactory(area__municipalities=municipalities, neighbours=[neighbour])
    for kind, name in ((AreaKind.PROVINCE, "Province d’essai"), (AreaKind.REGION, "Région d’essai")):
        territory.AreaFactory(kind=kind, name=name, municipalities=[*municipalities, neighbour])
    population = territory.IndicatorFactory(
        code="population", name="Habitants", short_name="Habitants", order=1
    )
    territory.IndicatorFactory(
        code="broadband_coverage", name="Très haut débit", unavailable="Non publié par commune."
    )
    source = territory.SourceFactory()
    for n, place in enumerate([*municipalities, neighbour], start=1):
        for year in (2018, 2019, 2020):
            territory.IndicatorValueFactory(
                indicator=population, municipality=place, year=year, value=1000 * n + year, source=source
            )
    return lag
