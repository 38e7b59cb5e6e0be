"""Two at once: the last referents do not both leave."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from actors import actions
from actors.querysets import ActorQuerySet, MembershipQuerySet
from tests.factories.actors import MembershipFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def leave_together(memberships):
    """Revoke both at once; return how many were let go."""
    ready, done = threading.Barrier(2), []

    def leave(membership):
        try:
            ready.wait(10)
            actions.revoke(membership, by=membership.user)
            done.append(membership)
        except ValidationError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[membership]) for membership in memberships]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return len(done)


def two_referents():
    first = MembershipFactory()
    return [first, MembershipFactory(actor=first.actor)]


def test_of_two_last_referents_who_leave_at_once_one_stays():
    for _ in range(5):
        assert leave_together(two_referents()) == 1


def test_without_the_lock_on_the_actor_both_would_leave(monkeypatch):
    counted, count = threading.Barrier(2), MembershipQuerySet.count

    def count_together(self):
        n = count(self)
        counted.wait(10)
        return n

    referents = two_referents()
    monkeypatch.setattr(ActorQuerySet, "select_for_update", lambda self: self)
    monkeypatch.setattr(MembershipQuerySet, "count", count_together)
    assert leave_together(referents) == 2
