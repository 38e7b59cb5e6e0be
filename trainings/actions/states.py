"""A session's way from its draft to its end."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from trainings import emails, names
from trainings.actions.locks import live, locked
from trainings.actions.refusals import Refused
from trainings.choices import NEXT, SessionState
from trainings.models import TrainingSession


@transaction.atomic
def publish(session: TrainingSession, *, by: User) -> TrainingSession:
    """Announce a session. Raises Refused without a day to come."""
    session = locked(session)
    if session.starts_at is None or session.ends_at is None or session.ends_at <= timezone.now():
        raise Refused(_("Donnez d’abord à la séance un jour à venir. Rien n’est changé."))
    return _move(session, SessionState.PUBLISHED, by=by)


@transaction.atomic
def confirm(session: TrainingSession, *, by: User) -> TrainingSession:
    """Say that a session will be held, whatever happens to its minimum. Raises Refused."""
    return _move(locked(session), SessionState.CONFIRMED, by=by)


@transaction.atomic
def hold(session: TrainingSession, *, by: User) -> TrainingSession:
    """Say that a session took place. Raises Refused before it starts."""
    session = locked(session)
    if session.starts_at and timezone.now() < session.starts_at:
        raise Refused(_("La séance n’a pas encore commencé. Rien n’est changé."))
    return _move(session, SessionState.HELD, by=by)


@transaction.atomic
def close(session: TrainingSession, *, by: User) -> TrainingSession:
    """Say that nothing more is expected of a session. Raises Refused."""
    return _move(locked(session), SessionState.CLOSED, by=by)


@transaction.atomic
def cancel_session(session: TrainingSession, *, reason: str, by: User) -> TrainingSession:
    """Cancel a session and write to everyone who has a seat or waits; their registrations stay as proof.

    Raises Refused without a reason, or from a state that does not allow it.
    """
    session = locked(session)
    session.cancellation_reason = names.clean(reason)[:300]
    if not session.cancellation_reason:
        raise Refused(_("Dites pourquoi : les personnes inscrites le liront. Rien n’est changé."))
    session.cancelled_at = timezone.now()
    session.revise()
    _move(session, SessionState.CANCELLED, by=by)
    session.registrations.live().update(told=models.F("state"), call_owed=False)  # this letter says it all
    emails.send([emails.session_cancelled(registration) for registration in live(session)])
    return session


def _move(session: TrainingSession, state: str, *, by: User) -> TrainingSession:
    """Move to another state. Raises Refused with both states named."""
    if state not in NEXT[session.state]:
        raise Refused(
            _("Une séance « {before} » ne peut pas devenir « {after} ». Rien n’est changé.").format(
                before=session.get_state_display(), after=SessionState(state).label
            )
        )
    session.state = state
    session.save()
    journal.record(f"session.{state}", session, by=by)
    return session
