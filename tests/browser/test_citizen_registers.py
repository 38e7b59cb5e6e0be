"""A citizen finds a session, registers, reads the letter, and frees the seat for the next person."""

import re

import pytest
from django.urls import reverse

from tests.chromium import look
from tests.factories.territory import LAGFactory, MunicipalityFactory
from tests.factories.trainings import TrainingSessionFactory
from trainings import actions
from trainings.actions import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def letters_leave(settings, smtp_server):
    """Let each letter go straight to the real SMTP server; return its mailbox."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return smtp_server


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request, chromium, live_server):
    """A page of a phone's width."""
    with look(chromium, live_server.url, width=320, script=request.param) as context:
        yield context.new_page()


def test_find_register_read_the_letter_cancel_and_the_next_one_is_offered_the_seat(
    live_server, settings, letters_leave, page
):
    settings.SITE_URL = live_server.url
    LAGFactory(area__municipalities=[MunicipalityFactory(name="Jodoigne", slug="jodoigne")])
    session = TrainingSessionFactory(training__title="Cartographier les haies", capacity=1)
    page.goto(reverse("trainings:session_list"))
    page.get_by_role("link", name="Cartographier les haies").click()
    page.get_by_role("link", name="Je m’inscris").click()
    page.get_by_label("Votre nom").fill("Basile Fictif")
    page.get_by_label("Adresse e-mail").fill("basile@exemple")
    page.get_by_label("J’accepte").check()
    page.get_by_role("button", name="Je m’inscris").click()
    page.get_by_role("heading", name="2 réponses à revoir").wait_for()
    assert page.get_by_label("Votre nom").input_value() == "Basile Fictif"
    page.get_by_label("Adresse e-mail").fill("basile@exemple.be")
    page.get_by_label("Commune").select_option("Jodoigne")
    page.get_by_role("button", name="Je m’inscris").click()
    page.get_by_text("Place réservée").wait_for()
    page.reload()
    actions.register(
        session=session, people=[Person(name="Aline Fictive", email="aline@exemple.be")], by=None
    )
    actions.tell()
    assert [letter.recipients for letter in letters_leave.letters] == [
        ["basile@exemple.be"],
        ["aline@exemple.be"],
    ]
    letter = letters_leave.letters[0]
    assert [part.get_content_type() for part in letter.message.iter_attachments()] == ["text/calendar"]
    page.goto(re.search(r"http\S+/inscriptions/\S+", letter.text).group())
    page.locator("summary", has_text="Annuler mon inscription").click()
    page.get_by_role("button", name="Oui, annuler mon inscription").click()
    page.get_by_text("C’est annulé").wait_for()
    actions.tell()
    subjects = [str(one.message["Subject"]).strip() for one in letters_leave.letters[2:]]
    assert [one.recipients for one in letters_leave.letters[2:]] == [
        ["basile@exemple.be"],
        ["aline@exemple.be"],
    ]
    assert [subject.partition("\u00a0:")[0] for subject in subjects] == [
        "Inscription annulée",
        "Une place pour vous, à confirmer",
    ]
    states = session.registrations.order_by("position").values_list("name", "state")
    assert list(states) == [("Basile Fictif", "cancelled"), ("Aline Fictive", "offered")]
