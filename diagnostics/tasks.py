"""What Celery does for diagnostics, in the queue "reports"."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from diagnostics import actions
from diagnostics.models import Diagnostic

SECONDS = 300


@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def produce(diagnostic_id: int) -> None:
    """Collect, freeze and lay out one diagnostic."""
    diagnostic = Diagnostic.objects.filter(pk=diagnostic_id).first()
    if diagnostic:
        actions.produce(diagnostic)


def nudge(diagnostic: Diagnostic) -> None:
    """Tell the queue, once the row is saved; a refused or silent broker hurts nobody, the sweep comes by."""
    transaction.on_commit(lambda: produce.delay(diagnostic.pk), robust=True)


@shared_task
def sweep() -> None:
    """Take up what no worker holds: a message that was lost, a worker that was killed."""
    for pk in Diagnostic.objects.free(timezone.now()).order_by("requested_at").values_list("pk", flat=True):
        produce.delay(pk)
