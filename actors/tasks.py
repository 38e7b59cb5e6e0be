"""What Celery does for actors."""

from celery import shared_task

from actors import actions


@shared_task
def ask_for_confirmations() -> None:
    """Ask, once a year, whether each sheet is still right."""
    actions.ask_for_confirmations()
