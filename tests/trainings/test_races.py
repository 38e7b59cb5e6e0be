"""Fifty people at once: exactly the seats are given. Without the lock they are not."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.factories.trainings import TrainingSessionFactory
from trainings import actions
from trainings.actions import Person
from trainings.models import TrainingSession

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
    count = actions._count
    monkeypatch.setattr(actions, "_locked", lambda one: TrainingSession.objects.get(pk=one.pk))
    # Positions would collide and hide it: the unique constraint is a second guard, stepped around here.
    positions = iter([0, 1])

    def counted(one):
        people = count(one)
        both_have_counted.wait(timeout=60)
        return dataclasses.replace(people, last=next(positions))

    monkeypatch.setattr(actions, "_count", counted)
    at_once([registering(session, number) for number in range(2)])
    assert session.registrations.confirmed().count() == 2


def test_two_cancellations_at_once_promote_one_person_each_in_order():
    session = TrainingSessionFactory(capacity=2)
    people = [registering(session, number)().registrations[0] for number in range(6)]
    at_once([lambda one=one: actions.cancel(one, by=None) for one in people[:2]])
    assert list(session.registrations.order_by("position").values_list("state", flat=True)) == [
        *("cancelled", "cancelled"),
        *("confirmed", "confirmed"),
        *("waiting", "waiting"),
    ]


def test_without_the_lock_two_cancellations_promote_the_same_person(monkeypatch):
    session = TrainingSessionFactory(capacity=2)
    people = [registering(session, number)().registrations[0] for number in range(6)]
    both_have_counted = threading.Barrier(2)
    count = actions._count
    monkeypatch.setattr(actions, "_locked", lambda one: TrainingSession.objects.get(pk=one.pk))

    def counted(one):
        both_have_counted.wait(timeout=60)
        return count(one)

    monkeypatch.setattr(actions, "_count", counted)
    at_once([lambda one=one: actions.cancel(one, by=None) for one in people[:2]])
    assert session.registrations.confirmed().count() == 1


def test_the_same_form_posted_ten_times_at_once_is_one_registration():
    session = TrainingSessionFactory(capacity=5)
    person = Person(name="Aline Fictive", email="aline@exemple.invalid")
    done = at_once([lambda: actions.register(session=session, people=[person], by=None, nonce="a" * 32)] * 10)
    assert {one.registrations[0].pk for one in done} == {session.registrations.get().pk}
    assert sum(len(one.new) for one in done) == 1
