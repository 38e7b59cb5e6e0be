"""What Celery does for imports, in the queue "reports"."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from imports import actions
from imports.models import Import

SECONDS = 900


@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def work(import_id: int) -> None:
    """Prepare the preview of one import, or write it."""
    run = Import.objects.filter(pk=import_id).first()
    if run:
        actions.work(run)


def nudge(run: Import) -> None:
    """Tell the queue, once the row is saved; a refused or silent broker hurts nobody, the sweep comes by."""
    transaction.on_commit(lambda: work.delay(run.pk), robust=True)


@shared_task
def sweep() -> None:
    """Take up what no worker holds: a message that was lost, a worker that was killed."""
    for pk in Import.objects.free(timezone.now()).order_by("pk").values_list("pk", flat=True):
        work.delay(pk)


@shared_task
def erase_old() -> None:
    """Erase files and previews by retention."""
    actions.erase_old()
