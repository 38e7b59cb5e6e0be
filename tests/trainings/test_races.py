"""Fifty people at once: exactly the seats are given. Without the lock they are not."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from trainings import actions
from trainings.actions import Person, attendance, seats
from trainings.models import Registration, TrainingSession

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(calls):
    """Run all the calls together, each on its own connection; return what they return."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def registering(session, number):
    """Return what registers person number so-and-so."""
    person = Person(name=f"Personne Fictive {number}", email=f"p{number}@exemple.invalid")
    return lambda: actions.register(session=session, people=[person], by=None)


def test_fifty_people_at_once_for_seven_seats_get_seven_and_the_others_distinct_ranks():
    session = TrainingSessionFactory(capacity=7)
    at_once([registering(session, number) for number in range(50)])
    registrations = list(session.registrations.order_by("position"))
    assert [one.state for one in registrations] == ["confirmed"] * 7 + ["waiting"] * 43
    assert [one.position for one in registrations] == list(range(1, 51))
    assert [one.rank for one in registrations[7:]] == list(range(1, 44))


def test_without_the_lock_one_seat_is_given_twice(monkeypatch):
    session = TrainingSessionFactory(capacity=1)
    both_have_counted = threading.Barrier(2)
    count = seats._count
    monkeypatch.setattr(seats, "locked", lambda one, only=(): TrainingSession.objects.get(pk=one.pk))
    # Positions would collide and hide it: the unique constraint is a second guard, stepped around here.
    positions = iter([0, 1])

    def counted(one, keys=()):
        people = count(one, keys)
        both_have_counted.wait(timeout=60)
        return dataclasses.replace(people, last=next(positions))

    monkeypatch.setattr(seats, "_count", counted)
    at_once([registering(session, number) for number in range(2)])
    assert session.registrations.confirmed().count() == 2


def test_two_cancellations_at_once_offer_two_seats_to_two_people_in_order():
    session = TrainingSessionFactory(capacity=2)
    people = [registering(session, number)().registrations[0] for number in range(6)]
    at_once([lambda one=one: actions.cancel(one, by=None) for one in people[:2]])
    assert list(session.registrations.order_by("position").values_list("state", flat=True)) == [
        *("cancelled", "cancelled"),
        *("offered", "offered"),
        *("waiting", "waiting"),
    ]


def test_without_the_lock_two_cancellations_offer_a_seat_to_the_same_person(monkeypatch):
    session = TrainingSessionFactory(capacity=2)
    people = [registering(session, number)().registrations[0] for number in range(6)]
    both_have_counted = threading.Barrier(2)
    count = TrainingSession.count_free
    monkeypatch.setattr(seats, "locked", lambda one, only=(): TrainingSession.objects.get(pk=one.pk))

    def counted(one):
        both_have_counted.wait(timeout=60)
        return count(one)

    monkeypatch.setattr(TrainingSession, "count_free", counted)
    at_once([lambda one=one: actions.cancel(one, by=None) for one in people[:2]])
    assert session.registrations.offered().count() == 1


def there_on_two_days():
    """Return somebody marked present on two days, and what marks them absent on each."""
    today = timezone.localdate()
    session = TrainingSessionFactory(days=[today - timedelta(days=2), today - timedelta(days=1)])
    registration = RegistrationFactory(session=session, attended=True)
    for day in session.days.all():
        registration.marks.create(day=day, attended=True)
    return registration, [
        lambda day=day: actions.mark_attendance(registration, day=day, attended=False, by=None)
        for day in session.days.all()
    ]


def test_two_days_of_a_person_marked_at_once_agree_with_what_is_derived():
    registration, taps = there_on_two_days()
    at_once(taps)
    registration.refresh_from_db()
    assert list(registration.marks.values_list("attended", flat=True)) == [False, False]
    assert registration.attended is False


def test_without_the_lock_a_person_absent_on_both_days_came(monkeypatch):
    registration, taps = there_on_two_days()
    both_have_read = threading.Barrier(2)
    came = attendance._came
    monkeypatch.setattr(attendance, "held", lambda one: Registration.objects.get(pk=one.pk))

    def read(one):
        found = came(one)
        both_have_read.wait(timeout=60)
        return found

    monkeypatch.setattr(attendance, "_came", read)
    at_once(taps)
    registration.refresh_from_db()
    assert registration.attended is True


def test_two_people_who_mark_one_list_at_once_do_not_undo_each_other():
    yesterday = timezone.localdate() - timedelta(days=1)
    session = TrainingSessionFactory(days=[yesterday], capacity=8)
    people = [RegistrationFactory(session=session, position=number) for number in range(1, 9)]
    day = session.days.get()
    at_once(
        [
            lambda one=one: actions.mark_attendance(one, day=day, attended=one.position % 2 == 0, by=None)
            for one in people
        ]
    )
    marks = day.marks.order_by("registration__position").values_list("attended", flat=True)
    assert list(marks) == [False, True] * 4


def test_the_same_form_posted_ten_times_at_once_is_one_registration():
    session = TrainingSessionFactory(capacity=5)
    person = Person(name="Aline Fictive", email="aline@exemple.invalid")
    done = at_once([lambda: actions.register(session=session, people=[person], by=None, nonce="a" * 32)] * 10)
    assert {one.registrations[0].pk for one in done} == {session.registrations.get().pk}
    assert sum(len(one.new) for one in done) == 1
