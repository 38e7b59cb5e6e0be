"""Free seats that go to those who wait, where nobody gave one back: a share opened, or staff changed it."""

import logging

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from trainings.actions.locks import locked
from trainings.actions.offers import pass_on
from trainings.actions.telling import have_them_told
from trainings.models import TrainingSession

logger = logging.getLogger(__name__)


@transaction.atomic
def give_free_seats(session: TrainingSession, *, by: User | None, freed: bool = True) -> None:
    """Pass the free seats of a session on to those who wait, in their order; none free, nothing changes.

    `freed`: seats are newly within reach, so that very near the session people are called for them.
    """
    pass_on(locked(session), by=by, freed=freed)
    have_them_told()


def open_shares() -> int:
    """Pass on what is left to those who wait, where a share has opened. Return at how many sessions it looked.

    It finds them again until nobody waits or they start, and then changes nothing: no seat is newly free, so that
    nobody is called twice on the last day.
    """
    now = timezone.now()
    waiting = TrainingSession.objects.with_a_share_and_people_waiting()
    opened = [one for one in waiting if one.share_opens_at and one.share_opens_at <= now]
    for session in opened:
        try:
            give_free_seats(session, by=None, freed=False)
        except Exception:  # one session that cannot be seen to holds no other
            logger.exception("The share of session %s could not be opened", session.public_id)
    return len(opened)
