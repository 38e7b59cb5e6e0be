"""A visitor finds an association near home, with JavaScript off."""

import pytest

from tests.chromium import look
from tests.factories.actors import ActorFactory, EnterpriseFactory
from tests.factories.territory import BoundaryFactory, LAGFactory, LocalityFactory, MunicipalityFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, actors, live_server):
    """A page of Chromium without JavaScript, as wide as a phone; opened once the actors are there."""
    with look(chromium, live_server.url, width=320, script=False) as context:
        yield context.new_page()


@pytest.fixture
def actors(transactional_db):
    """An association in a village of Orp-Jauche, enterprises elsewhere."""
    orp = MunicipalityFactory(name="Orp-Jauche", slug="orp-jauche")
    incourt = MunicipalityFactory(name="Incourt", slug="incourt")
    for place in (orp, incourt):
        BoundaryFactory(municipality=place)
    LAGFactory(area__municipalities=[orp, incourt])
    folx = LocalityFactory(municipality=orp, name="Folx-les-Caves", postal_code="1350")
    ActorFactory(name="Les Jardins Fictifs de Folx", slug="jardins", municipality=orp, locality=folx)
    EnterpriseFactory.create_batch(3, municipality=incourt)


def test_a_visitor_filters_shares_the_address_and_opens_a_sheet(page, live_server):
    page.goto(f"{live_server.url}/acteurs/")
    page.get_by_role("searchbox", name="Chercher").fill("FOLX les caves")
    page.get_by_text("Associations et initiatives citoyennes").click()
    page.get_by_label("Commune", exact=True).select_option(label="Orp-Jauche")
    page.get_by_role("button", name="Afficher").click()
    assert page.get_by_role("status").inner_text() == "1 acteur"
    shared = page.url
    page.goto("about:blank")
    page.goto(shared)
    assert page.get_by_role("searchbox", name="Chercher").input_value() == "FOLX les caves"
    assert page.get_by_label("Commune", exact=True).input_value() == "orp-jauche"
    page.get_by_role("link", name="Les Jardins Fictifs de Folx").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Les Jardins Fictifs de Folx"
    assert page.get_by_text("Folx-les-Caves (Orp-Jauche)").count() >= 1


def test_the_map_leads_to_the_actors_of_a_commune(page, live_server):
    page.goto(f"{live_server.url}/acteurs/")
    page.get_by_role("link", name="Incourt : 3 acteurs").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/acteurs/?commune=incourt")
    assert page.get_by_role("status").inner_text() == "3 acteurs"
    page.get_by_role("link", name="Retirer les filtres").click()
    assert page.get_by_role("status").inner_text() == "4 acteurs"
