"""Who a campaign invites: the choice that staff make, the people whom it finds, and who gets no letter."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import JournalEntry
from actors.choices import KINDS_OF, Family, MembershipState
from actors.choices import State as Sheet
from actors.models import Actor, Consent, Contact, Membership
from invitations.choices import Answer
from invitations.models import Campaign, Invitation
from invitations.pasted import Line
from territory.models import Municipality, Theme
from typography.numbers import number

GONE = (Sheet.REFUSED, Sheet.ARCHIVED, Sheet.MERGED)
"""Actors in whose name nobody is invited any more, unless they are named."""


@dataclass(frozen=True)
class Choice:
    """What is asked of people: one of each kind of which something is chosen; what is empty asks nothing.

    `answer` says what the people of `previous` have done there; `without` holds back those whom other campaigns
    invited; `addresses` is a list that was pasted, None without one.
    """

    families: Collection[str] = ()
    municipalities: Collection[Municipality] = ()
    themes: Collection[Theme] = ()
    members: Sequence[Actor] = ()
    previous: Collection[Campaign] = ()
    answer: str = Answer.INVITED
    without: Collection[Campaign] = ()
    addresses: Collection[str] | None = None

    @property
    def asks(self) -> bool:
        """Whether anything chooses people: who is only held back is nobody yet."""
        chosen = [self.families, self.municipalities, self.themes, self.members, self.previous]
        return any(chosen) or self.addresses is not None

    @property
    def actor(self) -> Actor | None:
        """The actor for which these people are invited: the one whose members they are."""
        return self.members[0] if len(self.members) == 1 else None

    def without_list(self) -> "Choice":
        """The same, whatever list was pasted."""
        return replace(self, addresses=None)


def choose(choice: Choice) -> QuerySet[Contact]:
    """Contacts whom a choice finds; nothing chosen is nobody.

    Family, theme and municipality are those of one and the same actor; a person's own municipality counts too.
    """
    if not choice.asks:
        return Contact.objects.none()
    found = Contact.objects.filter(merged_into=None, erased_at=None)
    found = found.filter(_of_actors(choice), _member_of(choice.members), _answered(choice))
    if choice.addresses is not None:
        found = found.filter(email__in=set(choice.addresses) - {""})
    if choice.without:
        held = Invitation.objects.filter(contact=OuterRef("pk"), campaign__in=choice.without).order_by()
        found = found.filter(~Exists(held))
    return found


def _of_actors(choice: Choice) -> Q:
    actors = Actor.objects.filter(contacts=OuterRef("pk")).exclude(state__in=GONE).order_by()
    if choice.families:
        actors = actors.filter(kind__in=[kind for family in choice.families for kind in KINDS_OF[family]])
    if choice.themes:
        actors = actors.filter(themes__in=choice.themes)
    of_actors = Q(Exists(actors)) if choice.families or choice.themes else Q()
    if not choice.municipalities:
        return of_actors
    seated = Q(Exists(actors.filter(municipality__in=choice.municipalities)))
    return of_actors & (seated | Q(municipality__in=choice.municipalities))


def _member_of(actors: Collection[Actor]) -> Q:
    """Those who stand for one of these actors, by their contact or by their account."""
    if not actors:
        return Q()
    linked = Contact.actors.through.objects.filter(contact=OuterRef("pk"), actor__in=actors)
    active = Membership.objects.filter(
        user__contact=OuterRef("pk"), state=MembershipState.ACTIVE, actor__in=actors
    )
    return Q(Exists(linked)) | Q(Exists(active.order_by()))


def _answered(choice: Choice) -> Q:
    if not choice.previous:
        return Q()
    invited = Invitation.objects.filter(contact=OuterRef("pk"), campaign__in=choice.previous).order_by()
    answered = invited.exclude(answered_at=None)
    return {
        Answer.ANSWERED.value: Q(Exists(answered)),
        Answer.SILENT.value: Q(Exists(invited)) & ~Q(Exists(answered)),
    }.get(choice.answer, Q(Exists(invited)))


def words(choice: Choice) -> str:
    """Say a choice in French, on one line; "" when it asks nothing."""
    said = [
        (_("familles"), [str(Family(family).label) for family in choice.families]),
        (_("communes"), choice.municipalities),
        (_("thèmes"), choice.themes),
        (_("membres de"), choice.members),
        (_("personnes qui {did}").format(did=Answer(choice.answer).label), choice.previous),
        (_("sans les personnes invitées à"), choice.without),
    ]
    told = [f"{what}\u00a0: {', '.join(map(str, chosen))}" for what, chosen in said if chosen]
    if choice.addresses is not None:
        count = len(set(choice.addresses) - {""})
        told.append(
            ngettext("une liste de {n} adresse", "une liste de {n} adresses", count).format(n=number(count))
        )
    return "\u00a0; ".join(told)


# Who gets no letter --------------------------------------------------------------------------------------


def unreachable(contacts: QuerySet[Contact]) -> list[tuple[str, int]]:
    """(reason in French, people) for those to whom no campaign may write; each person for one reason."""
    return _named(_counted(contacts, "reason"))


@dataclass(frozen=True)
class Size:
    """How many people a choice finds: new ones, those who may get a letter, why the others not; those who are there."""

    new: int
    writable: int
    unreachable: list[tuple[str, int]]
    already: int


def measure(contacts: QuerySet[Contact], campaign: Campaign) -> Size:
    """Count those whom a campaign would gain, and those whom it has already; one question."""
    there = Exists(Invitation.objects.filter(contact=OuterRef("pk"), campaign=campaign).order_by())
    counted = _counted(contacts.annotate(there=there), "there", "reason")
    new = {reason: people for (there, reason), people in counted.items() if not there}
    return Size(
        new=sum(new.values()),
        writable=new.get("", 0),
        unreachable=_named({(reason,): people for reason, people in new.items()}),
        already=sum(people for (there, _reason), people in counted.items() if there),
    )


def _counted(contacts: QuerySet[Contact], *by: str) -> dict[tuple, int]:
    rows = contacts.annotate(reason=_reason()).order_by().values_list(*by).annotate(Count("pk"))
    return {tuple(key): people for *key, people in rows}


def _named(counted: dict[tuple, int]) -> list[tuple[str, int]]:
    return [(label, counted[(reason,)]) for reason, label in _reasons().items() if (reason,) in counted]


def _reasons() -> dict[str, str]:
    return {
        "address": _("sans adresse e-mail"),
        "opted_out": _("désinscrits"),
        "bounced": _("adresse refusée"),
        "consent": _("sans accord écrit"),
    }


def _reason() -> Case:
    """Why no campaign may write to a contact, "" when it may: what `writable` says, with its reason."""
    consents = Consent.objects.filter(contact=OuterRef("pk"), withdrawn_at=None)
    return Case(
        When(email="", then=Value("address")),
        When(opted_out_at__isnull=False, then=Value("opted_out")),
        When(bounced_at__isnull=False, then=Value("bounced")),
        When(~Exists(consents), then=Value("consent")),
        default=Value(""),
    )


def first(contacts: QuerySet[Contact], number: int = 10) -> Iterable[Contact]:
    """The first of them by name, with what a page shows; `place` is their municipality, else that of an actor."""
    seats = (
        Actor.objects.filter(contacts=OuterRef("pk")).exclude(municipality=None).order_by("sort_name", "pk")
    )
    place = Coalesce("municipality__name", Subquery(seats.values("municipality__name")[:1]))
    return contacts.annotate(place=place).prefetch_related("actors").order_by("name", "pk")[:number]


# A list that was pasted ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What becomes of one line of a list: the words, who it is ("" for somebody unknown), whether it is fine."""

    text: str
    name: str
    becomes: str
    fine: bool = False
    unknown: bool = False


class Known(NamedTuple):
    """A contact of a list, and why no letter of a campaign goes to it ("" when one does)."""

    pk: int
    name: str
    reason: str


def tell(lines: list[Line], choice: Choice, campaign: Campaign) -> list[Told]:
    """Say what becomes of each line of a list; three questions, however long it is."""
    emails = {line.email for line in lines if line.email}
    asked = Contact.objects.filter(email__in=emails).annotate(reason=_reason()).order_by()
    known = {row[-1]: Known(*row[:-1]) for row in asked.values_list("pk", "name", "reason", "email")}
    there = set(campaign.invitations.filter(contact__email__in=emails).values_list("contact", flat=True))
    chosen = set(choose(choice).order_by().values_list("pk", flat=True))
    seen: set[str] = set()
    told = []
    for line in lines:
        told.append(_becomes(line, known.get(line.email), there, chosen, repeated=line.email in seen))
        seen |= {line.email} - {""}
    return told


def _becomes(line: Line, contact: Known | None, there: set[int], chosen: set[int], *, repeated: bool) -> Told:
    if not line.email:
        return Told(line.text, "", _("Ce n’est pas une adresse e-mail."))
    name = contact.name if contact else ""
    if repeated:
        return Told(line.text, name, _("Déjà plus haut."), fine=True)
    if contact is None:
        return Told(line.text, "", _("Inconnue\u00a0: elle n’est pas ajoutée."), unknown=True)
    if contact.pk in there:
        return Told(line.text, name, _("Déjà dans la campagne."), fine=True)
    if contact.pk not in chosen:
        return Told(line.text, name, _("Écartée par les autres choix."))
    if contact.reason:
        why = {
            "opted_out": _("elle s’est désinscrite"),
            "bounced": _("son adresse refuse les lettres"),
            "consent": _("nous n’avons pas son accord écrit"),
        }[contact.reason]
        return Told(line.text, name, _("À ajouter, mais sans lettre\u00a0: {why}.").format(why=why))
    return Told(line.text, name, _("À ajouter."), fine=True)


# What was chosen before ----------------------------------------------------------------------------------


def history(campaign: Campaign) -> QuerySet[JournalEntry]:
    """How the people of a campaign were chosen, as the journal remembers it, the latest first."""
    return JournalEntry.objects.filter(
        verb__in=["campaign.prepared", "campaign.unprepared"],
        object_kind=campaign._meta.label_lower,
        object_id=str(campaign.public_id),
    )
