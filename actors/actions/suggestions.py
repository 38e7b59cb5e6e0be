"""Verbs of what anybody suggests: a sheet that is missing, an error on one that is there."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from accounts.querysets import normalise_email
from actors.actions.organisations import free_slug
from actors.choices import Kind, State
from actors.models import Actor, Correction, Proposal
from territory.models import Theme

TRIES = 3
KEPT = timedelta(days=365)
"""How long who suggested something is kept, once they had their answer."""
MOST_CORRECTIONS = 50
"""Errors reported on one sheet that wait to be read: more would say nothing new."""


@transaction.atomic
def suggest(
    actor: Actor,
    *,
    name: str,
    email: str,
    relation: str = "",
    themes: list[Theme],
    nonce: str,
    by: User | None,
) -> Proposal:
    """Keep a sheet that somebody proposes, unpublished until the team read it, and who proposed it.

    An enterprise number that another sheet bears is noted with the proposal: the team may merge the two. The
    same form (`nonce`) sent twice is one proposal. Raises ValidationError for a commune: the LAG makes theirs.
    """
    if actor.kind == Kind.MUNICIPALITY:
        raise ValidationError(_("La fiche d’une commune est faite par l’équipe du GAL."), code="commune")
    applicant = {"name": name, "email": normalise_email(email), "relation": relation, "user": by}
    for _turn in range(TRIES):
        if known := Proposal.objects.filter(nonce=nonce).exclude(nonce="").select_related("actor").first():
            return known
        try:
            proposal = _keep(actor, nonce=nonce, **applicant)
            break
        except IntegrityError:  # the same form, number or address a moment ago: look again
            actor.pk = None
    else:
        raise ValidationError(_("Cette fiche n’a pas pu être gardée\u00a0: renvoyez-la."), code="busy")
    actor.themes.set(themes)
    if actor.municipality_id:
        actor.municipalities_served.add(actor.municipality_id)
    journal.record("actor.proposed", actor, by=by)
    return proposal


@transaction.atomic
def _keep(actor: Actor, **applicant) -> Proposal:
    """Write a sheet to be read and its applicant; its number aside when another bears it."""
    actor.state = State.PENDING
    actor.slug = free_slug(slugify(actor.name)[:200] or "acteur")
    number = actor.enterprise_number
    bearers = Actor.objects.filter(enterprise_number=number).exclude(state=State.MERGED)
    taken = number if number and bearers.exists() else ""
    if taken:
        actor.enterprise_number = ""
    actor.save()
    return Proposal.objects.create(actor=actor, enterprise_number=taken, **applicant)


@transaction.atomic
def report(actor: Actor, *, text: str, email: str = "") -> Correction:
    """Keep what somebody says is wrong on a sheet; the same words, still unread, are kept once.

    Raises ValidationError when too many wait to be read.
    """
    Actor.objects.select_for_update().get(pk=actor.pk)
    waiting = actor.corrections.waiting()
    if same := waiting.filter(text=text).first():
        return same
    if waiting.count() >= MOST_CORRECTIONS:
        raise ValidationError(
            _("Beaucoup d’erreurs sont déjà signalées sur cette fiche\u00a0: l’équipe les lit d’abord."),
            code="too_many",
        )
    return actor.corrections.create(text=text, email=normalise_email(email))


@transaction.atomic
def handle(correction: Correction, *, by: User) -> Correction:
    """Say that an error is dealt with; asked twice, nothing more happens."""
    if Correction.objects.filter(pk=correction.pk, handled_at=None).update(handled_at=timezone.now()):
        journal.record("correction.handled", correction.actor, by=by)
    correction.refresh_from_db()
    return correction


@transaction.atomic
def erase_old_suggestions() -> int:
    """Erase who proposed a sheet or reported an error, a year after they had their answer; return how many."""
    before = timezone.now() - KEPT
    count = Proposal.objects.filter(answered_at__lt=before).delete()[0]
    return count + Correction.objects.filter(handled_at__lt=before).delete()[0]
