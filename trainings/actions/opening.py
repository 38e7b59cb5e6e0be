"""Free seats given to those who wait, where nobody gave one back: a share opened, or staff changed it."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from trainings.actions import seats
from trainings.actions.locks import locked
from trainings.actions.telling import have_them_told
from trainings.models import TrainingSession


@transaction.atomic
def give_free_seats(session: TrainingSession, *, by: User | None) -> None:
    """Give the free seats of a session to those who wait, in their order; none free, nothing changes."""
    seats.promote(locked(session), by=by)
    have_them_told()


def open_shares() -> int:
    """Give what is left to those who wait, where a share has opened. Return at how many sessions it looked.

    It finds them again until nobody waits or they start, and then changes nothing.
    """
    now = timezone.now()
    waiting = TrainingSession.objects.with_a_share_and_people_waiting()
    opened = [one for one in waiting if one.share_opens_at and one.share_opens_at <= now]
    for session in opened:
        give_free_seats(session, by=None)
    return len(opened)
