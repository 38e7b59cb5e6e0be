"""What Celery does for trainings."""

from celery import shared_task

from trainings import actions


@shared_task
def erase_access_needs() -> None:
    """Erase what people needed to come, a month after their session."""
    actions.erase_access_needs()
