"""Launch pressed twice at once: one letter each, by the lock, and by the database where the lock is missing."""

import threading
from contextlib import contextmanager, suppress

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from invitations import actions
from invitations.actions import launching, writing
from invitations.choices import State
from invitations.models import Campaign, Invitation, Sending
from outbox.models import Letter
from tests.factories.invitations import CampaignFactory, launched_campaign, writable_contact

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign():
    campaign = CampaignFactory()
    actions.prepare(campaign, contacts=[writable_contact(), writable_contact()], by=None)
    return campaign


@pytest.fixture
def meeting(monkeypatch):
    """Make two launches wait for each other between their look and their letters, `seconds` at most.

    A lock keeps them apart, and then the first waits in vain.
    """
    barrier, ask = threading.Barrier(2), launching.why_no_launch
    wait = {"seconds": 30}

    def wait_and_ask(campaign):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(wait["seconds"])
        return ask(campaign)

    monkeypatch.setattr(launching, "why_no_launch", wait_and_ask)
    return wait


def unlocked(monkeypatch):
    monkeypatch.setattr(launching, "locked_row", lambda campaign: Campaign.objects.get(pk=campaign.pk))


@contextmanager
def unconstrained():
    """Take away the promise of the database that an invitation has one first letter."""
    (promise,) = [one for one in Sending._meta.constraints if one.name == "one_first_letter_an_invitation"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Sending, promise)
    try:
        yield
    finally:
        Sending.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Sending, promise)


def launch_twice(campaign) -> list:
    """Launch on two connections at once; return what each answered, an exception included."""
    answers = []

    def launch():
        try:
            answers.append(actions.launch(Campaign.objects.get(pk=campaign.pk), by=None))
        except IntegrityError as error:
            answers.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=launch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def letters_each() -> list[int]:
    return [
        Letter.objects.about(str(public_id)).count()
        for public_id in Invitation.objects.values_list("public_id", flat=True)
    ]


def test_without_any_guard_two_launches_write_twice(campaign, meeting, monkeypatch):
    unlocked(monkeypatch)
    # The letters' own promise (one letter, one sending) would catch it too.
    monkeypatch.setattr(QuerySet, "bulk_update", lambda *args, **options: 0)
    with unconstrained():
        assert launch_twice(campaign) == [2, 2]
        assert letters_each() == [2, 2]


def test_without_the_lock_the_database_refuses_the_second(campaign, meeting, monkeypatch):
    unlocked(monkeypatch)
    assert sorted(launch_twice(campaign), key=str) == [2, IntegrityError]
    assert letters_each() == [1, 1]


def test_two_launches_at_once_write_one_letter_each(campaign, meeting):
    meeting["seconds"] = 2
    assert sorted(launch_twice(campaign)) == [0, 2]
    assert letters_each() == [1, 1]
    assert Campaign.objects.get().state == State.RUNNING


def test_two_workers_that_go_on_at_once_write_one_letter_each(monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 2)
    campaign = launched_campaign(4)

    def go_on():
        try:
            actions.write_next(Campaign.objects.get(pk=campaign.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=go_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert letters_each() == [1, 1, 1, 1]
