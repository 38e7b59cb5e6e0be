"""Seats offered to those who wait: passed on in the order of the queue, accepted, extended, run out.

Each verb locks its session, counts, writes; letters come after.
"""

import itertools
import logging
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum, auto

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from trainings import emails, names
from trainings.actions import shares
from trainings.actions.locks import fresh, held, locked
from trainings.actions.refusals import Refused
from trainings.actions.telling import have_them_told
from trainings.choices import OPEN, RegistrationState
from trainings.models import Registration, TrainingSession

logger = logging.getLogger(__name__)

CALM, NEAR = timedelta(days=4), timedelta(days=1)
"""Time before the session from which an offer lives LONG; under NEAR, who confirms first has the seat."""
LONG, SHORT = timedelta(hours=48), timedelta(hours=12)
"""How long an offer lives, and how long once the session is less than CALM away."""


class Answer(Enum):
    """What became of somebody's « yes »."""

    SEATED = auto()
    ALREADY = auto()
    TOO_LATE = auto()
    """The offer had run out: it went to the next, and the person to the queue's end."""
    NONE_LEFT = auto()
    """Somebody else was first; the person keeps their rank."""


def delay(before_start: timedelta) -> timedelta | None:
    """Return how long an offer lives this long before its session; None when who confirms first has the seat."""
    if before_start <= NEAR:
        return None
    return LONG if before_start > CALM else SHORT


def together(session: TrainingSession, registration: Registration) -> list[Registration]:
    """Return who waits with this person, and the person: people of one form have seats together."""
    return list(session.registrations.waiting().filter(group=registration.group))


def has_room(session: TrainingSession, people: Collection[Registration]) -> bool:
    """Say whether people who wait may have seats now, and within their shares; asked under the session's lock."""
    free = session.count_free()
    return (free is None or free >= len(people)) and shares.room_for(session, people)


def pass_on(
    session: TrainingSession,
    *,
    by: User | None,
    freed: bool = True,
    passed_over: Collection[Registration] = (),
) -> None:
    """Offer the free seats of a locked session to those who wait, in their order.

    A group that does not fit, or would pass its share, keeps its place; `passed_over` are people whose offer has
    just run out. Very near the session everybody who fits is called, once for each seat that is `freed`. Without
    a limit of seats all have one at once.
    """
    now = timezone.now()
    if not _is_ahead(session, now) or session.starts_at is None:
        return
    free, left = session.count_free(), shares.Left.of(session)
    queue = session.registrations.waiting().exclude(pk__in=[one.pk for one in passed_over])
    if free is None:
        seated = [list(session.registrations.offered().order_by("position"))]
        for group in _groups(session.registrations.waiting()):
            if left.room_for(group):
                left.take(group)
                seated.append(group)
        for registration in itertools.chain.from_iterable(seated):
            seat(session, registration)
            journal.record("registration.promoted", session, by=by, position=registration.position)
        return
    if not free:
        return
    long = delay(session.starts_at - now)
    for group in _groups(queue):
        if len(group) > free or not left.room_for(group):
            continue
        if long is None:
            if freed:
                _call(group)
            continue
        _offer(session, group, until=now + long, by=by)
        left.take(group)
        free -= len(group)


@transaction.atomic
def accept(registration: Registration, *, by: User | None) -> Answer:
    """Take the seat that is offered, or one that is free for the first who confirms.

    Staff accept for somebody as long as the seat is still held; the person until the hour that the letter says.
    The same « yes » twice is one. Raises Refused once the session has started, or without a registration.
    """
    session = locked(registration.session)
    registration = fresh(registration, session)
    if registration.state == RegistrationState.CONFIRMED:
        return Answer.ALREADY
    if registration.state == RegistrationState.CANCELLED:
        raise Refused(_("Cette inscription est annulée : inscrivez-vous à nouveau. Rien n’est changé."))
    _refuse_once_started(session)
    if registration.state == RegistrationState.OFFERED:
        staff = by is not None and by.is_staff
        if not staff and _has_run_out(registration, timezone.now()):
            _run_out(session, [registration])
            return Answer.TOO_LATE
    elif not has_room(session, together(session, registration)):
        return Answer.NONE_LEFT
    seat(session, registration)
    journal.record("offer.accepted", session, by=by, position=registration.position)
    have_them_told()
    return Answer.SEATED


@transaction.atomic
def extend(registration: Registration, *, by: User, longer: timedelta = timedelta(hours=24)) -> datetime:
    """Let an offer live longer, from its end or from now, never past the start; return its new end.

    The person is written to, if they have an address and were told of the offer: their letter holds an hour that is
    no longer true, after which they would take the seat for lost. The two letters of an evening (decision 0020) are
    those to who has a seat; this one, like the offer that it corrects, comes before. An offer that is still to be
    told is told with its new end, by its own letter. Nothing is written where the end stays as it is.

    Raises Refused when no seat is offered to this person (any more).
    """
    session = locked(registration.session)
    # Held, not only read: whoever writes the letter of the offer at this instant is waited for, or waits.
    registration = held(registration)
    registration.session = session
    _refuse_once_started(session)
    if registration.offered_until is None or session.starts_at is None:
        raise Refused(_("Aucune place n’est proposée à cette personne. Rien n’est changé."))
    until = min(max(registration.offered_until, timezone.now()) + longer, session.starts_at)
    if until == registration.offered_until:
        return until
    registration.offered_until = until
    registration.save(update_fields=["offered_until"])
    if registration.told == RegistrationState.OFFERED:
        emails.send([emails.extended(registration)])
    journal.record("offer.extended", session, by=by, position=registration.position, until=until.isoformat())
    return until


@transaction.atomic
def promote(registration: Registration, *, reason: str, by: User, add_seat: bool = False) -> Registration:
    """Give a seat to somebody who waits, out of order if need be; the journal keeps the reason.

    `add_seat` adds one to the capacity where none is free. Who has a seat keeps it, and nothing changes.
    Raises Refused without a reason, or without a free seat.
    """
    session = locked(registration.session)
    registration = fresh(registration, session)
    if registration.state == RegistrationState.CONFIRMED:
        return registration
    if registration.state == RegistrationState.CANCELLED:
        raise Refused(
            _("Cette inscription est annulée : inscrivez la personne à nouveau. Rien n’est changé.")
        )
    _refuse_once_started(session)
    reason = names.clean(reason)[:300]
    if not reason:
        raise Refused(_("Dites pourquoi cette personne passe : le journal le garde. Rien n’est changé."))
    if registration.state == RegistrationState.WAITING and session.count_free() == 0:
        if not add_seat or session.capacity is None:
            raise Refused(
                _("Aucune place n’est libre : ajoutez-en une, ou reprenez-en une. Rien n’est changé.")
            )
        before, session.capacity = session.capacity, session.capacity + 1
        session.save(update_fields=["capacity"])
        journal.record("session.capacity_changed", session, by=by, before=before, after=session.capacity)
    seat(session, registration)
    journal.record(
        "registration.promoted_by_hand", session, by=by, position=registration.position, reason=reason
    )
    have_them_told()
    return registration


def cap_offers(session: TrainingSession) -> None:
    """Let no offer of a locked session outlive what its new date leaves; one that would runs out at the next sweep."""
    now = timezone.now()
    if session.starts_at is None:
        return
    latest = now + (delay(session.starts_at - now) or timedelta(0))
    session.registrations.offered().filter(offered_until__gt=latest).update(offered_until=latest)


def expire_offers() -> int:
    """Pass on the seats whose offer has run out; return how many people went back to the queue's end.

    Twice at once, or again, it finds nothing more to do; after a session's start it does nothing. A session
    that cannot be seen to holds no other.
    """
    count = 0
    for session in TrainingSession.objects.with_offers_due(timezone.now()).order_by("starts_at", "pk"):
        try:
            count += _expire(session)
        except Exception:
            logger.exception("Offers of session %s could not be seen to", session.public_id)
    return count


@transaction.atomic
def _expire(session: TrainingSession) -> int:
    session = locked(session)
    now = timezone.now()
    if not _is_ahead(session, now) or session.starts_at is None:
        return 0
    due = list(session.registrations.offers_due(now).order_by("position"))
    # Of an offer that nobody could tell, the hours did not run: it starts anew.
    untold = [one for one in due if one.email and one.told != RegistrationState.OFFERED]
    anew = delay(session.starts_at - now)
    if untold and anew:
        for registration in untold:
            registration.offered_until = now + anew
            registration.save(update_fields=["offered_until"])
        due = [one for one in due if one not in untold]
    if due:
        _run_out(session, due)
    have_them_told()
    return len(due)


def seat(session: TrainingSession, registration: Registration) -> None:
    """Give a seat of a locked session to somebody who waits for it, or to whom it is offered."""
    registration.session = session
    registration.state, registration.offered_until = RegistrationState.CONFIRMED, None
    registration.call_owed, registration.seated_at = False, timezone.now()
    registration.save(update_fields=["state", "offered_until", "call_owed", "seated_at"])


# Inside --------------------------------------------------------------------------------------------------


def _is_ahead(session: TrainingSession, now: datetime) -> bool:
    return session.state in OPEN and session.starts_at is not None and now < session.starts_at


def _has_run_out(registration: Registration, now: datetime) -> bool:
    return registration.offered_until is not None and registration.offered_until <= now


def _refuse_once_started(session: TrainingSession) -> None:
    if not _is_ahead(session, timezone.now()):
        raise Refused(_("La séance a commencé ou n’a plus lieu. Rien n’est changé."))


def _groups(queue) -> list[list[Registration]]:
    """Return those who wait, by group, in the order of each group's first."""
    groups: dict[uuid.UUID, list[Registration]] = {}
    for registration in queue:
        groups.setdefault(registration.group, []).append(registration)
    return list(groups.values())


def _offer(session: TrainingSession, group: list[Registration], *, until: datetime, by: User | None) -> None:
    for registration in group:
        registration.state, registration.offered_until = RegistrationState.OFFERED, until
        registration.call_owed = False
        # Whoever was told of an earlier offer, and not yet that it ran out, is told of this one.
        if registration.told == RegistrationState.OFFERED:
            registration.told = RegistrationState.WAITING
        registration.save(update_fields=["state", "offered_until", "call_owed", "told"])
        journal.record(
            "seat.offered", session, by=by, position=registration.position, until=until.isoformat()
        )


def _call(group: list[Registration]) -> None:
    for registration in group:
        registration.call_owed = True
        registration.save(update_fields=["call_owed"])


def _run_out(session: TrainingSession, due: list[Registration]) -> None:
    """Send people to the queue's end, in the order in which they were, and pass their seats on."""
    last = session.registrations.aggregate(last=models.Max("position"))["last"]
    for position, registration in enumerate(due, start=last + 1):
        journal.record("offer.expired", session, by=None, position=registration.position, after=position)
        registration.state, registration.offered_until = RegistrationState.WAITING, None
        registration.position = position
        registration.save(update_fields=["state", "offered_until", "position"])
    pass_on(session, by=None, passed_over=due)
    have_them_told()
