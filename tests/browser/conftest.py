"""What the long walks share: the project's own territory, and real workers."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.conf import settings as project
from django.core.management import call_command

from outbox import nudge
from tests.outbox.workers import Worker, environment, worker

Workers = Callable[[str], AbstractContextManager[Worker]]


@pytest.fixture
def territory(transactional_db) -> None:
    """The project's own `data/`."""
    call_command("load_territory", verbosity=0)


@pytest.fixture
def workers(live_server, settings, smtp_server, monkeypatch) -> Workers:
    """A function that runs a worker for some queues; the portal's own broker and store lead to it.

    Links in letters, whoever writes them, lead to the live server.
    """
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    settings.SITE_URL = live_server.url
    monkeypatch.setattr(nudge, "_silent_until", 0.0)
    env = environment(project.VAR_DIR, smtp_server.port, SITE_URL=live_server.url)
    return lambda queues: worker(env, queues.replace(",", "-"), queues)
