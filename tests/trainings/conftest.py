"""A territory of one municipality, so that forms and filters have a choice."""

import pytest

from tests.factories.territory import LAGFactory, MunicipalityFactory


@pytest.fixture
def jodoigne(db):
    """Jodoigne, in the LAG's territory."""
    place = MunicipalityFactory(name="Jodoigne", slug="jodoigne", code="25048")
    LAGFactory(area__municipalities=[place], email="bonjour@exemple.invalid")
    return place
