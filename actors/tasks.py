"""What Celery does for actors."""

from celery import shared_task

from actors import actions


@shared_task
def erase_subscriptions() -> None:
    """Erase the addresses that nobody confirmed, and those that said stop, once their time is over."""
    actions.erase_old_subscriptions()


@shared_task
def erase_suggestions() -> None:
    """Erase who suggested something, a year after they had their answer."""
    actions.erase_old_suggestions()


@shared_task
def ask_for_confirmations() -> None:
    """Ask, once a year, whether each sheet is still right."""
    actions.ask_for_confirmations()
