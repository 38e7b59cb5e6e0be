"""A word to the workers that letters wait. Nothing depends on it: the periodic sweep is the guarantee."""

import logging
import time
from collections.abc import Callable
from functools import cache, partial

from celery import current_app
from django.conf import settings
from django.db import transaction

from outbox.choices import Lane

logger = logging.getLogger(__name__)
_TASKS = {Lane.TRANSACTIONAL: "outbox.tasks.send_letters", Lane.BULK: "outbox.tasks.send_bulk"}
_silent_until = 0.0

SOON = 1
"""Seconds in which many words become one."""


def after_commit(lane: str) -> None:
    """Nudge once the current transaction is committed; once, however many letters it wrote."""
    _once(_CALLBACKS[Lane(lane)])


def soon_after_commit(task: str) -> None:
    """Have a task run once the current transaction is committed, `SOON` seconds after; for rooms above.

    Asked again by this process within these seconds, nothing more is sent: the task that waits will see.
    """
    _once(_soon(task))


def now(lane: str) -> bool:
    """Tell the workers of a lane; return whether the broker took it. Never raises."""
    return _say(_TASKS[Lane(lane)])


def _once(callback: Callable[[], object]) -> None:
    if any(callback is waiting for _, waiting, _ in transaction.get_connection().run_on_commit):
        return
    transaction.on_commit(callback, robust=True)


@cache
def _soon(task: str) -> Callable[[], None]:
    asked = [float("-inf")]

    def ask() -> None:
        if time.monotonic() >= asked[0] + SOON:
            asked[0] = time.monotonic()
            _say(task, countdown=SOON)

    return ask


def _say(task: str, **options: int) -> bool:
    """Send a task to the broker; return whether it was taken. Never raises.

    A broker that refuses or stays silent costs its timeout once; then this process leaves it alone for a
    while, so that the pages that follow cost nothing.
    """
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        # By name: tasks stand above actions, and this word goes up to them.
        current_app.send_task(task, retry=False, **options)
    except Exception as trouble:  # whatever the broker's client raises, the letter is safe in its row
        _silent_until = time.monotonic() + settings.OUTBOX_NUDGE_PAUSE
        logger.warning("The broker did not take the nudge (%s): the sweep will send.", type(trouble).__name__)
        return False
    return True


_CALLBACKS = {lane: partial(now, lane) for lane in Lane}
