"""Letters around the date: one reminder, « confirmer ou libérer » where people wait, and not one more."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from outbox import nudge
from tests.factories.accounts import TeamFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from trainings import actions, emails, tasks
from trainings.actions import Person, Refused, writing
from trainings.models import Registration, TrainingSession

EVENING = date(2027, 3, 16)
START = timezone.make_aware(datetime(2027, 3, 16, 19))


def before(days: float, seconds: int = 0) -> datetime:
    return START - timedelta(days=days) + timedelta(seconds=seconds)


@pytest.fixture
def clock(db):
    """Ten days before the evening; `clock.move_to(…)` goes on."""
    with time_machine.travel(before(10), tick=False) as traveller:
        yield traveller


def evening(**fields) -> TrainingSession:
    return TrainingSessionFactory(days=[EVENING], **fields)


def register(session, *names: str) -> list[Registration]:
    people = [Person(name=name, email=f"{name.lower()}@exemple.invalid") for name in names]
    found = actions.register(session=session, people=people, by=None).registrations
    actions.tell()
    mail.outbox.clear()
    return found


def letters() -> list[tuple[str, str]]:
    """Do what the workers do at this moment; return (to, subject's first words) of what left, and forget it."""
    tasks.remind()
    tasks.tell()
    told = [(one.to[0].partition("@")[0], one.subject.partition("\u00a0:")[0]) for one in mail.outbox]
    mail.outbox.clear()
    return told


# The reminder --------------------------------------------------------------------------------------------


def test_who_has_a_seat_is_reminded_once_a_day_before_to_the_hour(clock):
    register(evening(), "Aline")
    clock.move_to(before(1, seconds=-1))
    assert letters() == []
    clock.move_to(before(1))
    assert letters() == [("aline", "Rappel")]
    clock.move_to(before(0.5))
    assert letters() == []


def test_the_reminder_says_where_when_how_to_get_there_and_the_link_of_the_meeting(clock):
    session = evening(online_url="https://visio.exemple.invalid/haies")
    message = emails.reminder(register(session, "Aline")[0])
    html = message.alternatives[0][0]
    for words in (
        "Ferme du Tilleul",
        "Plain-pied, toilette adaptée.",
        "de 19\u00a0h à 21\u00a0h",
        "https://visio.exemple.invalid/haies",
        "/inscriptions/",
    ):
        assert words in message.body
        assert words in html


@pytest.mark.parametrize(("days", "told"), [(3, [("aline", "Rappel")]), (None, [])], ids=["other day", "off"])
def test_a_session_says_on_which_day_it_reminds_or_that_it_does_not(clock, days, told):
    register(evening(reminder_days=days), "Aline")
    clock.move_to(before(3))
    assert letters() == told
    clock.move_to(before(1))
    assert letters() == []


@pytest.mark.parametrize("days", [0, 15])
def test_the_database_refuses_a_reminder_of_another_number_of_days(db, days):
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingSessionFactory(reminder_days=days)


def test_who_registered_or_took_a_seat_less_than_a_day_before_is_not_reminded(clock):
    session = evening(capacity=2)
    (aline,) = register(session, "Aline")
    register(session, "Basile")
    (clemence,) = register(session, "Clemence")
    clock.move_to(before(1, seconds=1))
    actions.cancel(aline, by=None)
    actions.accept(clemence, by=None)
    register(evening(), "Denis")
    clock.move_to(before(1, seconds=60))
    assert letters() == [("basile", "Rappel")]


def test_who_waits_gave_up_or_has_only_an_offer_is_not_reminded(clock, monkeypatch):
    session = evening(capacity=1)
    (aline,) = register(session, "Aline")
    (basile,) = register(session, "Basile")
    register(session, "Clemence")
    clock.move_to(before(1, seconds=-5))
    actions.cancel(aline, by=None)
    basile.refresh_from_db()
    assert basile.state == "offered"
    clock.move_to(before(1))
    assert letters() == [
        ("aline", "Inscription annulée"),
        ("basile", "Une place pour vous, à confirmer"),
    ]


@pytest.mark.parametrize("moment", [before(0), before(-1)], ids=["at the start", "the day after"])
def test_nobody_is_reminded_of_what_has_started(clock, moment):
    register(evening(), "Aline")
    clock.move_to(moment)
    assert letters() == []


def test_nobody_is_reminded_of_a_cancelled_session(clock):
    session = evening()
    register(session, "Aline")
    actions.cancel_session(session, reason="Neige", by=TeamFactory())
    mail.outbox.clear()
    clock.move_to(before(1))
    assert letters() == []


def test_a_session_that_moves_to_another_day_is_reminded_of_again_and_one_that_moves_by_an_hour_is_not(clock):
    session, team = evening(), TeamFactory()
    register(session, "Aline")
    clock.move_to(before(1))
    assert letters() == [("aline", "Rappel")]
    actions.change_when_where(session, days=[(EVENING, time(18), time(20))], by=team)
    assert letters() == [("aline", "Changement")]
    later = EVENING + timedelta(days=14)
    actions.change_when_where(session, days=[(later, time(19), time(21))], by=team)
    assert letters() == [("aline", "Changement")]
    clock.move_to(before(-13))
    assert letters() == [("aline", "Rappel")]


def test_who_reads_of_a_new_day_when_it_is_tomorrow_is_not_reminded_as_well(clock):
    session = evening()
    register(session, "Aline")
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.change_when_where(session, days=[(tomorrow, time(18), time(20))], by=TeamFactory())
    assert letters() == [("aline", "Changement")]
    clock.move_to(before(9.5))
    assert letters() == []


def test_a_confirmation_and_a_reminder_are_all_the_letters_of_an_evening(clock):
    actions.register(session=evening(), people=[Person("Aline", "aline@exemple.invalid")], by=None)
    told = []
    for hour in range(11 * 24):
        clock.move_to(before(10) + timedelta(hours=hour))
        tasks.expire_offers()
        told += letters()
    assert told == [("aline", "Vous avez une place"), ("aline", "Rappel")]


def test_a_reminder_that_cannot_be_sent_stays_owed_and_holds_no_other(clock, monkeypatch, caplog):
    session = evening()
    register(session, "Aline")
    register(session, "Basile")
    clock.move_to(before(1))
    send = emails.send

    def fail_for_aline(messages):
        if messages[0].to == ["aline@exemple.invalid"]:
            raise OSError("disk full")
        send(messages)

    with monkeypatch.context() as patch:
        patch.setattr(emails, "send", fail_for_aline)
        assert letters() == [("basile", "Rappel")]
    assert "No letter could be written" in caplog.text
    assert letters() == [("aline", "Rappel")]


@pytest.mark.parametrize("claimed", [True, False], ids=["claimed", "without the claim"])
def test_two_workers_that_meet_on_one_person_write_one_reminder(clock, monkeypatch, claimed):
    register(evening(), "Aline")
    clock.move_to(before(1))
    write, met = emails.reminder, []
    if not claimed:
        monkeypatch.setattr(writing, "_claim", lambda *claimed: True)

    def meet(registration):
        if not met:
            met.append(registration)
            actions.remind()
        return write(registration)

    monkeypatch.setattr(emails, "reminder", meet)
    actions.remind()
    assert len(mail.outbox) == (1 if claimed else 2)


def test_who_gives_up_while_the_reminder_is_written_gets_none(clock, monkeypatch):
    (aline,) = register(evening(), "Aline")
    clock.move_to(before(1))
    write = emails.reminder

    def give_up(registration):
        actions.cancel(aline, by=None)
        return write(registration)

    monkeypatch.setattr(emails, "reminder", give_up)
    assert letters() == [("aline", "Inscription annulée")]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_remind_twelve_people_once_each(monkeypatch):
    monkeypatch.setattr(nudge.current_app, "send_task", lambda name, **options: None)
    tomorrow = timezone.localdate() + timedelta(days=1)
    session = TrainingSessionFactory(capacity=12, days=[tomorrow], reminder_days=3)
    for position in range(1, 13):
        earlier = timezone.now() - timedelta(days=20)
        RegistrationFactory(session=session, position=position, registered_at=earlier)
    barrier = threading.Barrier(4)

    def work(_number) -> int:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return actions.remind()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        written = sum(pool.map(work, range(4)))
    assert (written, len({letter.to[0] for letter in mail.outbox}), len(mail.outbox)) == (12, 12, 12)


# Confirm or free -----------------------------------------------------------------------------------------


@pytest.fixture
def waited_for(clock):
    """An evening that Aline and Basile fill, and for which Clemence waits."""
    session = evening(capacity=2)
    for name in ("Aline", "Basile", "Clemence"):
        register(session, name)
    return session


def test_where_people_wait_those_who_have_a_seat_are_asked_once_three_days_before(clock, waited_for):
    register(evening(), "Denis")
    clock.move_to(before(3, seconds=-1))
    assert letters() == []
    clock.move_to(before(3))
    asked = [
        ("aline", "Venez-vous toujours\u00a0? Cartographier"),
        ("basile", "Venez-vous toujours\u00a0? Cartographier"),
    ]
    assert [(to, subject.partition(" les")[0]) for to, subject in letters()] == asked
    assert letters() == []


def test_no_answer_changes_nothing_and_the_reminder_follows(clock, waited_for):
    clock.move_to(before(3))
    letters()
    clock.move_to(before(1))
    assert letters() == [("aline", "Rappel"), ("basile", "Rappel")]
    states = waited_for.registrations.order_by("position").values_list("state", flat=True)
    assert list(states) == ["confirmed", "confirmed", "waiting"]


def test_nobody_is_asked_when_it_is_too_near_to_be_of_use_nor_who_just_took_the_seat(clock, waited_for):
    clock.move_to(before(2))
    assert letters() == []
    late = evening(capacity=1)
    register(late, "Edmee")
    register(late, "Felix")
    assert letters() == []


def page_of(registration) -> str:
    return "/" + emails.manage_url(registration).partition("//")[2].partition("/")[2]


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_one_button_confirms_the_other_frees_and_both_may_be_pressed_twice(
    client, clock, waited_for, jodoigne
):
    aline, basile, clemence = waited_for.registrations.order_by("position")
    assert "Oui, je viens" not in client.get(page_of(aline)).content.decode()
    clock.move_to(before(3))
    letters()
    assert "Oui, je viens" in client.get(page_of(aline)).content.decode()
    stays = client.post(page_of(aline), {"reponse": "venir"}, follow=True)
    assert said(stays) == ["Merci, nous vous attendons."]
    assert "Oui, je viens" not in stays.content.decode()
    assert said(client.post(page_of(aline), {"reponse": "venir"}, follow=True)) == [
        "C’est déjà fait\u00a0: nous vous attendons."
    ]
    client.post(page_of(basile), {"reponse": "laisser"})
    clemence.refresh_from_db()
    assert (clemence.state, clemence.offered_until) == ("offered", before(2.5))
    aline.refresh_from_db()
    assert aline.coming_at == before(3)


def test_the_desk_sees_who_said_they_come(client, clock, waited_for, jodoigne):
    aline = waited_for.registrations.get(name="Aline")
    clock.move_to(before(3))
    letters()
    actions.stay(aline)
    client.force_login(TeamFactory())
    html = client.get(reverse("admin:trainings_session_people", args=[waited_for.pk])).content.decode()
    assert "A confirmé sa venue samedi 13\u00a0mars 2027 à 19\u00a0h" in html


def test_who_has_no_seat_or_comes_too_late_cannot_say_they_come(clock, waited_for):
    aline, _basile, clemence = waited_for.registrations.order_by("position")
    with pytest.raises(Refused, match="n’a plus de place"):
        actions.stay(clemence)
    clock.move_to(START)
    with pytest.raises(Refused, match="a commencé"):
        actions.stay(aline)
