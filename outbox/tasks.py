"""What Celery does for letters; each task is short, so that no lane waits behind another."""

from celery import shared_task

from outbox import actions, nudge
from outbox.choices import Lane


@shared_task
def send_letters() -> None:
    """Send the transactional letters that are due."""
    if actions.deliver_due(Lane.TRANSACTIONAL).more:
        nudge.now(Lane.TRANSACTIONAL)


@shared_task
def send_bulk() -> None:
    """Send some bulk letters, transactional ones first, then ask for the next turn at the queue's end."""
    if actions.deliver_due(Lane.BULK).more:
        nudge.now(Lane.BULK)


@shared_task
def sweep() -> None:
    """Take back what a dead worker held, and send what no nudge announced."""
    actions.recover()
    send_bulk()


@shared_task
def empty_bodies() -> None:
    """Empty the bodies that have been kept long enough."""
    actions.empty_bodies()
