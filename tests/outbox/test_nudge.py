"""The nudge: once a transaction, never in the way of whoever writes a letter."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.mail import send_mail
from django.db import transaction

from outbox import nudge
from outbox.models import Letter
from tests.factories.outbox import write_letter, write_many

ROOT = Path(__file__).resolve().parents[2]

PUBLISH = """
import django
django.setup()
from outbox import nudge
print([nudge.now("transactional") for _ in range(3)])
"""


def publish(url: str) -> str:
    """Nudge three times in a process of its own, with the shipped settings and that Redis."""
    return subprocess.run(
        [sys.executable, "-c", PUBLISH],
        cwd=ROOT,
        env={
            **os.environ,
            "DEMONSTRATION": "1",
            "DJANGO_SETTINGS_MODULE": "smartrural.settings",
            "REDIS_URL": url,
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=40,  # without the shipped limits a silent Redis holds the page longer than that
    ).stdout.strip()


def test_a_redis_that_refuses_hurts_nobody(free_port):
    assert publish(f"redis://127.0.0.1:{free_port}/0") == "[False, False, False]"


def test_a_redis_that_stays_silent_hurts_nobody_for_long(silent_port):
    assert publish(f"redis://127.0.0.1:{silent_port}/0") == "[False, False, False]"


def test_after_a_failure_the_broker_is_left_alone(monkeypatch, settings):
    tries = []

    def refuse(name, **options):
        tries.append(options)
        raise ConnectionRefusedError

    monkeypatch.setattr(nudge.current_app, "send_task", refuse)
    assert [nudge.now("bulk") for _ in range(3)] == [False] * 3
    assert tries == [{"retry": False}]
    monkeypatch.setattr(nudge, "_silent_until", 0.0)
    nudge.now("bulk")
    assert len(tries) == 2


@pytest.mark.django_db(transaction=True)
def test_a_letter_survives_a_broker_that_fails(monkeypatch, smtp_server):
    def refuse(name, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr(nudge.current_app, "send_task", refuse)
    with transaction.atomic():
        letter = write_letter()
    letter.refresh_from_db()
    assert letter.state == "queued"


@pytest.mark.django_db(transaction=True)
def test_one_nudge_a_lane_and_transaction(nudges):
    with transaction.atomic():
        write_many(3, lane="bulk")
        with transaction.atomic():
            write_letter(lane="bulk")
            write_letter()
        assert nudges == []
    assert nudges == ["outbox.tasks.send_bulk", "outbox.tasks.send_letters"]


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_rolled_back_takes_only_its_own_nudge_away(nudges):
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            write_letter(subject="Perdue")
            _ = 1 / 0
        write_letter(subject="Gardée")
    assert nudges == ["outbox.tasks.send_letters"]
    assert list(Letter.objects.values_list("subject", flat=True)) == ["Gardée"]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_row_and_the_nudge_are_immediate(nudges):
    send_mail("Bonjour", "…", None, ["ada@commune.example"])
    assert (Letter.objects.count(), nudges) == (1, ["outbox.tasks.send_letters"])
