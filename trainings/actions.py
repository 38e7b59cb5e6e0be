"""Seats: who has one, who waits for one. Each verb locks its session, counts, writes; letters come after."""

import logging
import secrets
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from accounts.querysets import normalise_email
from actors.models import Actor
from documents import actions as documents
from outbox import nudge
from territory.models import Municipality
from trainings import emails, names, openings
from trainings.choices import LIVE, NEXT, OPEN, RegistrationState, SessionState
from trainings.models import Attendance, Certificate, Evaluation, Registration, SessionDay, TrainingSession

CONSENT_VERSION = "inscription-2026-11"
"""The text to which a person says yes; raised with each change of its words."""

MOST_PEOPLE = 5
"""People in one form."""

ACCESS_NEEDS_KEPT = timedelta(days=30)
"""How long after the session's end we keep what a person needs to come; the form promises it."""


LETTERS_A_TURN = 200
"""Letters written by one call of `tell`."""

logger = logging.getLogger(__name__)


class Refused(Exception):
    """What was asked cannot be done; its text, in French, is for the person who asked."""


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


@dataclass
class Registered:
    """What `register` did: the registrations asked for, in order, and which of them are new."""

    registrations: list[Registration]
    new: list[Registration] = field(default_factory=list)


# Seats ---------------------------------------------------------------------------------------------------


@transaction.atomic
def register(
    *, session: TrainingSession, people: Sequence[Person], by: User | None, nonce: str = ""
) -> Registered:
    """Give seats to people who come together, or places in the queue: all of them or none have a seat.

    Someone who is already registered (same address and name), or the same form posted again, gets the
    registration that exists, and no second letter. `by` is the user who asks, None for an unknown visitor;
    staff register people without an address. Raises Refused.
    """
    if not 1 <= len(people) <= MOST_PEOPLE:
        raise Refused(_("Inscrivez de une à {most} personnes à la fois.").format(most=MOST_PEOPLE))
    # Written before the lock: everybody else who registers waits for what comes after it.
    written = {_key(person): _written(person, nonce=nonce, by=by) for person in people}
    session = _locked(session, only=ASKED_OF_SESSION)
    count = _count(session, written)
    known = _known(session, written, nonce) if count.alike else {}
    done = Registered([])
    if newcomers := {key: registration for key, registration in written.items() if key not in known}:
        if refusal := openings.why_closed(session, timezone.now()):
            raise Refused(refusal)
        fits = count.free is None or count.free >= len(newcomers)
        if not fits and not session.waiting_list:
            raise Refused(_no_room(count.free or 0))
        group = uuid.uuid4()
        for position, registration in enumerate(newcomers.values(), start=count.last + 1):
            registration.session, registration.position, registration.group = session, position, group
            registration.state = RegistrationState.CONFIRMED if fits else RegistrationState.WAITING
            registration.save(force_insert=True)
            journal.record("registration.created", session, by=by, state=registration.state)
            done.new.append(registration)
        _have_them_told()
    done.registrations = [(known | newcomers)[key] for key in written]
    return done


@transaction.atomic
def cancel(registration: Registration, *, by: User | None) -> Registration:
    """Give a seat, or a place in the queue, back; the first in the queue that fits gets the seat.

    A registration that is already cancelled stays as it is. Raises Refused once the session has started.
    """
    session = _locked(registration.session)
    registration = _fresh(registration, session)
    if registration.state == RegistrationState.CANCELLED:
        return registration
    if session.starts_at and timezone.now() >= session.starts_at:
        raise Refused(_("La séance a commencé : prévenez plutôt l’équipe. Rien n’est changé."))
    before = registration.state
    registration.state = RegistrationState.CANCELLED
    registration.cancelled_at = timezone.now()
    registration.attended = None
    registration.save(update_fields=["state", "cancelled_at", "attended"])
    registration.marks.all().delete()
    journal.record("registration.cancelled", session, by=by, before=before)
    _promote(session, by=by)
    _have_them_told()
    return registration


@transaction.atomic
def change_capacity(session: TrainingSession, *, capacity: int | None, by: User) -> TrainingSession:
    """Change the number of seats (None: unlimited); seats added go to the first who wait.

    Raises Refused under the number of people who have a seat, or under the minimum.
    """
    session = _locked(session)
    confirmed = session.registrations.confirmed().count()
    if capacity is not None and capacity < max(confirmed, 1):
        raise Refused(
            _(
                "{confirmed} personnes ont déjà une place : le nombre de places ne peut pas descendre à "
                "{capacity}. Rien n’est changé."
            ).format(confirmed=confirmed, capacity=capacity)
        )
    if capacity is not None and capacity < session.minimum:
        raise Refused(
            _("Le minimum est de {minimum} personnes. Rien n’est changé.").format(minimum=session.minimum)
        )
    if capacity != session.capacity:
        before, session.capacity = session.capacity, capacity
        session.save(update_fields=["capacity"])
        journal.record("session.capacity_changed", session, by=by, before=before, after=capacity)
        _promote(session, by=by)
        _have_them_told()
    return session


# Letters -------------------------------------------------------------------------------------------------


def tell() -> int:
    """Write the letters that are owed: a seat, a rank, a seat at last, the end of it. Return how many.

    The verbs above only change states, under their session's lock; each letter is written here, after they
    have committed, and exactly once: the letter and the note that it is written are one transaction, which
    only one caller wins. Whoever a dead process left untold is found by the next call.
    """
    owed = Registration.objects.untold(timezone.now()).order_by("session", "position")
    told = owed.select_related("session__training", "session__municipality", "session__locality")
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
        session__in=TrainingSession.objects.filter(
            pk=registration.session_id, ics_sequence=registration.session.ics_sequence
        ),
    )
    return as_read.update(told=registration.state) == 1


def _have_them_told() -> None:
    """Ask a worker to `tell` once this is committed; should that word be lost, the periodic sweep does it."""
    nudge.soon_after_commit("trainings.tasks.tell")


# States --------------------------------------------------------------------------------------------------


@transaction.atomic
def publish(session: TrainingSession, *, by: User) -> TrainingSession:
    """Announce a session. Raises Refused without a day to come."""
    session = _locked(session)
    if session.starts_at is None or session.ends_at is None or session.ends_at <= timezone.now():
        raise Refused(_("Donnez d’abord à la séance un jour à venir. Rien n’est changé."))
    return _move(session, SessionState.PUBLISHED, by=by)


@transaction.atomic
def confirm(session: TrainingSession, *, by: User) -> TrainingSession:
    """Say that a session will be held, whatever happens to its minimum. Raises Refused."""
    return _move(_locked(session), SessionState.CONFIRMED, by=by)


@transaction.atomic
def hold(session: TrainingSession, *, by: User) -> TrainingSession:
    """Say that a session took place. Raises Refused before it starts."""
    session = _locked(session)
    if session.starts_at and timezone.now() < session.starts_at:
        raise Refused(_("La séance n’a pas encore commencé. Rien n’est changé."))
    return _move(session, SessionState.HELD, by=by)


@transaction.atomic
def close(session: TrainingSession, *, by: User) -> TrainingSession:
    """Say that nothing more is expected of a session. Raises Refused."""
    return _move(_locked(session), SessionState.CLOSED, by=by)


@transaction.atomic
def cancel_session(session: TrainingSession, *, reason: str, by: User) -> TrainingSession:
    """Cancel a session and write to everyone who has a seat or waits; their registrations stay as proof.

    Raises Refused without a reason, or from a state that does not allow it.
    """
    session = _locked(session)
    session.cancellation_reason = names.clean(reason)
    if not session.cancellation_reason:
        raise Refused(_("Dites pourquoi : les personnes inscrites le liront. Rien n’est changé."))
    session.cancelled_at = timezone.now()
    session.ics_sequence += 1
    _move(session, SessionState.CANCELLED, by=by)
    session.registrations.live().update(told=models.F("state"))  # this letter says it all
    emails.send([emails.session_cancelled(registration) for registration in _live(session)])
    return session


@transaction.atomic
def change_when_where(
    session: TrainingSession,
    *,
    by: User,
    days: Iterable[tuple[date, time, time]] | None = None,
    **where,
) -> TrainingSession:
    """Change the days, or `venue`, `access_notes`, `municipality`, `locality`, `online_url`; mail everyone.

    A day that stays in its rank keeps its calendar entry, which moves; entries of days that go are withdrawn.
    Nothing changed: nothing is sent. Raises Refused for a session that is over.
    """
    session = _locked(session)
    if session.state not in (SessionState.DRAFT, *OPEN):
        raise Refused(
            _("Une séance {state} ne change plus de date ni de lieu.").format(
                state=session.get_state_display()
            )
        )
    changed = [name for name, value in where.items() if getattr(session, name) != value]
    for name in changed:
        setattr(session, name, where[name])
    removed: list[SessionDay] = []
    if days is not None:
        wanted, present = sorted(days), list(session.days.all())
        if not wanted and session.state != SessionState.DRAFT:
            raise Refused(_("Gardez au moins un jour. Rien n’est changé."))
        if wanted != [(day.date, day.start_time, day.end_time) for day in present]:
            changed.append("days")
            removed = _set_days(session, present, wanted)
    return announce_change(session, changed=changed, removed=removed, by=by)


def announce_change(
    session: TrainingSession, *, changed: Sequence[str], removed: Sequence[SessionDay] = (), by: User
) -> TrainingSession:
    """Write what was changed of days and place, and mail everyone; inside the transaction that changed it."""
    if not changed:
        return session
    session.ics_sequence += 1
    session.save()
    journal.record("session.when_where_changed", session, by=by, changed=sorted(changed))
    if session.state in OPEN:
        emails.send([emails.session_changed(one, removed=removed) for one in _live(session)])
    return session


def erase_access_needs() -> int:
    """Erase what people needed to come, once their session is over for ACCESS_NEEDS_KEPT. Returns how many."""
    old = Registration.objects.with_access_needs_to_erase(timezone.now() - ACCESS_NEEDS_KEPT)
    return old.update(access_needs="")


# Around the day ------------------------------------------------------------------------------------------


@transaction.atomic
def mark_attendance(
    registration: Registration, *, day: SessionDay, attended: bool | None, by: User | None
) -> Registration:
    """Say that a person was there on a day, was not, or (None) that nobody knows any more.

    It says the wanted state: the same mark twice is one, without a second line in the journal. Only this person's
    row is locked, and only this person's mark is written: two people who mark one list do not undo each other.
    Raises Refused for somebody without a seat, a day that has not come, or hours that are certified already.
    """
    registration = _held(registration)
    session = registration.session
    if day.session_id != registration.session_id:
        raise Refused(_("Ce jour n’est pas un jour de cette séance. Rien n’est changé."))
    if registration.state != RegistrationState.CONFIRMED or session.cancelled_at:
        raise Refused(_("Cette personne n’a pas de place à cette séance. Rien n’est changé."))
    if timezone.localdate() < day.date:
        raise Refused(_("Ce jour n’est pas encore venu : l’appel ouvre le matin même. Rien n’est changé."))
    before = registration.marks.filter(day=day).values_list("attended", flat=True).first()
    if before == attended:
        return registration
    if registration.certificates.valid().exists():
        raise Refused(
            _("{name} a une attestation pour ces heures : retirez-la d’abord. Rien n’est changé.").format(
                name=registration.name
            )
        )
    if attended is None:
        registration.marks.filter(day=day).delete()
    else:
        registration.marks.update_or_create(day=day, defaults={"attended": attended})
    registration.attended = _came(registration)
    registration.save(update_fields=["attended"])
    journal.record(
        "session.attendance_marked",
        session,
        by=by,
        position=registration.position,
        day=day.date.isoformat(),
        before=before,
        after=attended,
    )
    return registration


@transaction.atomic
def issue_certificates(session: TrainingSession, *, by: User) -> list[Certificate]:
    """Give everybody who came, and holds none, a certificate of the hours they were there; write to them.

    Raises Refused before the session's end.
    """
    session = _locked(session)
    if session.cancelled_at or session.ends_at is None or timezone.now() < session.ends_at:
        raise Refused(_("Une attestation se délivre après la séance. Rien n’est changé."))
    # Locked: no mark may move between the hours that are counted and the certificate that says them.
    people = session.registrations.without_certificate().order_by("position")
    issued = []
    for registration in people.select_for_update(of=("self",)):
        registration.session = session
        marks = registration.marks.filter(attended=True).select_related("day").order_by("day__date")
        days = [mark.day for mark in marks]
        if not days:
            continue
        certificate = Certificate.objects.create(
            number=_certificate_number(),
            registration=registration,
            name=registration.name,
            title=session.training.title,
            place=session.place,
            trainers=session.trainers,
            days=[
                [day.date.isoformat(), day.start_time.isoformat("minutes"), day.end_time.isoformat("minutes")]
                for day in days
            ],
            minutes=sum(day.minutes for day in days),
            issued_by=str(by)[:200],
        )
        journal.record("certificate.issued", certificate, by=by, minutes=certificate.minutes)
        issued.append(certificate)
    emails.send([emails.certificate_offered(certificate) for certificate in issued])
    return issued


@transaction.atomic
def withdraw_certificate(certificate: Certificate, *, reason: str, by: User) -> Certificate:
    """Withdraw a certificate: its page says so, and another may be issued. Raises Refused without a reason.

    One that is withdrawn already stays as it is.
    """
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.withdrawn_at:
        return certificate
    certificate.withdrawn_reason = names.clean(reason)[:300]
    if not certificate.withdrawn_reason:
        raise Refused(_("Dites pourquoi l’attestation est retirée. Rien n’est changé."))
    certificate.withdrawn_at, certificate.withdrawn_by = timezone.now(), str(by)[:200]
    certificate.save()
    journal.record("certificate.withdrawn", certificate, by=by)
    return certificate


@transaction.atomic
def ask_evaluations(session: TrainingSession, *, by: User) -> int:
    """Write to everybody who came, once, what they thought of it; return how many letters.

    Raises Refused before the session's end.
    """
    session = _locked(session)
    if session.cancelled_at or session.ends_at is None or timezone.now() < session.ends_at:
        raise Refused(_("Une évaluation se demande après la séance. Rien n’est changé."))
    people = list(session.registrations.to_ask_for_an_evaluation().order_by("position"))
    for registration in people:
        registration.session = session
    session.registrations.filter(pk__in=[one.pk for one in people]).update(evaluation_asked=True)
    emails.send([emails.evaluation_asked(registration) for registration in people])
    if people:
        journal.record("session.evaluations_asked", session, by=by, people=len(people))
    return len(people)


@transaction.atomic
def evaluate(
    registration: Registration, *, useful: int, clear: int, welcome: int, remarks: str = "", missing: str = ""
) -> bool:
    """Keep what a person thought, apart from who they are; False when they had answered already.

    Nothing is journaled: the hour of a line would lead from the answer to the person.
    """
    registration = _held(registration)
    if registration.evaluated:
        return False
    Evaluation.objects.create(
        session_id=registration.session_id,
        useful=useful,
        clear=clear,
        welcome=welcome,
        remarks=remarks,
        missing=missing,
    )
    registration.evaluated = True
    registration.save(update_fields=["evaluated"])
    return True


@transaction.atomic
def keep_signed_sheet(session: TrainingSession, *, upload, by: User) -> TrainingSession:
    """Keep the scan of the sheet that people signed; one sent earlier stays among the documents, as proof.

    Raises ValidationError for a file that is refused, StorageFull when the disk is full.
    """
    session = _locked(session)
    session.signed_sheet = documents.store(
        title=_("Feuille signée : {session}").format(session=session)[:200], upload=upload
    )
    session.save(update_fields=["signed_sheet"])
    journal.record("session.signed_sheet_kept", session, by=by, sha256=session.signed_sheet.sha256)
    return session


# Inside --------------------------------------------------------------------------------------------------


ASKED_OF_SESSION = (
    *(
        "public_id",
        "training__title",
        "state",
        "waiting_list",
        "capacity",
        "cancelled_at",
        "cancellation_reason",
    ),
    *("starts_at", "opens_at", "closes_at"),
)
"""What a registration asks of its session; the longer the row, the longer the others wait."""


def _locked(session: TrainingSession, *, only: Sequence[str] = ()) -> TrainingSession:
    """Lock the session's row: whoever counts its seats afterwards counts alone."""
    fresh = TrainingSession.objects.select_related("training").only(*only)
    return fresh.select_for_update(of=("self",)).get(pk=session.pk)


def _held(registration: Registration) -> Registration:
    """Lock one person's row, and nobody else's."""
    return Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)


def _came(registration: Registration) -> bool | None:
    """Whether a person came on one day at least; None as long as nobody said."""
    marks = set(registration.marks.values_list("attended", flat=True))
    return (True in marks) if marks else None


def _fresh(registration: Registration, session: TrainingSession) -> Registration:
    registration = Registration.objects.get(pk=registration.pk)
    registration.session = session
    return registration


@dataclass(frozen=True)
class Count:
    """The people of a session: seats left (None: unlimited), the last one's position, who may be asked for again."""

    free: int | None
    last: int
    alike: int = 0


Key = tuple[str, str]
"""What says that two people are one: the address and the name, as they are compared."""


_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is misread on paper: 0 and O, 1, I and L, U."""


def _certificate_number() -> str:
    """Return a number nobody can guess (59 bits), in three groups that can be read over the phone."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _sign in range(4)) for _group in range(3))


def _count(session: TrainingSession, keys: Collection[Key] = ()) -> Count:
    """Count the people of a session, and those with an address and a name among `keys`; one query.

    True as long as the session's row is locked. Written by hand: everybody who registers waits for it, and Django
    takes five times as long to write it as PostgreSQL to answer.
    """
    emails_, names_ = zip(*keys, strict=True) if keys else (("",), ("",))
    marks = ", ".join(["%s"] * len(emails_))
    asked = (
        "SELECT count(CASE WHEN state = %s THEN 1 END), max(position), "  # noqa: S608 - placeholders alone
        f"count(CASE WHEN email IN ({marks}) AND folded_name IN ({marks}) THEN 1 END) "
        "FROM trainings_registration WHERE session_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [RegistrationState.CONFIRMED.value, *emails_, *names_, session.pk])
        confirmed, last, alike = cursor.fetchone()
    free = None if session.capacity is None else max(0, session.capacity - confirmed)
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


def _written(person: Person, *, nonce: str, by: User | None) -> Registration:
    """Return a registration without what only the lock can tell: its session, its position, its state."""
    staff = by is not None and by.is_staff
    name, email = names.clean(person.name)[:150], normalise_email(person.email)
    if not name:
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


def _promote(session: TrainingSession, *, by: User | None) -> None:
    """Give free seats to those who wait, in their order; a group that does not fit keeps its place."""
    if session.state not in OPEN or (session.starts_at and timezone.now() >= session.starts_at):
        return
    free = _count(session).free
    groups: dict[uuid.UUID, list[Registration]] = {}
    for registration in session.registrations.waiting():
        groups.setdefault(registration.group, []).append(registration)
    promoted: list[Registration] = []
    for group in groups.values():
        if free is not None and len(group) > free:
            continue
        promoted += group
        free = None if free is None else free - len(group)
    for registration in promoted:
        registration.state = RegistrationState.CONFIRMED
        registration.session = session
        registration.save(update_fields=["state"])
        journal.record("registration.promoted", session, by=by, position=registration.position)


def _live(session: TrainingSession) -> list[Registration]:
    registrations = list(session.registrations.live().order_by("position"))
    for registration in registrations:
        registration.session = session
    return registrations


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


def _set_days(
    session: TrainingSession, present: list[SessionDay], wanted: list[tuple[date, time, time]]
) -> list[SessionDay]:
    """Make the days those wanted, rank by rank; return those that go."""
    removed = present[len(wanted) :]
    if Attendance.objects.filter(day__in=removed).exists():
        raise Refused(_("Les présences d’un de ces jours sont déjà notées : gardez-le. Rien n’est changé."))
    for day in removed:
        SessionDay.objects.filter(pk=day.pk).delete()
    kept = present[: len(wanted)]
    # Moved out of the way first: two days may exchange their dates.
    for rank, day in enumerate(kept):
        SessionDay.objects.filter(pk=day.pk).update(date=date(1, 1, 1) + timedelta(days=rank))
    for rank, (on, start, end) in enumerate(wanted):
        day = kept[rank] if rank < len(kept) else SessionDay(session=session)
        day.session, day.date, day.start_time, day.end_time = session, on, start, end
        day.save()
    return removed
