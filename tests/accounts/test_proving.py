"""Before a file leaves: the password, and the way back to the page that asked for it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import PASSWORD, TeamFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from tests.responses import let_go

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    """The browser of somebody of the team who logged in this morning."""
    client.force_login(TeamFactory())
    return client


@pytest.fixture
def session():
    return RegistrationFactory(session=TrainingSessionFactory()).session


def export(session) -> str:
    return reverse("admin:trainings_session_export", args=[session.pk])


def people(session) -> str:
    return reverse("admin:trainings_session_people", args=[session.pk])


def test_who_asked_for_a_file_comes_back_to_the_page_and_asks_again(desk, session):
    page = f"http://testserver{people(session)}?telephone=1"
    asked = desk.get(export(session), headers={"referer": page})
    form = desk.get(asked["Location"])
    assert "demandez à nouveau le fichier" in form.content.decode()
    there = desk.post(asked["Location"], {"password": PASSWORD})
    assert (there.status_code, there["Location"]) == (302, f"{people(session)}?telephone=1")
    file = desk.get(export(session), headers={"referer": page})
    assert file["Content-Disposition"].startswith("attachment")
    let_go(file)


@pytest.mark.parametrize(
    "page", ["", "https://ailleurs.invalid/bureau/", "http://testserver/compte/reauthenticate/?next=/", "//x"]
)
def test_without_a_page_of_ours_the_file_itself_comes_next(desk, session, page):
    asked = desk.get(export(session), headers={"referer": page})
    assert asked["Location"].partition("?next=")[2] == export(session).replace("/", "%2F")


@pytest.mark.parametrize(("minutes", "asked"), [(1, False), (6, True)])
def test_who_has_just_logged_in_is_not_asked_again(client, session, minutes, asked):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        user = TeamFactory()
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
        answer = client.get(export(session))
    assert (answer.status_code == 302) is asked
    let_go(answer)
