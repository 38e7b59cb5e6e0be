"""People who come without having registered: they are in the room, so they have a seat, and are there."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from trainings import names
from trainings.actions import seats
from trainings.actions.attendance import mark_attendance
from trainings.actions.locks import locked
from trainings.actions.offers import seat
from trainings.actions.refusals import Refused
from trainings.choices import LIVE, OPEN, RegistrationState, SessionState
from trainings.models import Registration, SessionDay, TrainingSession

EARLY = timedelta(hours=1)
"""How long before a day's start its doors are open: earlier, somebody unannounced would pass who waits."""


@transaction.atomic
def arrive(
    session: TrainingSession, *, person: seats.Person, day: SessionDay, nonce: str, by: User
) -> Registration:
    """Note that somebody came unannounced, beyond the capacity if need be, and was there on this day.

    The same form again (`nonce`) is the same person. Somebody of this very name who is on the list, with this
    address or where one of the two has none, is that person: they are marked present, and who waited has a seat.
    No letter leaves: they know where they are. Raises Refused before the day, or where the session
    is cancelled or closed.
    """
    session = locked(session)
    if session.state not in (*OPEN, SessionState.HELD):
        raise Refused(
            _("Une séance « {state} » ne reçoit plus personne. Rien n’est changé.").format(
                state=session.get_state_display()
            )
        )
    if day.session_id != session.pk or timezone.now() < day.starts_at - EARLY:
        raise Refused(
            _(
                "C’est encore trop tôt : avant la séance, inscrivez la personne par la page « Qui vient », qui "
                "connaît la file. Rien n’est changé."
            )
        )
    registration = _known(session, person, nonce) or _new(session, person, nonce, by)
    if registration.state == RegistrationState.CANCELLED:
        raise Refused(
            _("Cette personne vient d’être retirée de la liste : rechargez la page. Rien n’est changé.")
        )
    if registration.state in (RegistrationState.WAITING, RegistrationState.OFFERED):
        seat(session, registration)
        registration.told = RegistrationState.CONFIRMED
        registration.save(update_fields=["told"])
        journal.record("registration.promoted", session, by=by, position=registration.position)
    if registration.state == RegistrationState.CONFIRMED:
        mark_attendance(registration, day=day, attended=True, by=by)
    return registration


def _known(session: TrainingSession, person: seats.Person, nonce: str) -> Registration | None:
    if nonce and (mine := session.registrations.filter(nonce=nonce).first()):
        return mine
    email, folded = seats.normalise_email(person.email), names.folded(person.name)
    same = session.registrations.filter(folded_name=folded, state__in=LIVE).order_by("position")
    return next((one for one in same if not email or not one.email or one.email == email), None)


def _new(session: TrainingSession, person: seats.Person, nonce: str, by: User) -> Registration:
    registration = seats.written(person, nonce=nonce, by=by)
    last = session.registrations.aggregate(last=Max("position"))["last"] or 0
    registration.session, registration.position, registration.group = session, last + 1, uuid.uuid4()
    registration.state = registration.told = RegistrationState.CONFIRMED
    registration.walk_in = True
    registration.save(force_insert=True)
    journal.record("registration.created", session, by=by, state=registration.state, walk_in=True)
    return registration
