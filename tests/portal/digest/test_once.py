"""To each reader once, whatever dies meanwhile; nobody else, and nothing where there is nothing to say."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as shipped
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from actors import actions
from actors.actions import subscriptions as verbs
from actors.choices import SubscriptionState
from actors.models import Digest, DigestCopy, Subscription
from outbox.models import Letter
from portal import tasks
from tests.factories.actors import SubscriptionFactory
from tests.factories.projects import ProjectFactory
from tests.factories.territory import ThemeFactory
from tests.portal.digest.weeks import DUE, letters, write


def test_beat_asks_for_it():
    asked = {entry["task"] for entry in shipped.CELERY_BEAT_SCHEDULE.values()}
    assert {name for name in asked if name.startswith("portal.")} == {tasks.write_digests.name}


def test_only_who_confirmed_before_the_digest_and_has_not_stopped_gets_it(programme):
    with time_machine.travel(DUE + timedelta(minutes=1), tick=False):
        SubscriptionFactory(email="demain@exemple.invalid")
    for state in SubscriptionState.values:
        SubscriptionFactory(email=f"{state}@exemple.invalid", state=state)
    write(DUE + timedelta(minutes=2))
    assert letters() == {"active@exemple.invalid": 1}


def test_nothing_to_say_no_letter(programme):
    SubscriptionFactory(themes=[ThemeFactory()], about_projects=False)
    write()
    assert (letters(), DigestCopy.objects.count()) == ({}, 0)
    assert Digest.objects.get().finished_at == DUE


def test_a_week_without_anything_writes_to_nobody(db):
    SubscriptionFactory()
    write()
    assert letters() == {}


def test_the_same_is_told_once_and_the_next_week_what_came_since(programme):
    SubscriptionFactory()
    for minutes in (0, 1, 60 * 24 * 6):
        write(DUE + timedelta(minutes=minutes))
    assert letters().total() == 1
    with time_machine.travel(DUE + timedelta(days=1), tick=False):
        ProjectFactory(title="Projet suivant")
    write(DUE + timedelta(days=7))
    assert letters().total() == 2
    assert Letter.objects.latest("pk").subject == "Projet suivant"


class Killed(BaseException):
    """Stands for a worker's death: nothing catches it."""


@pytest.fixture
def readers(programme, monkeypatch):
    """Seven readers, looked at two by two."""
    monkeypatch.setattr(verbs, "BATCH", 2)
    return [SubscriptionFactory(email=f"lectrice{n}@exemple.invalid") for n in range(7)]


def everyone_once(readers) -> dict[str, int]:
    return {one.email: 1 for one in readers}


def die_at(monkeypatch, nth: int) -> None:
    """Die while the `nth` letter of the next run is written."""
    build, count = tasks.emails.digest, iter(range(1, 1000))

    def fatal(*args, **kwargs):
        if next(count) == nth:
            raise Killed
        return build(*args, **kwargs)

    monkeypatch.setattr(tasks.emails, "digest", fatal)


@pytest.mark.parametrize("nth", range(1, 8))
def test_killed_at_any_letter_and_run_again_each_has_exactly_one(readers, monkeypatch, nth):
    with monkeypatch.context() as mortal:
        die_at(mortal, nth)
        with pytest.raises(Killed):
            write()
    assert letters().total() == DigestCopy.objects.count() == (nth - 1) // 2 * 2
    write(DUE + timedelta(hours=3))
    assert letters() == everyone_once(readers)
    assert DigestCopy.objects.count() == 7


def test_killed_between_the_copies_and_their_letters_nobody_is_lost(readers, monkeypatch):
    with monkeypatch.context() as mortal:
        mortal.setattr(verbs.emails, "send", lambda messages: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            write()
    assert DigestCopy.objects.count() == 0
    write()
    assert letters() == everyone_once(readers)


def test_letters_written_outside_the_transaction_would_be_written_twice(readers, monkeypatch):
    """What the guard is for: with letters that do not share the fate of the copies, a death doubles them."""
    sent = Counter()
    actions.open_digest(DUE)
    with monkeypatch.context() as apart:
        apart.setattr(verbs.emails, "send", lambda messages: sent.update(one.to[0] for one in messages))
        apart.setattr(Digest, "save", lambda *args, **kwargs: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            write()
    write()
    assert (sent + letters()).most_common(1)[0][1] == 2
    assert letters() == everyone_once(readers)


def test_a_digest_that_forgot_how_far_it_was_is_refused_by_the_database(readers):
    write()
    Digest.objects.update(walked_to=0, finished_at=None)
    with pytest.raises(IntegrityError):
        write()


def test_an_unfinished_digest_is_finished_before_the_next_begins(readers, monkeypatch):
    with monkeypatch.context() as mortal:
        die_at(mortal, 4)
        with pytest.raises(Killed):
            write()
    with time_machine.travel(DUE + timedelta(days=1), tick=False):
        ProjectFactory(title="Projet suivant")
    write(DUE + timedelta(days=7))
    assert letters() == {one.email: 2 for one in readers}
    assert Digest.objects.filter(finished_at=None).count() == 0


def test_a_turn_ends_after_its_seconds_and_the_next_goes_on(readers, monkeypatch):
    monkeypatch.setattr(tasks, "TURN", 0)
    counts = []
    for minute in range(5):
        write(DUE + timedelta(minutes=minute))
        counts.append(letters().total())
    assert counts == [2, 4, 6, 7, 7]


def test_a_reader_more_costs_no_query(programme, monkeypatch):
    monkeypatch.setattr(verbs, "BATCH", 10)

    def cost(readers: int) -> int:
        Digest.objects.all().delete()
        while Subscription.objects.count() < readers:
            SubscriptionFactory(themes=[programme["energy"]], municipalities=[programme["jodoigne"]])
        with CaptureQueriesContext(connection) as asked:
            write()
        return len(asked)

    assert cost(1) == cost(6)
    assert letters().total() == 7
