"""Letters that are owed to people: a seat, a rank, an offer, its end, a seat at last, the end of it."""

import logging

from django.db import transaction
from django.utils import timezone

from outbox import nudge
from trainings import emails
from trainings.models import Registration, TrainingSession

LETTERS_A_TURN = 200
"""Letters written by one call of `tell`."""


logger = logging.getLogger(__name__)


def tell() -> int:
    """Write the letters that are owed: a seat, a rank, an offer, its end, a seat at last. Return how many.

    The verbs above only change states, under their session's lock; each letter is written here, after they
    have committed, and exactly once: the letter and the note that it is written are one transaction, which
    only one caller wins. Whoever a dead process left untold is found by the next call.
    """
    owed = Registration.objects.untold(timezone.now()).order_by("session", "position")
    told = owed.select_related(
        "session__training", "session__municipality", "session__locality", "brought_by"
    )
    return sum(map(_tell, told.prefetch_related("session__days")[:LETTERS_A_TURN]))


def _tell(registration: Registration) -> bool:
    """Write one person's letter; False when somebody else did, or when things have changed meanwhile."""
    try:
        letter = emails.of_change(registration)
        with transaction.atomic():
            if not _claim(registration):
                return False
            emails.send([letter])
    except Exception:  # one letter that cannot be written holds no other; it stays owed
        logger.exception("No letter could be written for registration %s", registration.public_id)
        return False
    return True


def _claim(registration: Registration) -> bool:
    """Note that a person is told; False when the letter no longer says what is true, or is written already."""
    # On the row's own columns: whoever waited for another caller's update looks at these anew, and at no join.
    as_read = Registration.objects.filter(
        pk=registration.pk,
        state=registration.state,
        told=registration.told,
        offered_until=registration.offered_until,
        session__in=TrainingSession.objects.filter(
            pk=registration.session_id, ics_sequence=registration.session.ics_sequence
        ),
    )
    return as_read.update(told=registration.state, call_owed=False) == 1


def have_them_told() -> None:
    """Ask a worker to `tell` once this is committed; should that word be lost, the periodic sweep does it."""
    nudge.soon_after_commit("trainings.tasks.tell")
