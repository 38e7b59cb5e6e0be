"""What Celery does for campaigns: letters past the first batch are written behind the page."""

import time

from celery import shared_task

from invitations import actions
from invitations.models import Campaign

TURN = 3
"""Seconds of writing before the letters already written may leave."""


@shared_task
def sweep() -> None:
    """Begin what was planned, go on with what is under way; whatever stopped it, nobody is written twice."""
    actions.launch_due()
    actions.remind_due()
    end = time.monotonic() + TURN
    for campaign in Campaign.objects.being_written().order_by("launched_at"):
        with actions.kept_apart(campaign):
            while time.monotonic() < end and actions.write_next(campaign):
                pass
