"""Letters owed: each seat and each rank is told once, even when a process dies between the two."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from outbox import nudge
from tests.factories.accounts import TeamFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory, held
from trainings import actions, emails, tasks
from trainings.actions import Person, writing
from trainings.models import Registration, TrainingSession

ALINE = Person(name="Aline Fictive", email="aline@exemple.invalid")
BASILE = Person(name="Basile Fictif", email="basile@exemple.invalid")


def subjects() -> list[str]:
    return [letter.subject.partition("\u00a0:")[0] for letter in mail.outbox]


def register(session, *people) -> list[Registration]:
    return actions.register(session=session, people=people, by=None).registrations


def test_who_was_registered_by_a_process_that_died_is_told_once_by_the_sweep(db):
    # Nothing that waits for the commit runs here: this is the process that died right after it.
    register(TrainingSessionFactory(capacity=1), ALINE, BASILE)
    assert mail.outbox == []
    tasks.tell()
    tasks.tell()
    assert subjects() == ["En attente, rang 1", "En attente, rang 2"]


def test_committed_registrations_ask_a_worker_to_tell_once_a_second(
    db, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr(nudge.current_app, "send_task", lambda task, **options: asked.append((task, options)))
    nudge._soon.cache_clear()
    session = TrainingSessionFactory()
    with django_capture_on_commit_callbacks(execute=True):
        register(session, ALINE)
        register(session, BASILE)
    assert asked == [(tasks.tell.name, {"retry": False, "countdown": 1})]


def test_a_letter_that_cannot_be_written_stays_owed_and_holds_no_other(db, monkeypatch, caplog):
    session = TrainingSessionFactory(capacity=2)
    register(session, ALINE)
    register(session, BASILE)
    write = emails.of_change

    def fail_for_aline(registration):
        if registration.email == ALINE.email:
            raise OSError("disk full")
        return write(registration)

    with monkeypatch.context() as patch:
        patch.setattr(emails, "of_change", fail_for_aline)
        assert actions.tell() == 1
    assert [letter.to for letter in mail.outbox] == [[BASILE.email]]
    assert "No letter could be written" in caplog.text
    assert actions.tell() == 1
    assert [letter.to for letter in mail.outbox] == [[BASILE.email], [ALINE.email]]


def test_a_letter_whose_send_fails_takes_its_note_back(db, monkeypatch):
    register(TrainingSessionFactory(), ALINE)

    def fail(messages):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(emails, "send", fail)
        assert actions.tell() == 0
    assert Registration.objects.get().told == ""
    assert actions.tell() == 1


@pytest.mark.parametrize(
    ("claimed", "letters"), [(True, 1), (False, 2)], ids=["claimed", "without the claim"]
)
def test_two_sweeps_that_meet_on_one_person_write_one_letter(db, monkeypatch, claimed, letters):
    register(TrainingSessionFactory(), ALINE)
    write, met = emails.of_change, []
    if not claimed:
        monkeypatch.setattr(writing, "_claim", lambda *claimed: True)

    def meet(registration):
        if not met:
            met.append(registration)
            actions.tell()
        return write(registration)

    monkeypatch.setattr(emails, "of_change", meet)
    actions.tell()
    assert len(mail.outbox) == letters


def test_what_changed_while_the_letter_was_written_is_told_as_it_is_now(db, monkeypatch):
    session = TrainingSessionFactory()
    (aline,) = register(session, ALINE)
    write, changed = emails.of_change, []

    def write_too_late(registration):
        letter = write(registration)
        if not changed:
            changed.append(actions.cancel(aline, by=None))
        return letter

    monkeypatch.setattr(emails, "of_change", write_too_late)
    assert actions.tell() == 0
    assert actions.tell() == 1
    assert subjects() == ["Inscription annulée"]


def test_who_registers_and_is_offered_a_seat_before_any_letter_gets_one(db):
    session = TrainingSessionFactory(capacity=1)
    (aline,) = register(session, ALINE)
    register(session, BASILE)
    actions.cancel(aline, by=None)
    actions.tell()
    assert subjects() == ["Inscription annulée", "Une place pour vous, à confirmer"]


def test_cancelling_a_session_leaves_no_other_letter_owed(db):
    session = TrainingSessionFactory()
    register(session, ALINE)
    actions.cancel_session(session, reason="Neige", by=TeamFactory())
    assert (actions.tell(), subjects()) == (0, ["Séance annulée"])


def test_nothing_is_told_of_a_session_that_is_over_nor_to_who_has_no_address(db):
    RegistrationFactory(session=held(), told="")
    RegistrationFactory(email="", entered_by="Odile Fictive", told="")
    assert list(Registration.objects.untold(timezone.now())) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_tell_twelve_people_once_each(monkeypatch):
    monkeypatch.setattr(nudge.current_app, "send_task", lambda name, **options: None)
    session = TrainingSessionFactory(capacity=5)
    for number in range(12):
        register(session, Person(name=f"Personne {number}", email=f"p{number}@exemple.invalid"))
    barrier = threading.Barrier(4)

    def work(_number) -> int:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return actions.tell()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        written = sum(pool.map(work, range(4)))
    assert written == 12
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        f"p{n}@exemple.invalid" for n in range(12)
    )
    assert TrainingSession.objects.get().registrations.confirmed().count() == 5
