"""What Celery does for pages that look into several rooms: the digest of the week is written behind them."""

import time

from celery import shared_task
from django.utils import timezone

from actors import actions
from actors.models import Subscription
from portal import digest, emails
from territory.models import LAG

TURN = 10
"""Seconds of writing before the letters already written may leave."""


@shared_task
def write_digests() -> None:
    """Begin the digest whose moment has come, go on with one under way; whatever stopped it, once to each."""
    end = time.monotonic() + TURN
    while issue := actions.open_digest(digest.due(timezone.now())):
        items = digest.gather(issue.since, issue.until)
        lag = LAG.objects.first()

        def compose(subscription: Subscription, issue=issue, items=items, lag=lag):
            sections = digest.fitting(items, subscription)
            return emails.digest(subscription, sections, since=issue.since, lag=lag) if sections else None

        while actions.write_next_copies(issue, compose=compose):
            if time.monotonic() >= end:
                return
