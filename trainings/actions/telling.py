"""Letters that are owed to people: a seat, a rank, an offer, its end, a seat at last, the end of it."""

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from invitations import actions as invitations
from outbox import nudge
from trainings import emails
from trainings.actions.writing import write_once
from trainings.choices import LIVE
from trainings.models import Registration

LETTERS_A_TURN = 200
"""Letters written by one call of `tell`."""


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
    note = {"told": registration.state, "call_owed": False}
    return write_once(registration, _write, unless_changed=("told", "offered_until"), note=note)


def _write(registration: Registration) -> EmailMultiAlternatives | None:
    """Make the letter, and note that who was invited to the session, or to its training, has answered.

    Noted first: a process that dies between the two leaves the letter owed, and both are done again.
    """
    if registration.state in LIVE and registration.email:
        session = registration.session
        landing = [session.get_absolute_url(), session.training.get_absolute_url()]
        invitations.mark_answered_by(registration.email, landing=landing)
    return emails.of_change(registration)


def have_them_told() -> None:
    """Ask a worker to `tell` once this is committed; should that word be lost, the periodic sweep does it."""
    nudge.soon_after_commit("trainings.tasks.tell")
