"""Two municipalities of the territory, one of which has gardens; stored files live and die with the test."""

import pytest

from tests.factories.actors import ActorFactory
from tests.factories.territory import LocalityFactory, MunicipalityFactory


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def places(db):
    """Incourt (1315) and Orp-Jauche (1350) with its village Folx-les-Caves."""
    incourt = MunicipalityFactory(name="Incourt", slug="incourt", code="25043", postal_codes=["1315"])
    orp = MunicipalityFactory(name="Orp-Jauche", slug="orp-jauche", code="25120", postal_codes=["1350"])
    village = LocalityFactory(municipality=orp, name="Folx-les-Caves", postal_code="1350")
    return {"incourt": incourt, "orp": orp, "folx": village}


@pytest.fixture
def gardens(places):
    return ActorFactory(
        name="Les Jardins Fictifs",
        municipality=places["incourt"],
        email="jardins@exemple.invalid",
        enterprise_number="0314595348",
    )
