"""Proofs with real parts: PostgreSQL, SMTP, Celery workers that are killed without warning."""

import socket
import subprocess
import threading
import time

import pytest
from django.db import connection

from outbox import actions
from outbox.choices import Lane, State
from outbox.models import Letter
from outbox.querysets import LetterQuerySet
from tests.factories.outbox import write_letter, write_many
from tests.outbox.smtp import Server
from tests.outbox.workers import Worker, ask, environment, wait_until, worker

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def server():
    running = Server()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def redis_url(tmp_path):
    """A Redis of this test alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    wait_until(lambda: _answers(port), "Redis answers", 10)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def count(**states) -> int:
    return Letter.objects.filter(**states).count()


def kill_in_mid_batch(env, server, tasks):
    """Run a worker until some letters arrived, kill it in a conversation, and say how many had arrived."""
    before = len(server.mailbox.letters)
    victim = Worker(env, f"victim{before}")
    try:
        ask(env, *tasks)
        wait_until(lambda: len(server.mailbox.letters) >= before + 30, "30 letters arrived")
    finally:
        victim.kill()


@pytest.mark.parametrize("lane", Lane.values)
def test_two_killed_workers_lose_nothing(server, tmp_path, lane):
    kills = 2
    letters = write_many(200, lane=lane)
    server.mailbox.pause = 0.01
    env = environment(tmp_path, server.port)
    for _ in range(kills):
        kill_in_mid_batch(env, server, ["send_bulk" if lane == Lane.BULK else "send_letters"])
    assert 0 < count(state=State.SENT) < 200, "killed in the middle"
    with worker(env, "heir"):
        ask(env, "sweep")
        time.sleep(3.5)  # the lease of what the dead held

        def over():
            if count(state__in=[State.QUEUED, State.CLAIMED, State.SENDING]) == 0:
                return True
            ask(env, "sweep")
            time.sleep(0.5)
            return False

        wait_until(over, "all letters are over")
    written = {letter.message_id for letter in letters}
    times = server.mailbox.times_by_id
    uncertain = set(Letter.objects.filter(state=State.UNCERTAIN).values_list("message_id", flat=True))
    if lane == Lane.TRANSACTIONAL:
        assert uncertain == set()
        assert set(times) == written
        assert sum(times.values()) <= 200 + kills, "at most the letter in hand is sent again"
    else:
        assert len(uncertain) <= kills
        assert set(times) | uncertain == written
        assert set(times.values()) == {1}


def test_two_workers_at_once_send_nothing_twice(server, tmp_path):
    letters = write_many(300, lane="bulk")
    env = environment(tmp_path, server.port)
    with worker(env, "one"), worker(env, "two"):
        ask(env, "send_bulk", "send_bulk", "send_letters", "send_bulk")
        wait_until(lambda: count(state=State.SENT) == 300, "all letters are sent")
    assert server.mailbox.times_by_id == {letter.message_id: 1 for letter in letters}
    assert server.mailbox.connections > 1


@pytest.mark.redis
def test_a_code_leaves_in_front_of_a_campaign_with_one_worker_on_redis(server, tmp_path, redis_url):
    write_many(1000, lane="bulk")
    server.mailbox.pause = 0.02
    env = environment(tmp_path, server.port, REDIS_URL=redis_url)
    with worker(env, "alone"):
        ask(env, "send_bulk")
        wait_until(lambda: len(server.mailbox.letters) > 20, "the campaign runs")
        code = write_letter(secret=True, kind="login-code")
        written_after = len(server.mailbox.letters)
        wait_until(lambda: code.message_id in server.mailbox.times_by_id, "the code arrives")
    ahead = [letter.message_id for letter in server.mailbox.letters].index(code.message_id)
    assert ahead - written_after <= actions.BATCH + 1


def claim_at_once(number: int) -> list[list[int]]:
    """Let `number` workers claim at the same instant, each on its own connection."""
    start, claims = threading.Barrier(number), []

    def claim():
        try:
            start.wait(10)
            claims.append([letter.pk for letter in actions.claim_next(Lane.BULK)])
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return claims


def slow_to_write(monkeypatch):
    """Hold every claim between its look and its write, long enough for the others to look as well."""
    update = LetterQuerySet.update

    def slowly(self, **fields):
        if fields.get("state") == State.CLAIMED:
            time.sleep(0.5)
        return update(self, **fields)

    monkeypatch.setattr(LetterQuerySet, "update", slowly)


def test_without_its_lock_a_claim_is_taken_twice(monkeypatch):
    write_many(80, lane="bulk")
    slow_to_write(monkeypatch)
    monkeypatch.setattr(actions, "_unlocked", lambda letters: letters)
    taken = sum(claim_at_once(4), [])
    assert len(taken) > len(set(taken))


def test_with_its_lock_every_letter_is_claimed_once(monkeypatch):
    write_many(80, lane="bulk")
    slow_to_write(monkeypatch)
    taken = sum(claim_at_once(4), [])
    assert len(taken) == len(set(taken)) == 80


def test_without_their_lock_two_workers_each_send_the_whole_allowance(monkeypatch, settings):
    settings.OUTBOX_BULK_PER_MINUTE = 15
    write_many(80, lane="bulk")
    slow_to_write(monkeypatch)
    monkeypatch.setattr(actions, "_one_count_at_a_time", lambda: None)
    assert sum(map(len, claim_at_once(2))) == 30


def test_with_their_lock_two_workers_share_the_allowance(monkeypatch, settings):
    settings.OUTBOX_BULK_PER_MINUTE = 15
    write_many(80, lane="bulk")
    slow_to_write(monkeypatch)
    assert sum(map(len, claim_at_once(2))) == 15
