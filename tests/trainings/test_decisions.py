"""Go or no-go: asked when the day has come, decided once, and everybody gets one letter."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry
from portal import desk as portal_desk
from tests.factories.accounts import TeamFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory, held
from trainings import actions
from trainings.models import TrainingSession
from typography import dates


@pytest.fixture
def team(db):
    return TeamFactory(name="Odile Fictive")


@pytest.fixture
def desk(client, team):
    """A client of the LAG's team."""
    client.force_login(team)
    return client


def few(**fields):
    """A session of which one of three people is there on the day of decision; another waits."""
    fields = {"capacity": 5, "minimum": 3, "decide_on": timezone.localdate()} | fields
    session = TrainingSessionFactory(**fields)
    RegistrationFactory(session=session, name="Aline Fictive", email="aline@exemple.invalid", position=1)
    RegistrationFactory(session=session, name="Basile Fictif", position=2, state="waiting")
    return session


def address(session):
    return reverse("admin:trainings_session_decide", args=[session.pk])


def asked():
    return list(TrainingSession.objects.to_decide())


def test_it_is_asked_from_the_day_on_as_long_as_the_minimum_is_not_reached(db):
    session = few()
    few(decide_on=timezone.localdate() + timedelta(days=1))
    few(decide_on=None)
    few(state="confirmed")
    few(state="cancelled")
    assert asked() == [session]
    for position in (3, 4):
        RegistrationFactory(session=session, position=position)
    assert asked() == []


def test_it_is_not_asked_any_more_once_it_has_started(db):
    session = held(capacity=5, minimum=3, decide_on=timezone.localdate() - timedelta(days=9))
    TrainingSession.objects.filter(pk=session.pk).update(state="published")
    assert asked() == []


def test_the_desk_s_first_page_and_the_session_s_page_ask(desk, team):
    session = few()
    (line,) = [one for one in portal_desk.lines(team) if "maintenir" in one.what]
    assert (line.count, line.what, line.url, line.tag) == (
        *(1, "séance à maintenir ou à annuler", address(session), "aujourd’hui"),
    )
    assert line.detail == f"{session} (1 sur 3)"
    html = desk.get(reverse("admin:trainings_trainingsession_change", args=[session.pk])).content.decode()
    assert "Maintenir ou annuler" in html
    few()
    (line,) = [one for one in portal_desk.lines(team) if "maintenir" in one.what]
    assert desk.get(line.url).context["cl"].result_count == 2


def test_both_letters_stand_ready_and_looking_at_them_changes_nothing(desk):
    session = few()
    (go, no_go) = desk.get(address(session)).context["letters"]
    assert go[0].startswith("Séance confirmée : Cartographier les haies")
    assert "La séance est confirmée : elle aura lieu" in go[1]
    assert no_go[0].startswith("Séance annulée : Cartographier les haies")
    assert "Motif : Trop peu d’inscriptions : 1 personne, pour un minimum de 3." in no_go[1]
    assert "[votre lien personnel]" in go[1]
    assert "/inscriptions/" not in go[1] + no_go[1]
    # The other dates are on the training's page: the session's own says only that it is cancelled.
    others = no_go[1].partition("Voir les autres dates")[2].split()
    assert [one for one in others if "://" in one][0].endswith(session.training.get_absolute_url())
    session.refresh_from_db()
    assert (session.state, session.cancellation_reason, mail.outbox) == ("published", "", [])


@pytest.mark.parametrize(("ago", "said"), [(0, "Décision attendue "), (1, "Décision attendue depuis le ")])
def test_a_decision_that_is_late_is_said_to_be_awaited_since_its_day(desk, ago, said):
    day = timezone.localdate() - timedelta(days=ago)
    html = desk.get(address(few(decide_on=day))).content.decode()
    assert f"{said}{dates.day(day)}." in html


def test_maintaining_twice_confirms_once_and_writes_once_to_those_who_have_a_seat(desk):
    session = few()
    for _click in range(2):
        desk.post(address(session), {"faire": "maintenir", "prevenir": "1"})
    session.refresh_from_db()
    assert session.state == "confirmed"
    assert [(letter.to, letter.subject[:16]) for letter in mail.outbox] == [
        (["aline@exemple.invalid"], "Séance confirmée")
    ]
    assert JournalEntry.objects.filter(verb="session.confirmed").count() == 1
    assert asked() == []


def test_maintaining_without_a_letter_writes_to_nobody(desk):
    session = few()
    desk.post(address(session), {"faire": "maintenir"})
    assert (TrainingSession.objects.get().state, mail.outbox) == ("confirmed", [])


def test_calling_off_twice_cancels_once_and_writes_once_to_everybody(desk):
    session = few()
    for _click in range(2):
        desk.post(address(session), {"faire": "annuler", "motif": "Trop peu d’inscriptions."})
    session.refresh_from_db()
    assert (session.state, session.cancellation_reason) == ("cancelled", "Trop peu d’inscriptions.")
    assert len(mail.outbox) == 2


def test_calling_off_without_a_reason_or_after_the_session_is_refused(desk, team):
    session = few()
    response = desk.post(address(session), {"faire": "annuler", "motif": " \n"}, follow=True)
    assert [str(one) for one in response.context["messages"]] == [
        "Dites pourquoi : les personnes inscrites le liront. Rien n’est changé."
    ]
    with pytest.raises(actions.Refused, match="ne peut pas devenir « annulée »"):
        actions.give_up(held(), reason="Neige", by=team)
    assert TrainingSession.objects.get(pk=session.pk).state == "published"


def test_a_day_of_decision_needs_a_minimum(db):
    session = few()
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingSession.objects.filter(pk=session.pk).update(minimum=0)
