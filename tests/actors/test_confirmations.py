"""Once a year the referents are asked whether the sheet is right: once, whatever happens to the task."""

import re
import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import links
from accounts.models import JournalEntry
from actors import actions, tasks
from actors.actions import confirmations
from actors.anniversaries import months_before
from actors.choices import MembershipRole, MembershipState, State
from actors.emails import sheets as letters
from actors.models import Actor
from actors.querysets import ActorQuerySet
from actors.views.sheets import CONFIRMATIONS_A_DAY
from tests.factories.actors import ActorFactory, MembershipFactory

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2027, 5, 12, 8, 30, tzinfo=BRUSSELS)


def sheet(**facts) -> Actor:
    """A sheet that a referent keeps, created two years ago."""
    facts = {"name": "Les Jardins Fictifs", "created_at": NOW - timedelta(days=730), **facts}
    actor = ActorFactory(**facts)
    MembershipFactory(actor=actor, user__email=f"colette{actor.pk}@exemple.invalid")
    return actor


def told() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


# The day of last year


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [
        ((2028, 2, 29), 12, (2027, 2, 28)),
        ((2028, 2, 29), 13, (2027, 1, 29)),
        ((2028, 2, 29), 48, (2024, 2, 29)),
        ((2027, 3, 31), 1, (2027, 2, 28)),
        ((2027, 1, 15), 13, (2025, 12, 15)),
        ((2027, 12, 1), 12, (2026, 12, 1)),
    ],
)
def test_months_before_a_day_end_with_their_month(moment, months, before):
    found = months_before(datetime(*moment, 9, 0, tzinfo=BRUSSELS), months)
    assert (found.year, found.month, found.day, found.hour) == (*before, 9)


def test_an_hour_that_does_not_exist_a_month_before_is_no_error():
    assert months_before(datetime(2027, 4, 28, 2, 30, tzinfo=BRUSSELS), 1).day == 28


# Who is asked


def test_referents_alone_are_asked_and_the_letter_shows_what_is_public(db):
    actor = sheet(summary="Des haies.", phone="010 00 00 01", street="Rue Fictive 1")
    MembershipFactory(actor=actor, role=MembershipRole.EDITOR)
    MembershipFactory(actor=actor, state=MembershipState.REQUESTED)
    second = MembershipFactory(actor=actor)
    assert actions.ask_for_confirmations(now=NOW) == 1
    assert told() == sorted([f"colette{actor.pk}@exemple.invalid", second.user.email])
    letter = mail.outbox[0]
    assert letter.subject == "Les Jardins Fictifs\u00a0: la fiche est-elle juste\u00a0?"
    assert (letter.extra_headers["X-Lane"], letter.extra_headers["X-Letter-Kind"]) == (
        "bulk",
        "actor.confirm",
    )
    for words in ("Des haies.", "010 00 00 01", "/fiche/lien/", f"/espace/{actor.slug}/fiche/"):
        assert words in letter.body


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({}, 1),
        ({"created_at": NOW - timedelta(days=300)}, 0),
        ({"confirmed_at": NOW - timedelta(days=300)}, 0),
        ({"confirmed_at": NOW - timedelta(days=366)}, 1),
        ({"confirmation_asked_at": NOW - timedelta(days=300), "confirmation_round": 1}, 0),
        ({"confirmation_asked_at": NOW - timedelta(days=366), "confirmation_round": 1}, 1),
        ({"state": State.ARCHIVED}, 0),
        ({"state": State.PENDING}, 0),
    ],
)
def test_a_sheet_is_asked_about_once_a_year(db, facts, asked):
    sheet(**facts)
    assert actions.ask_for_confirmations(now=NOW) == asked


def test_a_sheet_without_referent_is_the_team_s_to_look_at(db):
    ActorFactory(created_at=NOW - timedelta(days=730))
    assert actions.ask_for_confirmations(now=NOW) == 0


@time_machine.travel(datetime(2028, 2, 29, 8, 30, tzinfo=BRUSSELS), tick=False)
def test_the_task_runs_on_the_29th_of_february(db):
    sheet()
    tasks.ask_for_confirmations()
    assert len(mail.outbox) == 1


# Once, whatever happens


def test_a_task_that_runs_again_writes_to_nobody_twice(db):
    sheet()
    assert [actions.ask_for_confirmations(now=NOW + timedelta(days=n)) for n in range(3)] == [1, 0, 0]
    assert len(mail.outbox) == 1


def test_two_tasks_that_found_the_same_sheets_write_once(db):
    actor = sheet()
    assert [confirmations.ask_for_confirmation(actor.pk, now=NOW) for _run in range(2)] == [True, False]
    assert len(mail.outbox) == 1


def test_without_asking_again_under_the_lock_both_would_write(db, monkeypatch):
    actor = sheet()
    monkeypatch.setattr(ActorQuerySet, "to_ask_for_confirmation", lambda self, moment: self)
    assert [confirmations.ask_for_confirmation(actor.pk, now=NOW) for _run in range(2)] == [True, True]
    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("real_outbox")
def test_a_task_killed_between_two_letters_wrote_neither_and_the_next_writes_both(db, monkeypatch):
    from outbox.models import Letter

    actor = sheet()
    MembershipFactory(actor=actor)
    write, written = letters.confirmation_asked, []

    def killed(*args, **kwargs):
        if written:
            raise KeyboardInterrupt
        written.append(1)
        return write(*args, **kwargs)

    monkeypatch.setattr(letters, "confirmation_asked", killed)
    with pytest.raises(KeyboardInterrupt):
        actions.ask_for_confirmations(now=NOW)
    actor.refresh_from_db()
    assert (Letter.objects.count(), actor.confirmation_asked_at) == (0, None)
    monkeypatch.setattr(letters, "confirmation_asked", write)
    assert [actions.ask_for_confirmations(now=NOW) for _run in range(2)] == [1, 0]
    assert Letter.objects.count() == 2


@pytest.fixture
def real_outbox(settings):
    """Letters are rows, in the transaction of who writes them."""
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"


def ask_together(pk: int) -> list[bool]:
    """Ask about one sheet from two workers at once."""
    ready, done = threading.Barrier(2), []

    def ask():
        try:
            ready.wait(10)
            done.append(confirmations.ask_for_confirmation(pk, now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(done)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once():
    for _ in range(5):
        assert ask_together(sheet().pk) == [False, True]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_workers_at_once_would_ask_twice(monkeypatch):
    read, first = threading.Barrier(2), ActorQuerySet.first

    def read_together(self):
        found = first(self)
        if "confirmation_asked_at" in str(self.query.where):
            read.wait(10)
        return found

    actor = sheet()
    monkeypatch.setattr(ActorQuerySet, "select_for_update", lambda self: self)
    monkeypatch.setattr(ActorQuerySet, "first", read_together)
    assert ask_together(actor.pk) == [True, True]


# The link


@pytest.fixture
def asked(db):
    """A referent who was asked a moment ago."""
    actor = sheet(slug="jardins", created_at=timezone.now() - timedelta(days=730), summary="Des haies.")
    actions.ask_for_confirmations()
    mail.outbox.clear()
    return actor.memberships.select_related("actor", "user").get()


def link(membership, *, days=1, purpose=letters.CONFIRM, version=None) -> str:
    expires = timezone.now() + timedelta(days=days)
    version = membership.actor.confirmation_round if version is None else version
    return reverse(
        "actors:confirm", args=[links.make(purpose, membership.public_id, version=version, expires=expires)]
    )


def test_opening_the_link_changes_nothing_and_the_button_confirms_once(client, asked):
    address = link(asked)
    assert "Des haies." in client.get(address).text
    asked.actor.refresh_from_db()
    assert asked.actor.confirmed_at is None
    for _twice in range(2):
        assert client.post(address)["Location"] == address
    assert "C’est confirmé, merci" in client.get(address).text
    assert list(JournalEntry.objects.filter(verb="actor.confirmed").values_list("by_label", flat=True)) == [
        str(asked.user)
    ]
    assert "Fiche confirmée le" in client.get("/acteurs/jardins/").text
    assert not Actor.objects.unconfirmed_since(timezone.now() - timedelta(days=1)).exists()


def test_what_one_referent_confirmed_the_other_reads_as_done(client, asked):
    other = MembershipFactory(actor=asked.actor)
    client.post(link(asked))
    assert "C’est confirmé" in client.get(link(other)).text


def test_links_tampered_of_another_purpose_or_of_last_year_are_not_found(client, asked):
    good = link(asked)
    for address in (
        good[:-2] + "x/",
        link(asked, purpose="membership.accept"),
        link(asked, version=0),
        link(asked, version=2),
    ):
        assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]


def test_a_link_that_is_too_old_offers_a_new_one_to_the_referent_on_record(client, asked):
    old = link(asked, days=-1)
    page = client.get(old)
    assert (page.status_code, "Recevoir un nouveau lien" in page.text, mail.outbox) == (410, True, [])
    sent = client.post(old)
    assert (sent.status_code, "Jardins" in page.text + sent.text) == (200, False)
    [letter] = mail.outbox
    assert (letter.to, letter.extra_headers["X-Lane"]) == ([asked.user.email], "transactional")
    [fresh] = set(re.findall(r"/fiche/lien/[^\s\"<]+", letter.body))
    assert client.get(fresh).status_code == 200
    asked.actor.refresh_from_db()
    assert asked.actor.confirmed_at is None


def test_a_new_link_is_written_only_while_there_is_something_to_ask_and_not_without_end(client, asked):
    old = link(asked, days=-1)
    for _turn in range(CONFIRMATIONS_A_DAY + 2):
        assert client.post(old).status_code == 200
    assert len(mail.outbox) == CONFIRMATIONS_A_DAY
    mail.outbox.clear()
    cache.clear()
    actions.confirm(asked.actor, by=asked.user)
    assert (client.post(old).status_code, mail.outbox) == (200, [])
    MembershipFactory(actor=asked.actor)
    actions.revoke(asked, by=asked.user)
    mail.outbox.clear()
    assert (client.post(old).status_code, mail.outbox) == (200, [])


def test_the_link_of_who_left_is_not_found(client, asked):
    MembershipFactory(actor=asked.actor)
    actions.revoke(asked, by=asked.user)
    assert client.post(link(asked)).status_code == 404


def test_saving_the_sheet_confirms_it(client, asked):
    client.force_login(asked.user)
    form = client.get("/espace/jardins/fiche/").context["form"]
    client.post("/espace/jardins/fiche/", {"summary": "Des haies.", "seen": form["seen"].value()})
    asked.actor.refresh_from_db()
    assert asked.actor.confirmed_at is not None
