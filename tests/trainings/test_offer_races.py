"""Offers under contention: one seat is one person's. Each guard has a test that fails without its lock."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.utils import timezone

from outbox import nudge
from tests.factories.accounts import TeamFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from trainings import actions
from trainings.actions import Answer, Refused, offers, seats
from trainings.models import Registration, TrainingSession
from typography import dates

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """Nobody listens: letters are written by the tests."""
    monkeypatch.setattr(nudge.current_app, "send_task", lambda name, **options: None)


def at_once(calls):
    """Run all the calls together, each on its own connection; return what they return, or raise."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return call()
        except (Refused, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def without_lock(monkeypatch, meeting: tuple[object, str], *, parties: int = 2) -> None:
    """Read sessions without locking them, and have callers meet once they have read what `meeting` names."""
    for module in (offers, seats):
        monkeypatch.setattr(module, "locked", lambda one, only=(): TrainingSession.objects.get(pk=one.pk))
    owner, name = meeting
    read, all_have_read = getattr(owner, name), threading.Barrier(parties)
    met = threading.local()

    def reading(*args, **kwargs):
        found = read(*args, **kwargs)
        # Each caller once: what it reads later it reads after the others.
        if not getattr(met, "once", False):
            met.once = True
            all_have_read.wait(timeout=60)
        return found

    monkeypatch.setattr(owner, name, reading)


COUNTED = (TrainingSession, "count_free")
READ = (offers, "fresh")


def evening(*states: str, capacity: int, **fields):
    """A session in three weeks, and its people in their order."""
    session = TrainingSessionFactory(capacity=capacity)
    until = timezone.now() + timedelta(hours=fields.pop("hours", 48))
    people = [
        RegistrationFactory(
            session=session,
            position=position,
            state=state,
            offered_until=until if state == "offered" else None,
        )
        for position, state in enumerate(states, start=1)
    ]
    return session, people


def very_near(session) -> TrainingSession:
    """Bring the session to tomorrow minus an hour or more: who confirms first has the seat."""
    soon = timezone.localtime() + timedelta(hours=3)
    TrainingSession.objects.filter(pk=session.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=2))
    session.refresh_from_db()
    return session


def states(session) -> list[str]:
    return list(session.registrations.order_by("pk").values_list("state", flat=True))


def taken(session) -> int:
    return session.registrations.taken().count()


# Two cancellations: see test_races ------------------------------------------------------------------------


def test_a_cancellation_and_an_acceptance_at_once_leave_every_seat_with_one_person():
    session, (aline, basile, _clemence) = evening("confirmed", "offered", "waiting", capacity=2)
    at_once([lambda: actions.cancel(aline, by=None), lambda: actions.accept(basile, by=None)])
    assert states(session) == ["cancelled", "confirmed", "offered"]


def test_the_same_person_who_accepts_and_cancels_at_once_is_one_or_the_other_and_the_seat_is_not_lost():
    session, (_aline, basile, _clemence) = evening("confirmed", "offered", "waiting", capacity=2)
    at_once([lambda: actions.cancel(basile, by=None), lambda: actions.accept(basile, by=None)])
    # Whoever comes first, the person has given up in the end, and the next has the offer.
    assert states(session) == ["confirmed", "cancelled", "offered"]


def test_without_the_lock_only_the_database_keeps_who_gave_up_from_a_seat_that_is_passed_on(monkeypatch):
    session, (_aline, basile, _clemence) = evening("confirmed", "offered", "waiting", capacity=2)
    without_lock(monkeypatch, READ)
    given_up, seat = threading.Event(), offers.seat
    monkeypatch.setattr(seats, "fresh", offers.fresh)

    def seat_after(its_session, one):
        given_up.wait(timeout=60)
        seat(its_session, one)

    monkeypatch.setattr(offers, "seat", seat_after)

    def cancel():
        actions.cancel(basile, by=None)
        given_up.set()

    _cancelled, accepted = at_once([cancel, lambda: actions.accept(basile, by=None)])
    assert "registration_cancelled_says_when" in str(accepted)
    assert states(session) == ["confirmed", "cancelled", "offered"]


def test_staff_and_a_cancellation_at_once_give_one_freed_seat_to_one_person():
    session, (aline, _basile, clemence) = evening("confirmed", "waiting", "waiting", capacity=1)
    team = TeamFactory()
    at_once(
        [
            lambda: actions.cancel(aline, by=None),
            lambda: actions.promote(clemence, reason="Oratrice", by=team),
        ]
    )
    assert taken(session) == 1


def test_without_the_lock_staff_and_the_queue_give_one_seat_to_two(monkeypatch):
    session, (_basile, clemence) = evening("waiting", "waiting", capacity=1)
    team = TeamFactory()
    without_lock(monkeypatch, COUNTED)

    def automatic():
        offers.pass_on(TrainingSession.objects.get(pk=session.pk), by=None)

    at_once([automatic, lambda: actions.promote(clemence, reason="Oratrice", by=team)])
    assert taken(session) == 2


def test_an_offer_accepted_twice_at_once_is_accepted_once():
    _session, (basile,) = evening("offered", capacity=1)
    answers = at_once([lambda: actions.accept(basile, by=None)] * 2)
    assert sorted(answer.name for answer in answers) == ["ALREADY", "SEATED"]


def test_without_the_lock_an_offer_is_accepted_twice(monkeypatch):
    _session, (basile,) = evening("offered", capacity=1)
    without_lock(monkeypatch, READ)
    assert at_once([lambda: actions.accept(basile, by=None)] * 2) == [Answer.SEATED] * 2


def test_an_answer_that_comes_too_late_and_the_sweep_at_once_pass_the_seat_on_once():
    session, (basile, *_others) = evening("offered", "waiting", "waiting", capacity=1, hours=-1)
    answers = at_once([lambda: actions.accept(basile, by=None), actions.expire_offers])
    assert answers[0] in (Answer.TOO_LATE, Answer.NONE_LEFT)
    assert states(session) == ["waiting", "offered", "waiting"]
    assert session.registrations.get(pk=basile.pk).rank == 2


def test_two_sweeps_at_once_pass_a_seat_on_once():
    session, _people = evening("offered", "waiting", "waiting", capacity=1, hours=-1)
    counts = at_once([actions.expire_offers] * 2)
    assert sorted(counts) == [0, 1]
    assert states(session) == ["waiting", "offered", "waiting"]
    assert list(session.registrations.waiting().values_list("position", flat=True)) == [3, 4]


def test_without_the_lock_two_sweeps_both_pass_it_on(monkeypatch):
    session, _people = evening("offered", "waiting", "waiting", capacity=1, hours=-1)
    without_lock(monkeypatch, (offers, "_is_ahead"))
    run_out, both = offers._run_out, threading.Barrier(2)

    def meet(one, due):
        both.wait(timeout=60)
        run_out(one, due)

    monkeypatch.setattr(offers, "_run_out", meet)
    # Both take the same person to the same end of the queue: each counts what one alone should.
    assert at_once([actions.expire_offers] * 2) == [1, 1]
    assert session.registrations.offered().count() == 1


def test_two_who_change_the_capacity_at_once_never_offer_more_seats_than_there_are():
    session, _people = evening("confirmed", *["waiting"] * 6, capacity=1)
    team = TeamFactory()
    at_once(
        [
            lambda: actions.change_capacity(session, capacity=3, by=team),
            lambda: actions.change_capacity(session, capacity=5, by=team),
        ]
    )
    session.refresh_from_db()
    # Three first, then five; or five, under which three is refused.
    assert (session.capacity, taken(session)) == (5, 5)


def test_without_the_lock_a_capacity_falls_below_the_seats_that_are_offered(monkeypatch):
    session, _people = evening("confirmed", *["waiting"] * 6, capacity=2)
    team = TeamFactory()
    for module in (offers, seats):
        monkeypatch.setattr(module, "locked", lambda one, only=(): TrainingSession.objects.get(pk=one.pk))
    more_are_offered = threading.Event()
    both_have_read = threading.Barrier(2)
    save = TrainingSession.save

    def save_after_reading(one, *args, **kwargs):
        both_have_read.wait(timeout=60)
        if one.capacity == 1:
            more_are_offered.wait(timeout=60)
        save(one, *args, **kwargs)

    monkeypatch.setattr(TrainingSession, "save", save_after_reading)

    def more():
        actions.change_capacity(session, capacity=5, by=team)
        more_are_offered.set()

    at_once([more, lambda: actions.change_capacity(session, capacity=1, by=team)])
    session.refresh_from_db()
    assert (session.capacity, taken(session)) == (1, 5)


def test_ten_who_confirm_at_once_very_near_the_session_have_one_seat_between_them():
    session, people = evening(*["waiting"] * 10, capacity=1)
    very_near(session)
    answers = at_once([lambda one=one: actions.accept(one, by=None) for one in people])
    assert sorted(answer.name for answer in answers) == ["NONE_LEFT"] * 9 + ["SEATED"]
    assert taken(session) == 1


def test_without_the_lock_two_who_confirm_at_once_both_have_it(monkeypatch):
    session, people = evening("waiting", "waiting", capacity=1)
    very_near(session)
    without_lock(monkeypatch, COUNTED)
    at_once([lambda one=one: actions.accept(one, by=None) for one in people])
    assert taken(session) == 2


def test_a_seat_and_somebody_new_at_once_are_one_persons():
    session, people = evening("waiting", capacity=1)
    very_near(session)
    newcomer = actions.Person(name="Denis Fictif", email="denis@exemple.invalid")
    at_once(
        [
            lambda: actions.accept(people[0], by=None),
            lambda: actions.register(session=session, people=[newcomer], by=None),
        ]
    )
    assert taken(session) == 1


def test_a_group_larger_than_what_two_cancellations_leave_at_once_is_skipped():
    session, people = evening(
        "confirmed", "confirmed", "waiting", "waiting", "waiting", "waiting", capacity=2
    )
    three = [one.pk for one in people[2:5]]
    Registration.objects.filter(pk__in=three).update(group=people[2].group)
    at_once([lambda one=one: actions.cancel(one, by=None) for one in people[:2]])
    assert states(session) == ["cancelled", "cancelled", "waiting", "waiting", "waiting", "offered"]
    assert session.count_free() == 1


def test_an_offer_whose_letter_fails_after_the_commit_is_told_by_the_next_sweep(monkeypatch):
    session, (aline, basile) = evening("confirmed", "waiting", capacity=1)
    actions.cancel(aline, by=None)

    def fail(messages):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(actions.telling.emails, "send", fail)
        assert at_once([actions.tell] * 3) == [0, 0, 0]
    assert states(session) == ["cancelled", "offered"]
    assert sum(at_once([actions.tell] * 3)) == 2
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([aline.email, basile.email])


@pytest.mark.parametrize("held", [True, False], ids=["held", "only read"])
def test_an_offer_extended_while_its_letter_is_written_is_told_with_its_new_end(monkeypatch, held):
    session, (one,) = evening("offered", capacity=1)
    session.registrations.update(told="waiting", offered_until=timezone.now() + timedelta(hours=2))
    writer, look = threading.Thread(target=in_its_own_connection(actions.tell)), offers._refuse_once_started
    if not held:
        monkeypatch.setattr(offers, "held", lambda mine: Registration.objects.get(pk=mine.pk))

    def write_meanwhile(its_session):
        look(its_session)
        writer.start()
        writer.join(timeout=2)

    monkeypatch.setattr(offers, "_refuse_once_started", write_meanwhile)
    until = actions.extend(one, by=TeamFactory())
    writer.join()
    actions.tell()
    (letter,) = mail.outbox
    assert (dates.moment(until) in letter.body.replace("\n", " ")) is held


def in_its_own_connection(call):
    """Return `call` for a thread, which leaves no connection behind."""

    def run():
        try:
            call()
        finally:
            connection.close()

    return run
