"""What the tests of invitations share: the real outbox, and no broker."""

import pytest

from outbox import nudge


@pytest.fixture(autouse=True)
def outbox_backend(settings, monkeypatch):
    """The real backend in place of Django's test mailbox; nobody is nudged."""
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    monkeypatch.setattr(nudge.current_app, "send_task", lambda name, **options: None)
