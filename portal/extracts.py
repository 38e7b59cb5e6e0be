"""What the portal holds of a person, in full: the answer to a request for access (GDPR, articles 15 and 20)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from actors.models import Consent, Contact, Correction, Proposal, Subscription
from invitations.models import Invitation
from needs.models import Answer
from portal import timelines
from territory.models import LAG
from trainings import names
from trainings.models import Registration

Plain = dict[str, Any]


NONE = Q(pk=None)
"""Of nobody."""


@dataclass(frozen=True)
class Whose:
    """Whose data are asked for: a contact; else an address, with the name that tells apart those who share it."""

    contact: Contact | None = None
    user: User | None = None
    email: str = ""
    name: str = ""

    @property
    def emails(self) -> set[str]:
        """Their addresses: the one that is known, and the account's when it is another."""
        return {self.email, self.user.email if self.user else ""} - {""}


def of_contact(contact: Contact) -> Plain:
    """Return everything held of a contact: see `_of`."""
    return _of(
        Whose(contact, contact.user, contact.email, contact.name), history=timelines.of_contact(contact)
    )


def of_address(email: str, name: str = "") -> Plain:
    """Return everything held of somebody who is no contact: of an address in its stored form, under a name if any.

    An account of another name is left out: two people may share an address.
    """
    user = User.objects.filter(email=email).first()
    if user and name and names.folded(user.name) != names.folded(name):
        user = None
    return _of(
        Whose(user=user, email=email, name=name), history=timelines.of_address(email, name=name, user=user)
    )


def known_as(email: str) -> list[str]:
    """Return the names under which an address is known without being a contact's, each once; [""] for none.

    Empty when nothing at all is held of the address. Four queries.
    """
    known = [
        *User.objects.filter(email=email).values_list("name", flat=True),
        *Registration.objects.filter(contact=None, email=email).order_by("pk").values_list("name", flat=True),
        *Proposal.objects.filter(email=email).order_by("pk").values_list("name", flat=True),
    ]
    if found := list({names.folded(name): name for name in reversed(known) if name}.values()):
        return found[::-1]
    return [""] if any(count for _label, count in told(of_address(email))) else []


def told(held: Plain) -> list[tuple[str, int]]:
    """Return how many things an extract has of each sort, those it has; the history repeats the others."""
    counts = [(label, len(found)) for label, found in held.items() if isinstance(found, list) and found]
    return [*([(_("compte"), 1)] if held["compte"] else []), *counts]


def _of(whose: Whose, *, history: QuerySet) -> Plain:
    """Return everything held of a person as plain values that JSON keeps; moments in ISO 8601, local time.

    What an organisation answered is its own: of it, only what this person wrote. The number of queries does
    not depend on how much there is.
    """
    lag, contact = LAG.objects.first(), whose.contact
    return {
        "responsable": lag.name if lag else "",
        "fait": _moment(timezone.now()),
        "contact": _contact(contact) if contact else {"nom": whose.name, "adresse e-mail": whose.email},
        "compte": _account(whose.user),
        "consentements": [
            {
                "donné": _moment(one.given_at),
                "texte": one.text_version,
                "origine": one.source,
                "retiré": _moment(one.withdrawn_at),
            }
            for one in Consent.objects.filter(_mine(contact)).order_by("pk")
        ],
        "inscriptions": [_registration(one) for one in _registrations(whose)],
        "invitations": [
            {
                "campagne": one.campaign.title,
                "pour": str(one.actor or ""),
                "commencée": _moment(one.begun_at),
                "répondue": _moment(one.answered_at),
            }
            for one in Invitation.objects.filter(_mine(contact)).select_related("campaign", "actor")
        ],
        "réponses écrites": [
            {"question": one.question.label, "réponse": one.said, "le": _moment(one.updated_at)}
            for one in _answers(whose)
        ],
        "échanges": [
            {
                "date": one.date.isoformat(),
                "type": one.get_kind_display(),
                "ce qui s’est dit": one.summary,
                "prochaine étape": one.next_step,
            }
            for one in (contact.interactions.all() if contact else ())
        ],
        "abonnements": [
            {
                "adresse e-mail": one.email,
                "état": one.get_state_display(),
                "sujets": [str(subject.label) for subject in one.subjects],
                "thèmes": [theme.name for theme in one.themes.all()],
                "communes": [place.name for place in one.municipalities.all()],
                "texte": one.text_version,
                "origine": one.source,
                "demandé": _moment(one.asked_at),
                "confirmé": _moment(one.confirmed_at),
                "arrêté": _moment(one.stopped_at),
            }
            for one in _of_address(Subscription, whose).prefetch_related("themes", "municipalities")
        ],
        "fiches proposées": [
            {
                "acteur": str(one.actor),
                "nom": one.name,
                "adresse e-mail": one.email,
                "lien": one.relation,
                "le": _moment(one.created_at),
            }
            for one in _proposals(whose)
        ],
        "erreurs signalées": [
            {"fiche": str(one.actor), "texte": one.text, "le": _moment(one.created_at)}
            for one in _of_address(Correction, whose).select_related("actor")
        ],
        "historique": [
            {
                "quand": _moment(event.moment),
                "quoi": event.words,
                "détail": event.title,
                "état": event.state,
            }
            for event in timelines.events(history)
        ],
    }


def _contact(contact: Contact) -> Plain:
    return {
        "nom": contact.name,
        "fonction": contact.function,
        "adresse e-mail": contact.email,
        "téléphone": contact.phone,
        "langue": contact.language,
        "commune": str(contact.municipality or ""),
        "organisations": [str(actor) for actor in contact.actors.all()],
        "créé": _moment(contact.created_at),
        "désinscrit": _moment(contact.opted_out_at),
        "adresse refusée": _moment(contact.bounced_at),
    }


def _mine(contact: Contact | None) -> Q:
    return Q(contact=contact) if contact else NONE


def _account(user: User | None) -> Plain:
    if user is None:
        return {}
    return {
        "nom": user.name,
        "adresse e-mail": user.email,
        "ouvert": _moment(user.date_joined),
        "dernière connexion": _moment(user.last_login),
        "connexions ouvertes": [
            {"adresse": one.ip, "navigateur": one.user_agent, "depuis": _moment(one.created_at)}
            for one in UserSession.objects.filter(user=user)
        ],
        "accès": [
            {
                "acteur": str(one.actor),
                "rôle": one.get_role_display(),
                "état": one.get_state_display(),
                "depuis": _moment(one.since),
            }
            for one in user.memberships.select_related("actor")
        ],
    }


def _registrations(whose: Whose) -> Iterable[Registration]:
    theirs = _mine(whose.contact)
    if whose.email and whose.name:
        theirs |= Q(contact=None, email=whose.email, folded_name=names.folded(whose.name))
    elif whose.email and not whose.contact:
        theirs |= Q(contact=None, email=whose.email)
    found = Registration.objects.filter(theirs).select_related("session__training", "actor")
    return found.prefetch_related("marks__day", "certificates", "answers__question")


def _registration(one: Registration) -> Plain:
    return {
        "formation": one.session.training.title,
        "début": _moment(one.session.starts_at),
        "état": one.get_state_display(),
        "nom": one.name,
        "adresse e-mail": one.email,
        "téléphone": one.phone,
        "organisation": one.organisation,
        "besoins pour venir": one.access_needs,
        "inscrite": _moment(one.registered_at),
        "place proposée jusqu’au": _moment(one.offered_until),
        "venue confirmée": _moment(one.coming_at),
        "texte accepté": one.consent_version,
        "présences": {_moment(mark.day.starts_at): mark.attended for mark in one.marks.all()},
        "réponses à l’inscription": {answer.question.label: answer.text for answer in one.answers.all()},
        "attestations": [certificate.number for certificate in one.certificates.all()],
    }


def _of_address(model: Any, whose: Whose) -> QuerySet:
    """Return what came from the person's addresses."""
    return model.objects.filter(email__in=whose.emails)


def _proposals(whose: Whose) -> Iterable[Proposal]:
    found = _of_address(Proposal, whose)
    if whose.name and not whose.contact:
        found = found.filter(name__iexact=whose.name)
    if whose.user:
        found |= Proposal.objects.filter(user=whose.user)
    return found.select_related("actor")


def _answers(whose: Whose) -> Iterable[Answer]:
    theirs = _mine(whose.contact)
    if whose.user:
        theirs |= Q(author=whose.user)
    return Answer.objects.filter(theirs).select_related("question").prefetch_related("question__choices")


def _moment(moment) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None
