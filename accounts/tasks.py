"""What Celery does for accounts."""

from celery import shared_task
from django.core.management import call_command

from accounts import actions


@shared_task
def purge_sessions() -> None:
    """Delete sessions that are over."""
    call_command("clearsessions")


@shared_task
def finish_erasures() -> None:
    """Erase what was under legal hold until yesterday."""
    actions.finish_erasures()
