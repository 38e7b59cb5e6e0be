"""A word to the workers that letters wait. Nothing depends on it: the periodic sweep is the guarantee."""

import logging
import time
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction

from outbox.choices import Lane

logger = logging.getLogger(__name__)
_TASKS = {Lane.TRANSACTIONAL: "outbox.tasks.send_letters", Lane.BULK: "outbox.tasks.send_bulk"}
_silent_until = 0.0


def after_commit(lane: str) -> None:
    """Nudge once the current transaction is committed; once, however many letters it wrote."""
    callback = _CALLBACKS[Lane(lane)]
    if any(callback is waiting for _, waiting, _ in transaction.get_connection().run_on_commit):
        return
    transaction.on_commit(callback, robust=True)


def now(lane: str) -> bool:
    """Tell the workers of a lane; return whether the broker took it. Never raises.

    A broker that refuses or stays silent costs its timeout once; then this process leaves it alone for a
    while, so that the pages that follow cost nothing.
    """
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        # By name: tasks stand above actions, and this word goes up to them.
        current_app.send_task(_TASKS[Lane(lane)], retry=False)
    except Exception as trouble:  # whatever the broker's client raises, the letter is safe in its row
        _silent_until = time.monotonic() + settings.OUTBOX_NUDGE_PAUSE
        logger.warning("The broker did not take the nudge (%s): the sweep will send.", type(trouble).__name__)
        return False
    return True


_CALLBACKS = {lane: partial(now, lane) for lane in Lane}
