"""What Celery does for accounts."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def purge_sessions() -> None:
    """Delete sessions that are over."""
    call_command("clearsessions")
