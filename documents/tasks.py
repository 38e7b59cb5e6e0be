"""What Celery does for documents."""

from celery import shared_task

from documents import actions


@shared_task
def sweep() -> None:
    """Delete private files that nothing names."""
    actions.sweep_orphans()
