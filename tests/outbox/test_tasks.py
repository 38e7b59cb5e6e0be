"""What the workers and the command do with due letters."""

from fnmatch import fnmatch
from io import StringIO

import pytest
from celery import current_app
from django.conf import settings as shipped
from django.core.management import call_command

from outbox import figures, tasks
from outbox.models import Letter
from tests.factories.outbox import write_letter, write_many

pytestmark = pytest.mark.django_db


def test_the_sweep_sends_both_lanes(smtp_server):
    write_many(3, lane="bulk")
    write_letter()
    tasks.sweep()
    assert figures.count_by_state() == [
        ("en attente", 0),
        ("réservée", 0),
        ("en cours d’envoi", 0),
        ("envoyée", 4),
        ("en échec", 0),
        ("incertaine", 0),
        ("annulée", 0),
    ]
    assert figures.count_needing_a_person() == 0


@pytest.mark.parametrize(
    ("task", "lane"),
    [(tasks.send_letters, "transactional"), (tasks.send_bulk, "bulk")],
    ids=["transactional", "bulk"],
)
def test_a_turn_that_ends_early_asks_for_the_next(smtp_server, nudges, settings, task, lane):
    settings.OUTBOX_TURN = 0
    write_letter(lane=lane)
    nudges.clear()
    task()
    assert nudges == [f"outbox.tasks.{task.name.rpartition('.')[2]}"]
    settings.OUTBOX_TURN = 3
    nudges.clear()
    task()
    assert (nudges, Letter.objects.get().state) == ([], "sent")


def test_urgent_letters_never_wait_in_the_bulk_queue():
    routes = shipped.CELERY_TASK_ROUTES
    queues = {
        name: next((route["queue"] for pattern, route in routes.items() if fnmatch(name, pattern)), "letters")
        for name in sorted(current_app.tasks)
        if name.startswith("outbox.")
    }
    assert queues == {
        "outbox.tasks.empty_bodies": "letters",
        "outbox.tasks.send_bulk": "bulk",
        "outbox.tasks.send_letters": "letters",
        "outbox.tasks.sweep": "letters",
    }


def test_beat_sweeps_and_empties():
    asked = {entry["task"] for entry in shipped.CELERY_BEAT_SCHEDULE.values()}
    ours = {name for name in asked if name.startswith("outbox.")}
    assert ours == {tasks.sweep.name, tasks.empty_bodies.name}


def test_without_a_worker_one_command_sends(smtp_server):
    write_many(25, lane="bulk")
    out = StringIO()
    call_command("send_letters", stdout=out)
    assert out.getvalue() == "envoyée : 25\n"
    assert len(smtp_server.letters) == 25
