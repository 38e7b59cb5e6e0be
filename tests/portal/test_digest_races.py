"""Two workers write one digest at once: one letter each, by the lock, and by the database where it is missing."""

import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import Count
from django.utils import timezone

from actors.actions import subscriptions as verbs
from actors.models import Digest, DigestCopy, Subscription
from outbox.models import Letter
from portal import digest, tasks
from tests.factories.actors import SubscriptionFactory
from tests.factories.projects import ProjectFactory
from tests.outbox.smtp import Server
from tests.outbox.workers import Worker, ask, environment, wait_until, worker

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def readers():
    """Four readers who confirmed long ago, and something to tell them."""
    return a_digest_for(4)


@pytest.fixture(autouse=True)
def real_letters(settings):
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"


@pytest.fixture
def meeting(monkeypatch):
    """Make two workers wait for each other between their look and their letters, `seconds` at most.

    A lock keeps them apart, and then the first waits in vain.
    """
    barrier, compose = threading.Barrier(2), tasks.emails.digest
    wait = {"seconds": 30}

    def wait_and_compose(*args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(wait["seconds"])
        return compose(*args, **kwargs)

    monkeypatch.setattr(tasks.emails, "digest", wait_and_compose)
    return wait


def a_digest_for(count: int) -> list[str]:
    due = digest.due(timezone.now())
    ProjectFactory(published_at=due - timedelta(hours=1))
    emails = [
        SubscriptionFactory(email=f"lectrice{n}@exemple.invalid", confirmed_at=due - timedelta(days=1)).email
        for n in range(count)
    ]
    return sorted(emails)


def unlocked(monkeypatch):
    monkeypatch.setattr(verbs, "_locked_digest", lambda issue: Digest.objects.get(pk=issue.pk))


@contextmanager
def unconstrained():
    """Take away the promise of the database that a subscription has one copy."""
    (promise,) = DigestCopy._meta.constraints
    with connection.schema_editor() as editor:
        editor.remove_constraint(DigestCopy, promise)
    try:
        yield
    finally:
        DigestCopy.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(DigestCopy, promise)


def write_twice() -> list[str]:
    """Write on two connections at once; return what became of each."""
    ends = []

    def write():
        try:
            tasks.write_digests()
            ends.append("written")
        except IntegrityError:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(ends)


def letters_each() -> list[tuple[str, int]]:
    rows = Letter.objects.order_by().values_list("recipients").annotate(Count("pk"))
    return sorted(rows)


def test_without_any_guard_two_workers_write_twice(readers, meeting, monkeypatch):
    unlocked(monkeypatch)
    with unconstrained():
        assert write_twice() == ["written", "written"]
        assert letters_each() == [(email, 2) for email in readers]


def test_without_the_lock_the_database_refuses_the_second(readers, meeting, monkeypatch):
    unlocked(monkeypatch)
    assert write_twice() == ["refused", "written"]
    assert letters_each() == [(email, 1) for email in readers]


def test_two_workers_at_once_write_one_letter_each(readers, meeting):
    meeting["seconds"] = 2
    assert write_twice() == ["written", "written"]
    assert letters_each() == [(email, 1) for email in readers]
    assert Digest.objects.get().finished_at is not None


def test_two_workers_that_share_the_readers_write_one_letter_each(monkeypatch):
    monkeypatch.setattr(verbs, "BATCH", 3)
    readers = a_digest_for(20)
    assert write_twice() == ["written", "written"]
    assert letters_each() == [(email, 1) for email in readers]


def test_a_worker_killed_in_the_middle_leaves_nobody_out_and_writes_to_nobody_twice(tmp_path, monkeypatch):
    readers = a_digest_for(600)
    server = Server()
    server.start()
    try:
        env = environment(tmp_path, server.port)
        victim = Worker(env, "victim")
        try:
            ask(env, "portal.tasks.write_digests")
            wait_until(Letter.objects.exists, "the first letters are written")
        finally:
            victim.kill()
        assert 0 < DigestCopy.objects.count() < 600, "killed in the middle"
        assert DigestCopy.objects.count() == Letter.objects.count()
        with worker(env, "heir"):

            def over() -> bool:
                if Digest.objects.filter(finished_at__isnull=False).exists():
                    return True
                ask(env, "portal.tasks.write_digests")
                time.sleep(1)
                return False

            wait_until(over, "the digest is finished", 120)
    finally:
        server.stop()
    assert letters_each() == [(email, 1) for email in readers]
    assert Subscription.objects.count() == DigestCopy.objects.count() == 600
