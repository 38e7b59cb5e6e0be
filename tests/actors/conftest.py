"""A small territory: two municipalities of the LAG, one beyond."""

import pytest

from tests.factories.territory import BoundaryFactory, LAGFactory, LocalityFactory, MunicipalityFactory


@pytest.fixture
def places(db):
    """Orp-Jauche, with its village Folx-les-Caves, and Incourt, in the LAG; Namur beyond."""
    orp = MunicipalityFactory(name="Orp-Jauche", slug="orp-jauche")
    incourt = MunicipalityFactory(name="Incourt", slug="incourt")
    for place in (orp, incourt):
        BoundaryFactory(municipality=place)
    LocalityFactory(municipality=orp, name="Folx-les-Caves", postal_code="1350")
    LAGFactory(area__municipalities=[orp, incourt])
    return {"orp": orp, "incourt": incourt, "namur": MunicipalityFactory(name="Namur", slug="namur")}
