"""Everything that happened with a person, or with an actor, newest first, whatever room knows it.

Each room's rows are read into the same seven columns and put together by one UNION, which the database sorts and
cuts into pages: a page costs two queries, with ten events or with ten thousand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import (
    DateTimeField,
    F,
    Model,
    Q,
    QuerySet,
    TextChoices,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import JournalEntry, User
from actors.choices import InteractionKind, MembershipRole, MembershipState
from actors.models import Actor, Consent, Contact, Interaction, Membership
from imports.models import Row
from invitations.models import Invitation, Sending
from needs.models import Need, Response
from outbox import kinds
from outbox.choices import State as LetterState
from outbox.models import Letter
from trainings import names
from trainings.choices import RegistrationState
from trainings.models import Attendance, Certificate, Registration
from typography import dates

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PER_PAGE = 50
SAID = 300
"""Signs of a summary that the timeline shows."""


class Kind(TextChoices):
    """By what a timeline is filtered."""

    INTERACTION = "echanges", _("Échanges")
    INVITATION = "invitations", _("Invitations")
    LETTER = "lettres", _("Lettres")
    ANSWER = "reponses", _("Réponses et besoins")
    REGISTRATION = "inscriptions", _("Inscriptions")
    ATTENDANCE = "presences", _("Présences")
    CERTIFICATE = "attestations", _("Attestations")
    CONSENT = "consentements", _("Consentements et désinscriptions")
    MEMBERSHIP = "membres", _("Accès comme membre")
    FILE = "fiche", _("La fiche elle-même")


@dataclass(frozen=True)
class Sort:
    """One sort of event: its kind, its words, what its state means, and where it leads."""

    kind: Kind
    words: "StrOrPromise"
    url: str = ""
    states: type[TextChoices] | None = None


SORTS: dict[str, Sort] = {
    "interaction": Sort(Kind.INTERACTION, _("Échange"), "admin:actors_interaction_change", InteractionKind),
    "invited": Sort(Kind.INVITATION, _("Invitation"), "admin:invitations_campaign_change"),
    "reached": Sort(
        Kind.INVITATION, _("Jointe par téléphone ou par la poste"), "admin:invitations_campaign_change"
    ),
    "letter": Sort(Kind.LETTER, _("Lettre"), "admin:outbox_letter_change", LetterState),
    "answered": Sort(Kind.ANSWER, _("A répondu à l’invitation"), "admin:invitations_campaign_change"),
    "response": Sort(Kind.ANSWER, _("Réponse d’organisation envoyée"), "admin:needs_survey_change"),
    "need": Sort(Kind.ANSWER, _("Besoin exprimé"), "admin:needs_need_change"),
    "registered": Sort(
        Kind.REGISTRATION, _("Inscription"), "admin:trainings_trainingsession_change", RegistrationState
    ),
    "cancelled": Sort(Kind.REGISTRATION, _("Inscription annulée"), "admin:trainings_trainingsession_change"),
    "came": Sort(Kind.ATTENDANCE, _("Présence"), "admin:trainings_session_roll_call"),
    "absent": Sort(Kind.ATTENDANCE, _("Absence"), "admin:trainings_session_roll_call"),
    "certificate": Sort(Kind.CERTIFICATE, _("Attestation délivrée"), "trainings:certificate"),
    "certificate.withdrawn": Sort(Kind.CERTIFICATE, _("Attestation retirée"), "trainings:certificate"),
    "consent": Sort(Kind.CONSENT, _("Consentement donné")),
    "consent.withdrawn": Sort(Kind.CONSENT, _("Consentement retiré")),
    "contact.opted_out": Sort(Kind.CONSENT, _("Désinscription des campagnes")),
    "member.referent": Sort(Kind.MEMBERSHIP, _("Référent"), "", MembershipState),
    "member.editor": Sort(Kind.MEMBERSHIP, _("Éditeur"), "", MembershipState),
    "member.member": Sort(Kind.MEMBERSHIP, _("Membre"), "", MembershipState),
    "created": Sort(Kind.FILE, _("Fiche créée")),
    "imported": Sort(Kind.FILE, _("Écrite par un import"), "admin:imports_import_preview"),
    "contact.changed": Sort(Kind.FILE, _("Fiche modifiée")),
    "contact.merged": Sort(Kind.FILE, _("Un autre contact y est fusionné")),
    "contact.bounce_cleared": Sort(Kind.FILE, _("Adresse à réessayer")),
    "contact.extracted": Sort(Kind.FILE, _("Données remises à la personne")),
    "actor.changed": Sort(Kind.FILE, _("Fiche modifiée")),
    "actor.pending": Sort(Kind.FILE, _("Fiche proposée")),
    "actor.published": Sort(Kind.FILE, _("Fiche publiée")),
    "actor.refused": Sort(Kind.FILE, _("Fiche refusée")),
    "actor.archived": Sort(Kind.FILE, _("Fiche archivée")),
}
"""Event → what it is. Those of the journal bear its verbs."""

COLUMNS = ("_moment", "_event", "_key", "_title", "_who", "_state", "_target")


@dataclass(frozen=True)
class Event:
    """One line of a timeline, in words."""

    moment: datetime
    kind: Kind
    words: str
    title: str
    who: str
    state: str
    url: str
    whole_day: bool

    @property
    def when(self) -> str:
        """The day, with the hour where one is known: « 12 janvier 2027 », « 12 janvier 2027 à 19 h »."""
        day = dates.day(self.moment, weekday=False)
        return day if self.whole_day else f"{day}, {dates.hour(self.moment)}"


def of_contact(contact: Contact, kind: str = "") -> QuerySet:
    """Return the events of a person, newest first, perhaps of one kind; rows for `events`."""
    people = Contact.objects.filter(Q(pk=contact.pk) | Q(merged_into=contact)).values("pk")
    mine, theirs = Q(contact__in=people), Q(contact__in=people)
    if contact.email:
        theirs |= Q(contact=None, email=contact.email)
    registrations = Registration.objects.filter(theirs)
    invitations = Invitation.objects.filter(mine)
    user = contact.user_id
    sent = Response.objects.filter(
        Q(submitter_contact__in=people) | (Q(submitter=user) if user else Q(pk=None))
    )
    needs = Need.objects.filter(mine | (Q(author=user) if user else Q(pk=None)))
    memberships = Membership.objects.filter(
        (Q(user=user) if user else Q(pk=None)) | (Q(email=contact.email) if contact.email else Q(pk=None))
    )
    letters = Q(
        pk__in=Sending.objects.filter(invitation__in=invitations, letter__isnull=False).values("letter")
    )
    found = Letter.objects.filter(letters)
    if contact.email:
        found |= Letter.objects.to_address(contact.email)
    return _together(
        kind,
        [
            *_invitations(invitations, who="actor__name"),
            *_registrations(registrations),
            ("letter", lambda: _letters(found)),
            ("response", lambda: _responses(sent)),
            ("need", lambda: _rows(needs, "need", "created_at", title="title", who="actor__name")),
            *_consents(Consent.objects.filter(mine)),
            *_memberships(memberships, title="actor__name"),
            ("interaction", lambda: _interactions(Interaction.objects.filter(contacts__in=people))),
            *_file(contact, target="contacts"),
        ],
    )


def of_address(email: str, *, name: str = "", user: User | None = None) -> QuerySet:
    """Return the events of somebody who is no contact, known by an address and perhaps a name; rows for `events`."""
    registrations = Registration.objects.filter(contact=None, email=email)
    if name:
        registrations = registrations.filter(folded_name=names.folded(name))
    memberships = Membership.objects.filter(Q(email=email) | (Q(user=user) if user else Q(pk=None)))
    found = Letter.objects.to_address(email)
    sent, needs = Response.objects.filter(submitter=user), Need.objects.filter(author=user)
    own: list[Source] = [
        ("response", lambda: _responses(sent)),
        ("need", lambda: _rows(needs, "need", "created_at", title="title", who="actor__name")),
    ]
    return _together(
        "",
        [
            *_registrations(registrations),
            ("letter", lambda: _letters(found)),
            *(own if user else []),
            *_memberships(memberships, title="actor__name"),
        ],
    )


def of_actor(actor: Actor, kind: str = "") -> QuerySet:
    """Return the events of an actor, newest first, perhaps of one kind; rows for `events`."""
    invitations = Invitation.objects.filter(actor=actor)
    letters = Letter.objects.filter(
        pk__in=Sending.objects.filter(invitation__in=invitations, letter__isnull=False).values("letter")
    )
    needs = Need.objects.filter(actor=actor)
    return _together(
        kind,
        [
            *_invitations(invitations, who="contact__name"),
            *_registrations(Registration.objects.filter(actor=actor)),
            ("letter", lambda: _letters(letters)),
            ("response", lambda: _responses(Response.objects.filter(actor=actor))),
            ("need", lambda: _rows(needs, "need", "created_at", title="title", who="contact__name")),
            *_memberships(Membership.objects.filter(actor=actor), title="user__name"),
            ("interaction", lambda: _interactions(Interaction.objects.filter(actors=actor))),
            *_file(actor, target="actors"),
        ],
    )


def events(rows) -> list[Event]:
    """Put rows of a timeline in words."""
    return [_event(*row) for row in rows]


def by_month(found: list[Event]) -> list[tuple[date, list[Event]]]:
    """Group events, already in order, by the month of their local day."""

    def month(event: Event) -> date:
        return timezone.localtime(event.moment).date().replace(day=1)

    return [(first, list(group)) for first, group in groupby(found, key=month)]


# Sources: (event, what reads it) -------------------------------------------------------------------------

Source = tuple[str, Callable[[], QuerySet]]


def _together(kind: str, sources: list[Source]) -> QuerySet:
    """Return the UNION of the sources of a kind, or of all, sorted by the database."""
    chosen = [read() for event, read in sources if not kind or SORTS[event].kind == kind]
    if not chosen:
        return JournalEntry.objects.none().values_list("pk")
    first, *others = chosen
    return (first.union(*others) if others else first).order_by("-_moment", "_event", "_key")


def _rows(queryset: QuerySet, event: str | F, moment, *, title="", who="", state="", target="pk") -> QuerySet:
    """Return the seven columns of one source; `moment` is a field's name or an expression, the others too."""
    return (
        queryset.order_by()
        .annotate(
            _moment=F(moment) if isinstance(moment, str) else moment,
            _event=_text(Value(event) if isinstance(event, str) else event),
            _key=_text(F("pk")),
            _title=_text(title),
            _who=_text(who),
            _state=_text(state),
            _target=_text(target),
        )
        .filter(_moment__isnull=False)
        .values_list(*COLUMNS)
    )


def _text(what):
    """Return a column as text, "" where it is empty: all parts of a UNION have the same types."""
    expression = (F(what) if what else Value("")) if isinstance(what, str) else what
    return Coalesce(Cast(expression, TextField()), Value(""), output_field=TextField())


def _day(field: str):
    """Return a date as the instant at which its sorting takes place."""
    return Cast(field, DateTimeField())


def _invitations(found: QuerySet, *, who: str) -> Iterator[Source]:
    about = {"title": "campaign__title", "who": who, "target": "campaign__pk"}
    launched = Coalesce("campaign__launched_at", "campaign__created_at")
    yield "invited", lambda: _rows(found, "invited", launched, **about)
    yield "reached", lambda: _rows(found, "reached", "reached_at", **about)
    yield "answered", lambda: _rows(found, "answered", "answered_at", **about)


def _registrations(found: QuerySet) -> Iterator[Source]:
    about = {"title": "session__training__title", "who": "name", "target": "session__pk"}
    yield "registered", lambda: _rows(found, "registered", "registered_at", state="state", **about)
    yield "cancelled", lambda: _rows(found, "cancelled", "cancelled_at", **about)
    marks = Attendance.objects.filter(registration__in=found.values("pk"))
    for event, attended in (("came", True), ("absent", False)):
        yield (
            event,
            partial(
                _rows,
                marks.filter(attended=attended),
                event,
                _day("day__date"),
                title="day__session__training__title",
                who="registration__name",
                target="day__session__pk",
            ),
        )
    certificates = Certificate.objects.filter(registration__in=found.values("pk"))
    paper = {"title": "title", "who": "name", "target": "number"}
    yield "certificate", lambda: _rows(certificates, "certificate", "issued_at", **paper)
    yield (
        "certificate.withdrawn",
        lambda: _rows(certificates, "certificate.withdrawn", "withdrawn_at", **paper),
    )


def _letters(found: QuerySet) -> QuerySet:
    # A secret letter keeps no subject: `_event` calls it by its kind.
    called = Coalesce(NullIf("subject", Value("")), F("kind"))
    return _rows(found, "letter", Coalesce("sent_at", "created_at"), title=called, state="state")


def _responses(found: QuerySet) -> QuerySet:
    about = {"title": "survey__title", "who": "actor__name", "target": "survey__pk"}
    return _rows(found, "response", "submitted_at", **about)


def _consents(found: QuerySet) -> Iterator[Source]:
    yield "consent", lambda: _rows(found, "consent", "given_at", title="source")
    yield "consent.withdrawn", lambda: _rows(found, "consent.withdrawn", "withdrawn_at", title="source")


def _memberships(found: QuerySet, *, title: str) -> Iterator[Source]:
    for role in MembershipRole:
        event = f"member.{role.value}"
        yield (
            event,
            partial(_rows, found.filter(role=role), event, "since", title=title, who="email", state="state"),
        )


def _interactions(found: QuerySet) -> QuerySet:
    title = Substr("summary", 1, SAID)
    return _rows(found, "interaction", _day("date"), title=title, who="staff__name", state="kind")


def _file(thing: Actor | Contact, *, target: str) -> Iterator[Source]:
    """The sheet: when it was made, the imports that wrote it, and what the journal tells of it."""
    model: type[Model] = type(thing)
    yield "created", lambda: _rows(model._default_manager.filter(pk=thing.pk), "created", "created_at")
    rows = Row.objects.filter(object_id=str(thing.pk), run__target=target, written=True)
    yield (
        "imported",
        lambda: _rows(
            rows,
            "imported",
            Coalesce("run__finished_at", "run__confirmed_at"),
            title="run__source",
            target="run__pk",
        ),
    )
    lines = JournalEntry.objects.filter(
        object_kind=model._meta.label_lower, object_id=str(thing.public_id), verb__in=SORTS
    )
    for kind, event in (
        (Kind.FILE, f"{model._meta.model_name}.changed"),
        (Kind.CONSENT, "contact.opted_out"),
    ):
        verbs = [verb for verb, sort in SORTS.items() if sort.kind == kind]
        yield event, partial(_rows, lines.filter(verb__in=verbs), F("verb"), "at", who="by_label")


def _event(moment, event, _key, title, who, state, target) -> Event:
    sort = SORTS[event]
    return Event(
        moment=moment,
        kind=sort.kind,
        words=str(sort.words),
        title=kinds.called(title) if sort.kind == Kind.LETTER else title,
        who=who,
        state=str(sort.states(state).label) if sort.states and state else "",
        url=reverse(sort.url, args=[target]) if sort.url else "",
        whole_day=event in ("came", "absent", "interaction"),
    )
