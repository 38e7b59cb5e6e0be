"""What the outbox's tests share."""

import socket

import pytest

from outbox import nudge, vetoes
from tests.outbox.smtp import Server


@pytest.fixture(autouse=True)
def outbox_backend(settings, monkeypatch):
    """The real backend in place of Django's test mailbox."""
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    monkeypatch.setattr(vetoes, "_vetoes", [])
    monkeypatch.setattr(nudge, "_silent_until", 0.0)


@pytest.fixture(autouse=True)
def nudges(monkeypatch):
    """The names of the tasks that were asked for, in place of a broker."""
    asked: list[str] = []
    monkeypatch.setattr(nudge.current_app, "send_task", lambda name, **options: asked.append(name))
    return asked


@pytest.fixture
def smtp_server(settings):
    """A real SMTP server that the portal sends to."""
    server = Server()
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 2
    yield server.mailbox
    server.stop()


@pytest.fixture
def free_port():
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def silent_port():
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(20)
        yield listener.getsockname()[1]


@pytest.fixture
def pages(settings, tmp_path):
    """Pages that need no collected static files."""
    settings.STATIC_ROOT = tmp_path
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
