"""One's own registration, by the link of the letter: what it shows, to whom, and that opening it changes nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import links
from tests.contracts import markup
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ActorFactory
from tests.factories.trainings import (
    RegistrationFactory,
    RegistrationQuestionFactory,
    TrainingSessionFactory,
)
from tests.responses import page, without_entrance
from trainings import actions, emails
from trainings.models import Registration


def test_it_shows_what_the_person_said_and_nothing_they_left_out(client, jodoigne):
    registration = RegistrationFactory(
        actor=ActorFactory(name="Les Haies"), municipality=jodoigne, phone="0470 00 00 01", access_needs=""
    )
    question = RegistrationQuestionFactory(session=registration.session, label="Que mangez-vous ?")
    registration.answers.create(question=question, text="Sans gluten")
    response = client.get(emails.manage_url(registration))
    assert response.context["said"] == [
        ("Organisation", "Les Haies"),
        ("Commune", "Jodoigne"),
        ("Téléphone", "0470 00 00 01"),
        ("Que mangez-vous ?", "Sans gluten"),
    ]
    assert markup.faults(response.text) == []
    assert "Sans gluten" in response.text


@pytest.mark.parametrize("state", ["confirmed", "waiting"])
def test_a_seat_of_a_cancelled_session_is_not_called_a_seat(client, jodoigne, state):
    registration = RegistrationFactory(state=state)
    actions.cancel_session(registration.session, reason="Neige", by=TeamFactory())
    html = page(client, emails.manage_url(registration))
    assert "Séance annulée" in html
    for wrong in ("Place réservée", "En attente, rang"):
        assert wrong not in html


def test_a_scanner_that_opens_the_link_changes_nothing(client, jodoigne):
    registration = RegistrationFactory()
    address = emails.manage_url(registration)
    page(client, address)
    client.head(address)
    registration.refresh_from_db()
    assert registration.state == "confirmed"
    assert client.get(address)["X-Robots-Tag"] == "noindex"


def test_a_replayed_link_says_that_it_is_done(client, jodoigne):
    registration = RegistrationFactory()
    address = emails.manage_url(registration)
    client.post(address)
    first = Registration.objects.get().cancelled_at
    response = client.post(address, follow=True)
    assert "déjà annulée" in response.content.decode()
    assert Registration.objects.get().cancelled_at == first
    assert (actions.tell(), len(mail.outbox)) == (1, 1)


def test_an_expired_link_shows_no_identity_and_says_whom_to_write_to(client, jodoigne):
    registration = RegistrationFactory(name="Aline Fictive")
    address = emails.manage_url(registration)
    with time_machine.travel(registration.session.ends_at + timedelta(days=31)):
        response = client.get(address)
        posted = client.post(address)
    assert (response.status_code, posted.status_code) == (410, 410)
    html = response.content.decode()
    assert "bonjour@exemple.invalid" in html
    assert "Aline" not in html
    registration.refresh_from_db()
    assert registration.state == "confirmed"


def test_a_tampered_link_and_one_of_another_purpose_and_an_old_version_are_the_same_404(client, jodoigne):
    registration = RegistrationFactory(link_version=2)
    later = timezone.now() + timedelta(days=1)
    good = links.make(emails.PURPOSE, registration.public_id, version=2, expires=later)
    tokens = {
        "tampered": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "other purpose": links.make("invitation.answer", registration.public_id, version=2, expires=later),
        "old version": links.make(emails.PURPOSE, registration.public_id, version=1, expires=later),
        "nobody": links.make(emails.PURPOSE, "00000000-0000-4000-8000-000000000000", expires=later),
        "nonsense": "x",
    }
    pages = set()
    for token in tokens.values():
        response = client.get(reverse("trainings:registration", args=[token]))
        assert response.status_code == 404
        pages.add(without_entrance(response))
    assert len(pages) == 1
    assert client.get(reverse("trainings:registration", args=[good])).status_code == 200


def test_a_group_that_waits_beside_a_free_seat_reads_why(client, jodoigne):
    session = TrainingSessionFactory(capacity=1)
    posted = {
        "name": "Basile Fictif",
        "email": "basile@exemple.invalid",
        "name_2": "Colette Fictive",
        "email_2": "colette@exemple.invalid",
        "municipality": "jodoigne",
        "consent": "on",
        "people": "2",
        "nonce": "a" * 32,
    }
    response = client.post(reverse("trainings:register", args=[session.public_id]), posted)
    said = "Il ne reste pas assez de places pour que vous veniez tous ensemble."
    assert said in page(client, response["Location"])
    first = session.registrations.order_by("position").first()
    assert (first.state, session.registrations.count()) == ("waiting", 2)
    assert said in page(client, emails.manage_url(first))


def test_who_leaves_the_queue_gives_no_seat_back(client, jodoigne):
    registration = RegistrationFactory(state="waiting", told="waiting")
    html = client.post(emails.manage_url(registration), follow=True).text
    actions.tell()
    [letter] = mail.outbox
    assert letter.subject.startswith("Vous n’êtes plus en attente")
    assert "annulée" not in letter.body
    assert "Vous avez quitté la liste d’attente." in html
    assert "une place libérée" not in html


def test_an_answer_to_a_letter_reaches_the_team(jodoigne):
    RegistrationFactory(told="")
    actions.tell()
    [letter] = mail.outbox
    assert letter.reply_to == ["bonjour@exemple.invalid"]
