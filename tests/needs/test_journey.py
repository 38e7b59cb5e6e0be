"""The whole road: the shipped questionnaire, a survey, a section answered, the response sent, its maturity."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from needs import actions, figures
from needs.choices import QuestionKind, ResponseState
from needs.models import Questionnaire, Response, Survey
from territory.models import Dimension
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.needs import ReferentFactory
from typography import elision

CODES = ("living", "mobility", "environment", "economy", "people", "governance")


@pytest.fixture
def questionnaire(db) -> Questionnaire:
    for order, code in enumerate(CODES):
        Dimension.objects.create(code=code, name=code.capitalize(), colour=code, order=order)
    call_command("load_questionnaire", verbosity=0)
    return Questionnaire.objects.get(code="commune", version=1)


@pytest.fixture
def survey(questionnaire) -> Survey:
    now = timezone.now()
    survey = Survey.objects.create(
        slug="communes-2026",
        title="Enquête communes 2026",
        questionnaire=questionnaire,
        edition="2026",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
    )
    return actions.open_survey(survey, by=TeamFactory())


def everything(section) -> dict:
    """A posted page that answers every question of a section: level 2, note 7, the first choice."""
    data = {}
    for question in section.questions.all():
        data[f"{question.code}-seen"] = actions.mark(None)
        first = question.choices.first()
        data[question.code] = {
            QuestionKind.LEVEL: "2",
            QuestionKind.SCALE: "7",
            QuestionKind.YES_NO: "no",
            QuestionKind.SINGLE: first and first.code,
            QuestionKind.MULTIPLE: [first and first.code],
            QuestionKind.NEED: "Un agenda commun des salles.",
            QuestionKind.LONG_TEXT: "Le taxi social.",
        }[question.kind]
        if question.kind == QuestionKind.NEED:
            data |= {f"{question.code}-horizon": "short", f"{question.code}-pool": "yes"}
    return data


def test_a_commune_answers_the_shipped_questionnaire_from_the_first_page_to_its_radar(survey, mailoutbox):
    membership = ReferentFactory()
    client = logged_in(membership.user)
    assert survey.title in client.get("/enquetes/").content.decode()

    begun = client.post(f"/enquetes/{survey.slug}/commencer/", {"acteur": membership.actor.slug})
    response = Response.objects.get()
    base = f"/enquetes/{survey.slug}/{response.public_id}/"
    assert begun["Location"] == base
    for section in survey.questionnaire.sections.all():
        assert client.get(f"{base}{section.code}/").status_code == 200
        answered = client.post(f"{base}{section.code}/", everything(section) | {"vers": "relire"})
        assert answered["Location"] == f"{base}relire/"
    progress = figures.progress(figures.sections_of(response), figures.answers_of(response))
    assert (progress.answered, progress.asked, progress.missing) == (50, 50, [])

    response.refresh_from_db()
    sent = client.post(f"{base}relire/", {"version": response.version, "approved_on": "01/06/2026"})
    assert sent["Location"] == base
    response.refresh_from_db()
    assert (response.state, response.submitter) == (ResponseState.SUBMITTED, membership.user)
    assert [letter.to for letter in mailoutbox] == [[membership.user.email]]
    assert mailoutbox[0].subject == f"Bien reçue\u00a0: la réponse {elision.of(membership.actor.name)}"

    maturity = figures.maturities(survey)[membership.actor.municipality.code]
    assert maturity.overall.value == Decimal("0.5")
    assert {code: score.value for code, score in maturity.dimensions.items()} == dict.fromkeys(
        CODES, Decimal("0.5")
    )
    assert maturity.self_rated == dict.fromkeys(CODES, 7)
    assert "Comparez les sommets" in client.get(base).content.decode()


def test_loading_the_questionnaire_again_changes_nothing(questionnaire, capsys):
    call_command("load_questionnaire")
    assert capsys.readouterr().out.endswith("0 changement\n")
    assert Questionnaire.objects.count() == 1
