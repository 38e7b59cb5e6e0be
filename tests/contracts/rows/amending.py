"""Correcting one's own registration: whoever holds the letter's link, signed in or not."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts import links
from tests.contracts.rows.trainings import own_link
from tests.contracts.table import Row, everyone
from tests.factories.trainings import RegistrationFactory, RegistrationQuestionFactory
from trainings import emails


def token_of(registration):
    return {"token": emails.manage_url(registration).rstrip("/").rpartition("/")[2]}


def with_answers(user):
    """The link of somebody who answered a question of the session."""
    question = RegistrationQuestionFactory(label="Repas", choices="Soupe\nTartine", required=True)
    registration = RegistrationFactory(session=question.session, phone="0470 00 00 01")
    registration.answers.create(question=question, text="Soupe")
    return token_of(registration)


def cancelled(user):
    """The link of somebody who gave their seat back."""
    return token_of(RegistrationFactory(state="cancelled"))


def too_late(user):
    """A link whose time is over."""
    public_id = RegistrationFactory().public_id
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        expires = timezone.now() + timedelta(days=1)
        return {"token": links.make(emails.PURPOSE, public_id, version=1, expires=expires)}


ROWS = [
    Row("trainings:amend", everyone(200), build=own_link),
    Row("trainings:amend", everyone(200), build=with_answers, label="avec une réponse"),
    Row("trainings:amend", everyone(200), method="post", build=own_link, label="incomplet"),
    Row("trainings:amend", everyone(200), build=cancelled, label="annulée"),
    Row("trainings:amend", everyone(409), method="post", build=cancelled, label="annulée"),
    Row("trainings:amend", everyone(410), build=too_late, label="trop vieux"),
]
