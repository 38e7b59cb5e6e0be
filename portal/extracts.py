"""What the portal holds of a person, in full: the answer to a request for access (GDPR, articles 15 and 20)."""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet
from django.utils import timezone

from actors.models import Contact, Correction, Proposal, Subscription
from invitations.models import Invitation
from needs.models import Answer
from portal import timelines
from territory.models import LAG
from trainings.models import Registration

Plain = dict[str, Any]


def of_contact(contact: Contact) -> Plain:
    """Return everything held of a person as plain values that JSON keeps; moments in ISO 8601, local time.

    What an organisation answered is its own: of it, only what this person wrote. The number of queries does
    not depend on how much there is.
    """
    lag = LAG.objects.first()
    return {
        "responsable": lag.name if lag else "",
        "fait": _moment(timezone.now()),
        "contact": {
            "nom": contact.name,
            "fonction": contact.function,
            "courriel": contact.email,
            "téléphone": contact.phone,
            "langue": contact.language,
            "commune": str(contact.municipality or ""),
            "organisations": [str(actor) for actor in contact.actors.all()],
            "créé": _moment(contact.created_at),
            "désinscrit": _moment(contact.opted_out_at),
            "adresse refusée": _moment(contact.bounced_at),
        },
        "compte": _account(contact),
        "consentements": [
            {
                "donné": _moment(one.given_at),
                "texte": one.text_version,
                "origine": one.source,
                "retiré": _moment(one.withdrawn_at),
            }
            for one in contact.consents.all()
        ],
        "inscriptions": [_registration(one) for one in _registrations(contact)],
        "invitations": [
            {
                "campagne": one.campaign.title,
                "pour": str(one.actor or ""),
                "commencée": _moment(one.begun_at),
                "répondue": _moment(one.answered_at),
            }
            for one in Invitation.objects.filter(contact=contact).select_related("campaign", "actor")
        ],
        "réponses écrites": [
            {"question": one.question.label, "réponse": one.said, "le": _moment(one.updated_at)}
            for one in _answers(contact)
        ],
        "échanges": [
            {
                "date": one.date.isoformat(),
                "type": one.get_kind_display(),
                "ce qui s’est dit": one.summary,
                "prochaine étape": one.next_step,
            }
            for one in contact.interactions.all()
        ],
        "abonnements": [
            {
                "courriel": one.email,
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
            for one in _of_address(Subscription, contact).prefetch_related("themes", "municipalities")
        ],
        "fiches proposées": [
            {
                "acteur": str(one.actor),
                "nom": one.name,
                "courriel": one.email,
                "lien": one.relation,
                "le": _moment(one.created_at),
            }
            for one in _proposals(contact)
        ],
        "erreurs signalées": [
            {"fiche": str(one.actor), "texte": one.text, "le": _moment(one.created_at)}
            for one in _of_address(Correction, contact).select_related("actor")
        ],
        "historique": [
            {
                "quand": _moment(event.moment),
                "quoi": event.words,
                "détail": event.title,
                "état": event.state,
            }
            for event in timelines.events(timelines.of_contact(contact))
        ],
    }


def _account(contact: Contact) -> Plain:
    user = contact.user
    if user is None:
        return {}
    return {
        "nom": user.name,
        "courriel": user.email,
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


def _registrations(contact: Contact) -> Iterable[Registration]:
    theirs = Q(contact=contact)
    if contact.email:
        theirs |= Q(contact=None, email=contact.email, name__iexact=contact.name)
    found = Registration.objects.filter(theirs).select_related("session__training", "actor")
    return found.prefetch_related("marks__day", "certificates", "answers__question")


def _registration(one: Registration) -> Plain:
    return {
        "formation": one.session.training.title,
        "début": _moment(one.session.starts_at),
        "état": one.get_state_display(),
        "nom": one.name,
        "courriel": one.email,
        "téléphone": one.phone,
        "organisation": one.organisation,
        "besoins pour venir": one.access_needs,
        "inscrite": _moment(one.registered_at),
        "texte accepté": one.consent_version,
        "présences": {_moment(mark.day.starts_at): mark.attended for mark in one.marks.all()},
        "réponses à l’inscription": {answer.question.label: answer.text for answer in one.answers.all()},
        "attestations": [certificate.number for certificate in one.certificates.all()],
    }


def _of_address(model: Any, contact: Contact) -> QuerySet:
    """Return what came from the person's addresses: the contact's, and the account's when it is another."""
    emails = {contact.email, contact.user.email if contact.user else ""} - {""}
    return model.objects.filter(email__in=emails)


def _proposals(contact: Contact) -> Iterable[Proposal]:
    found = _of_address(Proposal, contact)
    if contact.user_id:
        found |= Proposal.objects.filter(user=contact.user_id)
    return found.select_related("actor")


def _answers(contact: Contact) -> Iterable[Answer]:
    theirs = Q(contact=contact)
    if contact.user_id:
        theirs |= Q(author=contact.user_id)
    return Answer.objects.filter(theirs).select_related("question").prefetch_related("question__choices")


def _moment(moment) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None
