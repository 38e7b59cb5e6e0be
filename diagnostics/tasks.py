"""What Celery does for diagnostics, in the queue "reports"."""

from celery import shared_task
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


@shared_task
def sweep() -> None:
    """Take up what no worker holds: a message that was lost, a worker that was killed."""
    for pk in Diagnostic.objects.free(timezone.now()).order_by("requested_at").values_list("pk", flat=True):
        produce.delay(pk)
