"""Letters about a sheet: what was decided of a proposal or of a request, and the yearly question."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import links
from accounts.models import User
from actors.choices import State
from actors.models import Membership, Proposal
from actors.sheets import one_line
from territory.models import LAG

CONFIRM = "actor.confirm"
"""Purpose of the link by which a referent says that a sheet is still right."""


def membership_requested(membership: Membership, *, to: User) -> EmailMultiAlternatives:
    """Return the letter that tells a referent that somebody asks to join."""
    actor = membership.actor
    return _decision(
        to.email,
        "membership.requested",
        _("Une demande pour %(actor)s") % {"actor": actor},
        heading=_("%(user)s demande à rejoindre «\u00a0%(actor)s\u00a0»")
        % {"user": membership.user, "actor": actor},
        sentences=[
            _(
                "Vous en êtes la personne référente\u00a0: à vous d’accepter, ou de refuser en disant pourquoi."
            )
        ],
        quote=membership.statement,
        path=reverse("actors:members", args=[actor.slug]),
        label=_("Voir la demande"),
        why=_("Vous recevez cette lettre parce que vous répondez pour cet acteur sur le portail."),
    )


def membership_approved(membership: Membership) -> EmailMultiAlternatives:
    """Return the letter that tells somebody that they speak for an actor now."""
    actor = membership.actor
    return _decision(
        _address(membership),
        "membership.approved",
        _("Vous parlez pour %(actor)s") % {"actor": actor},
        heading=_("C’est accepté"),
        sentences=[
            _("Vous parlez maintenant pour «\u00a0%(actor)s\u00a0», comme %(role)s.")
            % {"actor": actor, "role": membership.get_role_display()},
            _("Son espace réunit sa fiche, ses enquêtes, ses formations et ses projets."),
        ],
        path=reverse("portal:space", args=[actor.slug]),
        label=_("Ouvrir l’espace"),
        why=_why_asked(),
    )


def membership_declined(membership: Membership) -> EmailMultiAlternatives:
    """Return the letter that tells somebody why they do not speak for an actor."""
    actor = membership.actor
    return _decision(
        _address(membership),
        "membership.declined",
        _("Votre demande pour %(actor)s") % {"actor": actor},
        heading=_("Votre demande n’est pas acceptée"),
        sentences=[
            _("Vous aviez demandé à parler pour «\u00a0%(actor)s\u00a0». Voici pourquoi c’est non\u00a0:")
            % {"actor": actor}
        ],
        quote=membership.reason,
        path=actor.get_absolute_url(),
        label=_("Voir la fiche"),
        why=_why_asked(),
    )


def proposal_answered(proposal: Proposal) -> EmailMultiAlternatives:
    """Return the letter that tells who proposed a sheet what became of it. Raises KeyError before that."""
    return ANSWERS[proposal.actor.state](proposal)


def _published(proposal: Proposal) -> EmailMultiAlternatives:
    actor = proposal.actor
    return _decision(
        proposal.email,
        "proposal.published",
        _("%(actor)s est dans l’annuaire") % {"actor": actor},
        heading=_("La fiche que vous avez proposée est publiée"),
        sentences=[
            _("«\u00a0%(actor)s\u00a0» est maintenant dans l’annuaire du territoire.") % {"actor": actor},
            _(
                "Vous en faites partie\u00a0? «\u00a0Revendiquer cette fiche\u00a0», sur sa page, permet de la tenir."
            ),
        ],
        path=actor.get_absolute_url(),
        label=_("Voir la fiche"),
        why=_why_proposed(),
    )


def _refused(proposal: Proposal) -> EmailMultiAlternatives:
    actor = proposal.actor
    told = _("Vous aviez proposé la fiche de «\u00a0%(actor)s\u00a0». Elle ne paraît pas dans l’annuaire.")
    return _decision(
        proposal.email,
        "proposal.refused",
        _("Votre proposition\u00a0: %(actor)s") % {"actor": actor},
        heading=_("La fiche que vous avez proposée n’est pas publiée"),
        sentences=[told % {"actor": actor}, *([_("Voici pourquoi\u00a0:")] if actor.reason else [])],
        quote=actor.reason,
        path=reverse("actors:directory"),
        label=_("Voir l’annuaire"),
        why=_why_proposed(),
    )


def _merged(proposal: Proposal) -> EmailMultiAlternatives:
    actor, kept = proposal.actor, proposal.actor.merged_into
    if kept is None:  # the database holds it so
        raise ValueError(actor.pk)
    return _decision(
        proposal.email,
        "proposal.merged",
        _("Votre proposition\u00a0: %(actor)s") % {"actor": actor},
        heading=_("Cet acteur avait déjà sa fiche"),
        sentences=[
            _(
                "Ce que vous avez écrit de «\u00a0%(actor)s\u00a0» a rejoint la fiche de «\u00a0%(kept)s\u00a0»."
            )
            % {"actor": actor, "kept": kept}
        ],
        path=kept.get_absolute_url() if kept.state == State.PUBLISHED else reverse("actors:directory"),
        label=_("Voir la fiche") if kept.state == State.PUBLISHED else _("Voir l’annuaire"),
        why=_why_proposed(),
    )


ANSWERS: dict[str, Callable[[Proposal], EmailMultiAlternatives]] = {
    State.PUBLISHED: _published,
    State.REFUSED: _refused,
    State.ARCHIVED: _refused,
    State.MERGED: _merged,
}
"""State that a proposed sheet comes to → the letter that says so."""


def confirmation_link(membership: Membership, *, expires: datetime) -> str:
    """Return the address where a referent confirms the sheet: of this person, and of this year's question."""
    token = links.make(
        CONFIRM, membership.public_id, version=membership.actor.confirmation_round, expires=expires
    )
    return settings.SITE_URL + reverse("actors:confirm", args=[token])


def confirmation_asked(
    membership: Membership, *, expires: datetime, lane: str = "bulk"
) -> EmailMultiAlternatives:
    """Return the yearly letter to a referent: what everybody reads of the actor, and one button."""
    actor = membership.actor
    context = {
        "actor": actor,
        "expires": expires,
        "url": confirmation_link(membership, expires=expires),
        "edit_url": settings.SITE_URL + reverse("actors:sheet", args=[actor.slug]),
    }
    return _letter(
        _address(membership),
        CONFIRM,
        _("%(actor)s\u00a0: la fiche est-elle juste\u00a0?") % {"actor": actor},
        "confirmation",
        context,
        lane=lane,
    )


# Inside --------------------------------------------------------------------------------------------------


def _why_asked() -> str:
    return _("Vous recevez cette lettre parce que vous avez demandé à parler pour cet acteur.")


def _why_proposed() -> str:
    return _("Vous recevez cette lettre parce que vous avez proposé cette fiche, avec votre adresse.")


def _address(membership: Membership) -> str:
    return membership.user.email if membership.user else membership.email


def _decision(
    to: str,
    kind: str,
    subject: str,
    *,
    heading: str,
    sentences: list[str],
    path: str,
    label: str,
    why: str,
    quote: str = "",
) -> EmailMultiAlternatives:
    context = {
        "subject": subject,
        "heading": heading,
        "sentences": sentences,
        "quote": quote,
        "url": settings.SITE_URL + path,
        "label": label,
        "why": why,
    }
    return _letter(to, kind, subject, "decision", context)


TEMPLATES = {
    "decision": ("actors/email/decision.txt", "actors/email/decision.html"),
    "confirmation": ("actors/email/confirmation.txt", "actors/email/confirmation.html"),
}
"""What a letter is → its text and its page."""


def _letter(
    to: str, kind: str, subject: str, template: str, context: dict, *, lane: str = "transactional"
) -> EmailMultiAlternatives:
    text, html = TEMPLATES[template]
    lag = LAG.objects.first()
    letter = EmailMultiAlternatives(
        # A name may hold anything; a subject holds one line.
        one_line(subject),
        render_to_string(text, context),
        to=[to],
        reply_to=lag.reply_to if lag else None,
        headers={"X-Lane": lane, "X-Letter-Kind": kind},
    )
    letter.attach_alternative(render_to_string(html, context), "text/html")
    return letter
