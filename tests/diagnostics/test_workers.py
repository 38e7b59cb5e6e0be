"""A report and its worker, as real processes: killed in the middle, it is made once by the next one."""

import hashlib
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.utils import timezone

from accounts.models import JournalEntry
from diagnostics import tasks
from diagnostics.choices import State
from diagnostics.models import Diagnostic
from tests.factories.diagnostics import DiagnosticFactory, SnapshotFactory
from tests.outbox.workers import Worker, environment, wait_until, worker

pytestmark = [
    pytest.mark.postgresql,  # the workers are processes: they cannot share an SQLite database in memory
    pytest.mark.django_db(transaction=True),
]
LAYOUT = 240
"""Seconds that a sheet and a report may take on a busy machine."""
NOBODY_LISTENS = 9


def stored(media) -> list[str]:
    root = media / "private"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_report_whose_worker_is_killed_is_made_once_by_the_next_one(media):
    diagnostic = DiagnosticFactory(state=State.RENDERING)
    SnapshotFactory(diagnostic=diagnostic)
    mine = Diagnostic.objects.filter(pk=diagnostic.pk)
    env = environment(project.VAR_DIR, NOBODY_LISTENS, MEDIA_ROOT=str(media))
    victim = Worker(env, "victim", "reports")
    try:
        tasks.sweep.delay()
        wait_until(lambda: mine.filter(done=2).exists(), "the sheet is laid out, the report begun", LAYOUT)
    finally:
        victim.kill()
    held = mine.get()
    assert (held.state, held.attempts, stored(media)) == (State.RENDERING, 1, [])
    assert not Diagnostic.objects.free(timezone.now()).exists(), "the dead one’s lease still holds"

    mine.update(leased_until=timezone.now() - timedelta(seconds=1))
    with worker(env, "heir", "reports"):
        for _twice in range(2):
            tasks.sweep.delay()
        wait_until(lambda: mine.filter(state=State.READY).exists(), "the report is ready", LAYOUT)
        tasks.sweep.delay()

    made = mine.get()
    assert made.attempts == 2
    assert list(JournalEntry.objects.values_list("verb", flat=True)) == ["diagnostic.rendered"]
    assert stored(media) == sorted([made.sheet.name, made.report.name])
    for name in ("sheet", "report"):
        content = getattr(made, name).read()
        getattr(made, name).close()
        assert content.startswith(b"%PDF-")
        assert hashlib.sha256(content).hexdigest() == getattr(made, f"{name}_sha256")
