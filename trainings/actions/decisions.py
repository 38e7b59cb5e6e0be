"""Go or no-go: a session whose minimum is not reached on its day of decision is kept, or called off."""

from django.db import transaction

from accounts.models import User
from trainings import emails
from trainings.actions import states
from trainings.actions.locks import live, locked
from trainings.choices import RegistrationState, SessionState
from trainings.models import TrainingSession


@transaction.atomic
def maintain(session: TrainingSession, *, tell: bool, by: User) -> bool:
    """Confirm a session, and write so to everybody who has a seat when `tell`; False when it was confirmed before.

    Those who wait are not written to: nothing changes for them. Raises Refused from another state.
    """
    session = locked(session)
    if session.state == SessionState.CONFIRMED:
        return False
    session = states.confirm(session, by=by)
    if tell:
        seated = [one for one in live(session) if one.state == RegistrationState.CONFIRMED]
        emails.send([emails.session_confirmed(one) for one in seated])
    return True


@transaction.atomic
def give_up(session: TrainingSession, *, reason: str, by: User) -> bool:
    """Cancel a session as `cancel_session` does; False when it was cancelled before, and nobody is written to twice."""
    session = locked(session)
    if session.state == SessionState.CANCELLED:
        return False
    states.cancel_session(session, reason=reason, by=by)
    return True
