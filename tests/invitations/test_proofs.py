"""A campaign through real workers, while things break: everyone has one letter, or stands as uncertain."""

import asyncio
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actors import actions as actors
from actors.models import Consent, Contact
from invitations import actions
from invitations.actions import writing
from invitations.choices import State
from invitations.models import Campaign
from outbox import actions as outbox
from outbox.choices import State as LetterState
from outbox.models import Letter
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.invitations import CampaignFactory
from tests.outbox.smtp import Mailbox, Received, Server
from tests.outbox.workers import Worker, ask, environment, wait_until, worker

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

PEOPLE = 120
WAITING = [LetterState.QUEUED, LetterState.CLAIMED, LetterState.SENDING]
SWEEPS = ("invitations.tasks.sweep", "sweep")


@dataclass
class Moody(Mailbox):
    """A server that has its ways with some people: what it does is told by the address, "450.person7@…"."""

    met: Counter = field(default_factory=Counter)

    async def handle_RCPT(self, server, session, envelope, address, options):
        mood = address.partition(".")[0]
        self.met[address] += 1
        if mood == "550":
            return "550 5.1.1 unknown"
        if mood in ("421", "450") and self.met[address] == 1:
            return f"{mood} 4.2.1 later"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server, session, envelope):
        mood = envelope.rcpt_tos[0].partition(".")[0]
        if mood == "hang":  # it has the letter, and says nothing
            self.letters.append(
                Received(envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.content))
            )
            await asyncio.sleep(4)
            return "250 OK"
        if mood == "drop":  # it has half a letter
            server.transport.abort()
            await asyncio.sleep(0)
            return "250 OK"
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def server():
    running = Server(Moody())
    running.start()
    yield running
    running.stop()


def prepared(moods: str = "", people: int = PEOPLE) -> Campaign:
    """A campaign to so many people, of whom the first are as `moods` says."""
    told = moods.split() + ["ok"] * people
    contacts = Contact.objects.bulk_create(
        Contact(name=f"Personne Fictive {n}", email=f"{told[n]}.personne{n}@exemple.invalid")
        for n in range(people)
    )
    Consent.objects.bulk_create(Consent(contact=one, text_version="1", source="preuve") for one in contacts)
    campaign = CampaignFactory()
    actions.prepare(campaign, contacts=contacts, by=None)
    return campaign


def everyone() -> set[str]:
    return set(Contact.objects.exclude(email="").values_list("email", flat=True))


def arrived(server) -> Counter:
    """Address → letters in the server's own mailbox."""
    return Counter(letter.recipients[0] for letter in server.mailbox.letters)


def addresses(state: str) -> set[str]:
    return set(Letter.objects.filter(state=state).values_list("recipients", flat=True))


def finish(env) -> None:
    """Sweep as beat does, and bring the next tries forward, until nothing waits."""

    def over() -> bool:
        Letter.objects.filter(state=LetterState.QUEUED).update(next_try_at=timezone.now())
        if Campaign.objects.get().state == State.RUNNING and not Letter.objects.filter(state__in=WAITING):
            return True
        ask(env, *SWEEPS)
        time.sleep(1)
        return False

    try:
        wait_until(over, "all letters are over", 240)  # a busy machine is no fault
    except AssertionError as late:
        states = Counter(Letter.objects.values_list("state", "last_error"))
        raise AssertionError(f"{late}: {Campaign.objects.get().state}, {states}") from late


def test_killed_in_mid_campaign_and_started_again(server, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 50)
    server.mailbox.pause = 0.01
    env = environment(tmp_path, server.port)
    actions.launch(prepared(), by=None)
    assert (Campaign.objects.get().state, Letter.objects.count()) == (State.LAUNCHING, 50)
    victim = Worker(env, "victim")
    try:
        ask(env, "send_bulk")
        wait_until(lambda: len(server.mailbox.letters) >= 15, "15 letters arrived")
    finally:
        victim.kill()
    assert 0 < len(server.mailbox.letters) < PEOPLE, "killed in the middle"
    with worker(env, "heir"):
        finish(env)
    assert set(arrived(server)) | addresses(LetterState.UNCERTAIN) == everyone()
    assert set(arrived(server).values()) == {1}
    assert len(addresses(LetterState.UNCERTAIN)) <= 1
    assert addresses(LetterState.SENT) | addresses(LetterState.UNCERTAIN) == everyone()


@pytest.mark.redis
@pytest.mark.parametrize(("fail", "heal"), [("stop", "start"), ("pause", "resume")])
def test_redis_fails_in_mid_campaign_and_comes_back(server, tmp_path, redis_servers, fail, heal):
    redis = redis_servers()
    server.mailbox.pause = 0.02
    env = environment(tmp_path, server.port, REDIS_URL=redis.url)
    actions.launch(prepared(), by=None)
    with worker(env, "alone"):
        ask(env, "send_bulk")
        wait_until(lambda: len(server.mailbox.letters) >= 10, "the campaign runs")
        getattr(redis, fail)()
        time.sleep(2)
        getattr(redis, heal)()
        finish(env)
    assert set(arrived(server)) | addresses(LetterState.UNCERTAIN) == everyone()
    assert set(arrived(server).values()) == {1}


@pytest.mark.redis
def test_a_login_code_asked_for_in_mid_campaign_leaves_first(server, tmp_path, redis_servers, client):
    people = 600
    user = User.objects.create_user("ada@commune.exemple")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    server.mailbox.pause = 0.02
    env = environment(tmp_path, server.port, REDIS_URL=redis_servers().url)
    actions.launch(prepared(people=people), by=None)
    with worker(env, "alone"):
        # One worker writes the letters past the first batch, and sends: it does both, by turns.
        ask(env, "send_bulk", *SWEEPS)
        wait_until(lambda: len(server.mailbox.letters) > 20, "the campaign runs")
        client.post(reverse("account_request_login_code"), {"email": user.email})
        asked_after = len(server.mailbox.letters)
        wait_until(lambda: arrived(server)[user.email] == 1, "the code arrives")
    order = [letter.recipients[0] for letter in server.mailbox.letters]
    assert order.index(user.email) - asked_after <= outbox.BATCH + 1
    assert len(order) < people, "letters still waited"
    assert Letter.objects.get(kind="login-code").state == LetterState.SENT


def test_launched_twice_at_once_by_two_people(server, tmp_path):
    campaign = prepared()
    page = reverse("admin:invitations_campaign_launch", args=[campaign.pk])
    people, start, answers = [logged_in(TeamFactory()) for _ in range(2)], threading.Barrier(2), []

    def press(desk):
        try:
            start.wait(10)
            answers.append(desk.post(page).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[desk]) for desk in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [302, 302]
    env = environment(tmp_path, server.port)
    with worker(env, "alone"):
        finish(env)
    assert arrived(server) == dict.fromkeys(everyone(), 1)


def test_who_is_erased_or_opts_out_while_letters_wait_gets_none(server, tmp_path):
    actions.launch(prepared(), by=None)
    erased, out = Contact.objects.order_by("pk")[:20], Contact.objects.order_by("pk")[20:40]
    for contact in out:
        actors.opt_out(contact)
    for contact in erased:
        outbox.erase(address=contact.email)
        Contact.objects.filter(pk=contact.pk).update(email="", name="Personne effacée")
    gone = {contact.email for contact in out}
    env = environment(tmp_path, server.port)
    with worker(env, "alone"):
        finish(env)
    assert arrived(server) == dict.fromkeys(everyone() - gone, 1)
    assert len(server.mailbox.letters) == PEOPLE - 40
    assert addresses(LetterState.CANCELLED) == {outbox.ERASED, *gone}


def test_a_server_in_every_mood(server, tmp_path):
    actions.launch(prepared("450 550 421 hang 450 drop 550 421 hang drop 450 550"), by=None)
    env = environment(tmp_path, server.port, EMAIL_TIMEOUT="1")
    with worker(env, "alone"):
        finish(env)

    def of(*moods):
        return {address for address in everyone() if address.partition(".")[0] in moods}

    assert addresses(LetterState.UNCERTAIN) == of("hang", "drop")
    assert set(Contact.objects.exclude(bounced_at=None).values_list("email", flat=True)) == of("550")
    assert arrived(server) == dict.fromkeys(everyone() - of("550", "drop"), 1)
