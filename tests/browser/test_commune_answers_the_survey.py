"""Two people of a commune write one response: autosave, both versions side by side, then it is sent."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from needs.choices import ResponseState
from needs.models import Answer
from tests.chromium import look
from tests.factories.needs import EditorFactory, ReferentFactory, ResponseFactory, small_questionnaire
from tests.factories.territory import DimensionFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def response(transactional_db):
    dimensions = [DimensionFactory(name=name) for name in ("Vivre ici", "Mobilité", "Économie")]
    return ResponseFactory(
        survey__questionnaire=small_questionnaire(dimensions), actor__municipality__name="Val-Fictif"
    )


@pytest.fixture
def colette(response):
    return ReferentFactory(actor=response.actor, user__name="Colette Haie").user


@pytest.fixture
def denis(response):
    return EditorFactory(actor=response.actor, user__name="Denis Labour").user


def test_two_people_write_meet_on_one_answer_and_one_of_them_sends(
    chromium, live_server, response, colette, denis
):
    with (
        look(chromium, live_server.url, user=colette) as first,
        look(chromium, live_server.url, user=denis) as second,
    ):
        hers, his = first.new_page(), second.new_page()
        hers.goto(response.get_absolute_url() + "mots/")
        his.goto(response.get_absolute_url() + "mots/")

        his.get_by_label("Ce que nous faisons").fill("Deux bornes depuis juin.")
        expect(his.locator("[data-saved]")).to_have_text(re.compile("^Enregistré à "))
        assert Answer.objects.get().value == "Deux bornes depuis juin."

        hers.get_by_label("Ce que nous faisons").fill("Un essai en mai.")
        expect(hers.locator("[data-saved]")).to_contain_text("Denis Labour a répondu autrement")
        hers.get_by_role("button", name="Enregistrer").click()
        versions = hers.get_by_role("group", name="Deux réponses différentes")
        expect(versions).to_contain_text("Deux bornes depuis juin.")
        expect(versions).to_contain_text("Un essai en mai.")
        hers.get_by_label("La vôtre").check()
        versions.get_by_role("button", name="Garder ce choix").click()
        expect(hers.get_by_role("status").first).to_contain_text("Enregistré à")
        assert Answer.objects.get().value == "Un essai en mai."

        hers.get_by_label("Ce qui manque").fill("Un agenda commun des salles.")
        hers.get_by_role("button", name="Section 2").click()
        for criterion in hers.get_by_role("group").all():
            criterion.get_by_text("En place").check()
        hers.get_by_role("button", name="Relire et envoyer").click()
        hers.get_by_label("Validée par le Collège le").fill("12/01/2026")
        hers.get_by_role("button", name="Envoyer pour Val-Fictif").click()
        expect(hers.get_by_role("heading", name="Où en est Val-Fictif")).to_be_visible()

        his.get_by_label("Ce que nous faisons").fill("Trop tard.")
        expect(his.locator("[data-saved]")).to_contain_text("elle ne change plus")
    response.refresh_from_db()
    assert (response.state, response.submitter) == (ResponseState.SUBMITTED, colette)
    assert response.submitted_at <= timezone.now()
    assert Answer.objects.filter(value="Trop tard.").count() == 0


def test_without_script_each_section_is_a_form(chromium, live_server, response, colette):
    with look(chromium, live_server.url, user=colette, width=320, script=False) as context:
        page = context.new_page()
        page.goto(response.get_absolute_url() + "mots/")
        page.get_by_label("Ce que nous faisons").fill("Le taxi social.")
        page.get_by_role("button", name="Section 2").click()
        expect(page.get_by_role("heading", name="Nos niveaux")).to_be_visible()
    assert Answer.objects.get().value == "Le taxi social."
