"""What Celery does for actors."""

from celery import shared_task

from actors import actions


@shared_task
def erase_subscriptions() -> None:
    """Erase the addresses that nobody confirmed, and those that said stop, once their time is over."""
    actions.erase_old_subscriptions()
