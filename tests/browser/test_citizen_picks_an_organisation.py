"""A citizen picks their organisation among actors while typing; without a script, or network, it is plain text."""

import pytest
from django.urls import reverse

from tests import axe
from tests.chromium import look
from tests.factories.actors import ActorFactory
from tests.factories.territory import LAGFactory, MunicipalityFactory
from tests.factories.trainings import TrainingSessionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(transactional_db):
    """A session, and the actors whose names may be typed."""
    LAGFactory(area__municipalities=[MunicipalityFactory(name="Jodoigne", slug="jodoigne")])
    for name in ("École de l’Orée", "Ferme de l’École", "Le Moulin Fictif"):
        ActorFactory(name=name)
    return TrainingSessionFactory()


def register(page, session, organisation):
    page.goto(reverse("trainings:register", args=[session.public_id]))
    page.get_by_label("Votre nom").fill("Basile Fictif")
    page.get_by_label("Adresse e-mail").fill("basile@exemple.be")
    page.get_by_label("Commune").select_option("Jodoigne")
    page.get_by_label("J’accepte").check()
    page.get_by_label("Organisation").press_sequentially(organisation)


def sent(page, session):
    """Send the form; return the actor and the words that are kept."""
    page.get_by_role("button", name="Je m’inscris").click()
    page.get_by_text("Place réservée").wait_for()
    return session.registrations.values_list("actor__name", "organisation_text").get()


def test_typing_proposes_actors_and_the_one_picked_is_kept(chromium, live_server, session):
    with look(chromium, live_server.url, width=320) as context:
        page = context.new_page()
        with page.expect_response("**/acteurs/noms.json*"):
            register(page, session, "ecole")
        proposed = page.locator("datalist option")
        proposed.first.wait_for(state="attached")
        shown = proposed.evaluate_all("all => all.map(one => [one.value, one.label])")
        # The label holds what was typed: without it the browser would hide both.
        assert shown == [["École de l’Orée", "ecole"], ["Ferme de l’École", "ecole"]]
        assert axe.faults(page, axe.WHOLE) == []
        page.get_by_label("Organisation").fill("ecole de l'oree")
        assert sent(page, session) == ("École de l’Orée", "ecole de l'oree")


def test_without_network_the_field_is_plain_text_and_asks_nothing(chromium, live_server, session):
    with look(chromium, live_server.url) as context:
        page = context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url) if "noms.json" in request.url else None)
        page.goto(reverse("trainings:register", args=[session.public_id]))
        context.set_offline(True)
        page.get_by_label("Organisation").press_sequentially("moulin")
        page.wait_for_timeout(600)
        assert asked == []
        context.set_offline(False)
        page.get_by_label("Organisation").press_sequentially(" f")
        page.locator("datalist option").first.wait_for(state="attached")
        assert len(asked) == 1


def test_without_a_script_what_is_written_is_matched_all_the_same(chromium, live_server, session):
    with look(chromium, live_server.url, script=False) as context:
        page = context.new_page()
        register(page, session, "LE MOULIN FICTIF")
        assert sent(page, session) == ("Le Moulin Fictif", "LE MOULIN FICTIF")
