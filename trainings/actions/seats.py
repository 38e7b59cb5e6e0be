"""Seats: who has one, who waits for one. Each verb locks its session, counts, writes; letters come after."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from accounts.querysets import normalise_email
from actors.models import Actor
from territory.models import Municipality
from trainings import names, openings
from trainings.actions import questions, shares
from trainings.actions.locks import fresh, locked
from trainings.actions.offers import pass_on
from trainings.actions.refusals import Refused
from trainings.actions.telling import have_them_told
from trainings.choices import LIVE, TAKEN, RegistrationState
from trainings.models import Registration, TrainingSession

CONSENT_VERSION = "inscription-2026-11"
"""The text to which a person says yes; raised with each change of its words."""


MOST_PEOPLE = 5
"""People in one form."""


@dataclass(frozen=True)
class Person:
    """One person to register, as they or staff wrote it."""

    name: str
    email: str = ""
    phone: str = ""
    organisation: str = ""
    actor: Actor | None = None
    municipality: Municipality | None = None
    access_needs: str = ""
    consented: bool = False
    answers: Mapping[int, str] = field(default_factory=dict)


@dataclass
class Registered:
    """What `register` did: the registrations asked for, in order, and which of them are new."""

    registrations: list[Registration]
    new: list[Registration] = field(default_factory=list)


@transaction.atomic
def register(
    *, session: TrainingSession, people: Sequence[Person], by: User | None, nonce: str = ""
) -> Registered:
    """Give seats to people who come together, or places in the queue: all of them or none have a seat.

    Someone who is already registered (same address and name), or the same form posted again, gets the
    registration that exists, and no second letter. Those after the first are noted as brought by the first.
    `by` is the user who asks, None for an unknown visitor; staff register people without an address. Raises Refused.
    """
    if not 1 <= len(people) <= MOST_PEOPLE:
        raise Refused(_("Inscrivez de une à {most} personnes à la fois.").format(most=MOST_PEOPLE))
    # Written before the lock: everybody else who registers waits for what comes after it.
    newly = {_key(person): written(person, nonce=nonce, by=by) for person in people}
    asked = list(session.questions.asked())
    staff = by is not None and by.is_staff
    answers = {_key(one): questions.read_answers(asked, one.answers, staff=staff) for one in people}
    session = locked(session, only=ASKED_OF_SESSION)
    count = _count(session, newly)
    known = _known(session, newly, nonce) if count.alike else {}
    if refusal := openings.why_closed(session, timezone.now()):
        # The same form again is answered as before; anybody else would learn who came.
        known = {key: one for key, one in known.items() if nonce and one.nonce == nonce}
    done = Registered([])
    if newcomers := {key: registration for key, registration in newly.items() if key not in known}:
        if refusal:
            raise Refused(refusal)
        shared = shares.room_for(session, list(newcomers.values()))
        fits = shared and (count.free is None or count.free >= len(newcomers))
        if not fits and not session.waiting_list:
            raise Refused(_no_room(count.free or 0) if shared else shares.refusal(session))
        group, first = uuid.uuid4(), (known | newcomers)[_key(people[0])]
        for position, registration in enumerate(newcomers.values(), start=count.last + 1):
            registration.session, registration.position, registration.group = session, position, group
            registration.state = RegistrationState.CONFIRMED if fits else RegistrationState.WAITING
            registration.brought_by = first if registration is not first else None
            registration.save(force_insert=True)
            if said := answers[(registration.email, registration.folded_name)]:
                questions.keep_answers(registration, said)
            journal.record("registration.created", session, by=by, state=registration.state)
            done.new.append(registration)
        have_them_told()
    done.registrations = [(known | newcomers)[key] for key in newly]
    return done


@transaction.atomic
def cancel(registration: Registration, *, by: User | None) -> Registration:
    """Give a seat, an offer or a place in the queue back; a freed seat is offered to the first that fits.

    A registration that is already cancelled stays as it is. Raises Refused once the session has started.
    """
    session = locked(registration.session)
    registration = fresh(registration, session)
    if registration.state == RegistrationState.CANCELLED:
        return registration
    if session.starts_at and timezone.now() >= session.starts_at:
        raise Refused(_("La séance a commencé : prévenez plutôt l’équipe. Rien n’est changé."))
    before = registration.state
    registration.state = RegistrationState.CANCELLED
    registration.cancelled_at = timezone.now()
    registration.attended = registration.offered_until = None
    registration.call_owed = False
    registration.save(update_fields=["state", "cancelled_at", "attended", "offered_until", "call_owed"])
    registration.marks.all().delete()
    journal.record("registration.cancelled", session, by=by, before=before)
    pass_on(session, by=by, freed=before in TAKEN)
    have_them_told()
    return registration


@transaction.atomic
def change_capacity(session: TrainingSession, *, capacity: int | None, by: User) -> TrainingSession:
    """Change the number of seats; those added are offered to the first who wait. None: all have one at once.

    Raises Refused under the number of seats that people have or are offered, or under the minimum.
    """
    session = locked(session)
    taken = session.registrations.taken().count()
    if capacity is not None and capacity < max(taken, 1):
        raise Refused(
            _(
                "{taken} personnes ont déjà une place, ou la proposition d’une place : le nombre de places ne "
                "peut pas descendre à {capacity}. Rien n’est changé."
            ).format(taken=taken, capacity=capacity)
        )
    if capacity is not None and capacity < session.minimum:
        raise Refused(
            _("Le minimum est de {minimum} personnes. Rien n’est changé.").format(minimum=session.minimum)
        )
    if capacity != session.capacity:
        before, session.capacity = session.capacity, capacity
        session.save(update_fields=["capacity"])
        journal.record("session.capacity_changed", session, by=by, before=before, after=capacity)
        pass_on(session, by=by, freed=before is not None and (capacity is None or capacity > before))
        have_them_told()
    return session


ASKED_OF_SESSION = (
    "public_id",
    "training__title",
    "state",
    "waiting_list",
    "capacity",
    "cancelled_at",
    "cancellation_reason",
    "starts_at",
    "opens_at",
    "closes_at",
    "share",
    "share_of",
    "share_days",
)
"""What a registration asks of its session; the longer the row, the longer the others wait."""


@dataclass(frozen=True)
class Count:
    """The people of a session: seats left (None: unlimited), the last one's position, who may be asked for again."""

    free: int | None
    last: int
    alike: int = 0


Key = tuple[str, str]
"""What says that two people are one: the address and the name, as they are compared."""


def _count(session: TrainingSession, keys: Collection[Key] = ()) -> Count:
    """Count the people of a session, and those with an address and a name among `keys`; one query.

    True as long as the session's row is locked. Written by hand: everybody who registers waits for it, and Django
    takes five times as long to write it as PostgreSQL to answer.
    """
    emails_, names_ = zip(*keys, strict=True) if keys else (("",), ("",))
    marks = ", ".join(["%s"] * len(emails_))
    asked = (
        "SELECT count(CASE WHEN state IN (%s, %s) THEN 1 END), max(position), "  # noqa: S608 - placeholders alone
        f"count(CASE WHEN email IN ({marks}) AND folded_name IN ({marks}) THEN 1 END) "
        "FROM trainings_registration WHERE session_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [*map(str, TAKEN), *emails_, *names_, session.pk])
        taken, last, alike = cursor.fetchone()
    free = None if session.capacity is None else max(0, session.capacity - taken)
    return Count(free, last or 0, alike)


def _key(person: Person) -> Key:
    return normalise_email(person.email), names.folded(person.name)


def _known(session: TrainingSession, keys: Collection[Key], nonce: str) -> dict[Key, Registration]:
    """Return who is registered already: live with this address and name, or written by this very form."""
    emails_, names_ = zip(*keys, strict=True)
    known: dict[Key, Registration] = {}
    same = session.registrations.filter(email__in=emails_, folded_name__in=names_).order_by("position")
    for registration in same:
        key = (registration.email, registration.folded_name)
        live = registration.email and registration.state in LIVE
        if key in keys and (live or (nonce and registration.nonce == nonce)):
            registration.session = session
            # Live goes before cancelled: the form may be older than a second registration.
            if key not in known or live:
                known[key] = registration
    return known


def written(person: Person, *, nonce: str, by: User | None) -> Registration:
    """Return a registration without what only the lock can tell: its session, its position, its state.

    Raises Refused without a name or, but for staff, without an address.
    """
    staff = by is not None and by.is_staff
    name, email = names.clean(person.name)[:150], normalise_email(person.email)
    if not names.folded(name):
        raise Refused(_("Il manque un nom. Rien n’est changé."))
    if not email and not staff:
        raise Refused(_("Il manque une adresse e-mail. Rien n’est changé."))
    now = timezone.now()
    return Registration(
        name=name,
        folded_name=names.folded(name),
        email=email,
        phone=names.clean(person.phone)[:30],
        organisation_text=names.clean(person.organisation)[:200],
        actor=person.actor,
        municipality=person.municipality,
        access_needs=names.clean(person.access_needs)[:300],
        consent_version=CONSENT_VERSION if person.consented else "",
        consented_at=now if person.consented else None,
        registered_at=now,
        nonce=nonce,
        user=by if by is not None and normalise_email(by.email) == email else None,
        entered_by=str(by)[:200] if staff else "",
    )


def _no_room(free: int) -> str:
    if free == 0:
        return _("La séance est complète et n’a pas de liste d’attente. Rien n’est enregistré.")
    return _(
        "Il ne reste que {free} places, pas assez pour votre groupe, et la séance n’a pas de liste "
        "d’attente. Rien n’est enregistré."
    ).format(free=free)
