"""Letters around the date: one reminder, and, where people wait, « confirmer ou libérer » three days before.

Nothing is planned ahead: each turn finds who is to be written to, and notes the day for which they were. The
letter and the note are one transaction, which one caller wins; what a dead process left is found by the next turn.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from trainings import emails
from trainings.actions.locks import fresh, locked
from trainings.actions.refusals import Refused
from trainings.actions.writing import Write, write_once
from trainings.choices import RegistrationState
from trainings.models import LONGEST_REMINDER, Registration, TrainingSession

ASKED = timedelta(days=3)
"""How long before the session people are asked to confirm or free their seat, where others wait."""
ASKING = timedelta(days=1)
"""How long that letter may come late: nearer the session, the reminder says enough."""


def remind() -> int:
    """Write the reminders that are due; return how many.

    One a person, as many days before the session as it says, to the hour; not to who got the seat since that
    moment, their confirmation is fresh enough. Nothing once the session has started or is cancelled.
    """
    now = timezone.now()
    written = 0
    for session in _starting(now, now + timedelta(days=LONGEST_REMINDER)):
        due = reminder_due(session)
        if due is None or due > now:
            continue
        on = _first_day(session)
        people = session.registrations.seated_before(due).exclude(reminded_for=on)
        written += sum(
            _write(session, one, emails.reminder, reminded_for=on) for one in people.order_by("position")
        )
    return written


def ask_who_comes() -> int:
    """Ask people who have a seat in a session for which others wait to confirm or free it; return how many.

    Once, three days before; no answer changes nothing.
    """
    now = timezone.now()
    written = 0
    for session in _starting(now + ASKED - ASKING, now + ASKED, waited_for=True):
        if session.starts_at is None:
            continue
        on = _first_day(session)
        people = session.registrations.seated_before(session.starts_at - ASKED).exclude(asked_for=on)
        written += sum(
            _write(session, one, emails.still_coming, asked_for=on, coming_at=None)
            for one in people.order_by("position")
        )
    return written


@transaction.atomic
def stay(registration: Registration) -> bool:
    """Note that somebody who has a seat will come; False when they had said so already.

    Raises Refused for who has no seat, or once the session has started.
    """
    session = locked(registration.session)
    registration = fresh(registration, session)
    if registration.state != RegistrationState.CONFIRMED or session.cancelled_at:
        raise Refused(_("Cette inscription n’a plus de place. Rien n’est changé."))
    if session.starts_at and timezone.now() >= session.starts_at:
        raise Refused(_("La séance a commencé. Rien n’est changé."))
    if registration.coming_at:
        return False
    registration.coming_at = timezone.now()
    registration.save(update_fields=["coming_at"])
    journal.record("registration.stays", session, by=None, position=registration.position)
    return True


def reminder_due(session: TrainingSession) -> datetime | None:
    """Return when the reminder of a session leaves; None when it has none, or no day."""
    if session.reminder_days is None or session.starts_at is None:
        return None
    return session.starts_at - timedelta(days=session.reminder_days)


def spare(session: TrainingSession) -> None:
    """Write no reminder to those who just read of another day, when it would leave at once."""
    due = reminder_due(session)
    if due is not None and due <= timezone.now():
        session.registrations.confirmed().update(reminded_for=_first_day(session))


def is_asked(registration: Registration) -> bool:
    """Say whether this person was asked, for the present first day, whether they come, and did not answer."""
    return (
        registration.state == RegistrationState.CONFIRMED
        and registration.asked_for is not None
        and registration.asked_for == _first_day(registration.session)
        and registration.coming_at is None
    )


# Inside --------------------------------------------------------------------------------------------------


def _starting(after: datetime, until: datetime, *, waited_for: bool = False) -> list[TrainingSession]:
    sessions = TrainingSession.objects.starting_between(after, until)
    if waited_for:
        sessions = sessions.with_people_waiting()
    related = sessions.select_related("training", "municipality", "locality").prefetch_related("days")
    return list(related.order_by("starts_at", "pk"))


def _first_day(session: TrainingSession) -> date | None:
    return timezone.localtime(session.starts_at).date() if session.starts_at else None


def _write(session: TrainingSession, registration: Registration, write: Write, **noted: date | None) -> bool:
    """Write one person's letter, and note for which day; False when somebody else did."""
    registration.session = session
    return write_once(registration, write, unless_changed=tuple(noted), note=noted)
