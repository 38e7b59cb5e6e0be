"""Verbs of a sheet: proposed, published, refused, archived, merged."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from actors import figures, merging
from actors.actions import answers
from actors.choices import NEXT, Kind, MembershipRole, MembershipState, State
from actors.models import RESERVED, Actor, ActorSlug
from territory.models import Municipality


def propose(actor: Actor, *, by: User | None) -> Actor:
    """Hand a draft, or a refused sheet, to the team to read. Raises ValidationError from elsewhere."""
    return _move(actor, State.PENDING, by=by)


def publish(actor: Actor, *, by: User | None) -> Actor:
    """Show a sheet to everybody. Raises ValidationError where that is no legal move."""
    return _move(actor, State.PUBLISHED, by=by)


def refuse(actor: Actor, *, reason: str, by: User | None) -> Actor:
    """Refuse a proposed sheet, and say why. Raises ValidationError without a reason, or from elsewhere."""
    if not reason.strip():
        raise ValidationError(
            _("Donnez le motif du refus\u00a0: il est dit à la personne."), code="no_reason"
        )
    return _move(actor, State.REFUSED, by=by, reason=reason.strip())


def archive(actor: Actor, *, reason: str = "", by: User | None) -> Actor:
    """Take a sheet off the directory; it can be published again. Raises ValidationError from elsewhere."""
    return _move(actor, State.ARCHIVED, by=by, reason=reason.strip())


@transaction.atomic
def _move(actor: Actor, state: State, *, by: User | None, reason: str = "") -> Actor:
    """Move a sheet; asked twice, nothing more happens."""
    locked = Actor.objects.select_for_update().get(pk=actor.pk)
    if locked.state != state:
        if state not in NEXT[locked.state]:
            raise ValidationError(
                _(
                    "«\u00a0%(actor)s\u00a0»\u00a0: une fiche %(before)s ne peut pas devenir une fiche %(after)s."
                ),
                code="illegal_move",
                params={
                    "actor": locked,
                    "before": locked.get_state_display(),
                    "after": state.label,
                },
            )
        before, locked.state, locked.reason = locked.state, state, reason
        locked.save(update_fields=["state", "reason"])
        journal.record(f"actor.{state.value}", locked, by=by, before=before)
        answers.answer(locked)
        transaction.on_commit(figures.forget_directory, robust=True)
    actor.state, actor.reason = locked.state, locked.reason
    return locked


@transaction.atomic
def save(actor: Actor, *, by: User | None, changed: Iterable[str] = ()) -> Actor:
    """Save a sheet that was typed; its former address goes on leading to it.

    `changed` names the fields, for the journal.
    """
    before = Actor.objects.select_for_update().filter(pk=actor.pk).values_list("slug", flat=True).first()
    actor.save()
    if before is None:
        journal.record("actor.created", actor, by=by)
        return actor
    if before != actor.slug:
        ActorSlug.objects.filter(slug=actor.slug, actor=actor).delete()
        ActorSlug.objects.get_or_create(slug=before, defaults={"actor": actor})
    if names := sorted(changed):
        journal.record("actor.changed", actor, by=by, fields=names)
    return actor


@transaction.atomic
def create_communes(*, by: User | None) -> list[Actor]:
    """Give each of the LAG's municipalities its actor, published; return those made, none when run again."""
    there = Actor.objects.filter(kind=Kind.MUNICIPALITY).exclude(state=State.MERGED)
    made = []
    for place in Municipality.objects.of_lag().exclude(pk__in=there.values("municipality")):
        commune = Actor.objects.create(
            kind=Kind.MUNICIPALITY,
            state=State.PUBLISHED,
            name=place.name,
            slug=free_slug(place.slug),
            municipality=place,
            lon=place.lon,
            lat=place.lat,
        )
        commune.municipalities_served.add(place)
        journal.record("actor.published", commune, by=by, before="")
        made.append(commune)
    if made:
        transaction.on_commit(figures.forget_directory, robust=True)
    return made


def free_slug(wanted: str) -> str:
    """Return this address, or the first of "…-2", "…-3" that no actor has or had."""
    slug, number = wanted, 1
    while _is_taken(slug):
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _is_taken(slug: str) -> bool:
    bears, bore = Actor.objects.filter(slug=slug), ActorSlug.objects.filter(slug=slug)
    return slug in RESERVED or bears.exists() or bore.exists()


@transaction.atomic
def merge(merged: Actor, *, into: Actor, by: User | None, dry_run: bool = False) -> merging.Report:
    """Merge a sheet into another: what hangs on it moves, its address leads there, blanks are filled from it.

    What a rule forbids to move (an answer to a survey that the other answered too) stays with the merged sheet
    and is named. `dry_run` does it all and undoes it. Raises ValidationError for a sheet into itself, for one
    that is merged already, and for communes that are two.
    """
    first, second = sorted([merged.pk, into.pk])
    locked = {one.pk: one for one in Actor.objects.select_for_update().filter(pk__in=[first, second])}
    lost, kept = locked[merged.pk], locked[into.pk]
    _refuse_merge(lost, kept)
    report = merging.Report()
    report.taken, report.given_up = merging.fill(kept, lost, MERGED_FIELDS)
    if kept.locality_id and kept.locality and kept.locality.municipality_id != kept.municipality_id:
        kept.locality = None
    _merge_logo(lost, kept, report)
    before = lost.state
    lost.state, lost.merged_into = State.MERGED, kept
    answers.answer(lost)
    lost.save()
    kept.save()
    _merge_members(lost, kept, report)
    report.moves = merging.repoint(kept, lost, aside=("actors.membership.actor",)) + report.moves
    ActorSlug.objects.get_or_create(slug=lost.slug, defaults={"actor": kept})
    journal.record("actor.merged", lost, by=by, before=before, into=str(kept.public_id), **report.counts)
    transaction.on_commit(figures.forget_directory, robust=True)
    if dry_run:
        transaction.set_rollback(True)
    return report


MERGED_FIELDS = (
    *("nace_section", "size_class", "languages", "events"),
    *("legal_form", "enterprise_number", "municipality", "locality", "street", "summary", "description"),
    *("email", "phone", "website", "lag_contact"),
)
"""Fields that a sheet without them takes from the one merged into it."""


def _refuse_merge(lost: Actor, kept: Actor) -> None:
    if lost.pk == kept.pk:
        raise ValidationError(_("Une fiche ne se fusionne pas dans elle-même."), code="itself")
    for one in (lost, kept):
        if one.state == State.MERGED:
            raise ValidationError(
                _("«\u00a0%(actor)s\u00a0» est déjà fusionnée dans une autre fiche."),
                code="merged",
                params={"actor": one},
            )
    if lost.kind == Kind.MUNICIPALITY:
        raise ValidationError(
            _(
                "La fiche d’une commune ne se fusionne pas dans une autre\u00a0: fusionnez l’autre dans la sienne."
            ),
            code="commune",
        )


def _merge_logo(lost: Actor, kept: Actor, report: merging.Report) -> None:
    """The logo follows where there was none; else its file goes, once the merge is certain."""
    if not lost.logo:
        return
    theirs = _("celui de «\u00a0%s\u00a0»") % lost
    storage, name = lost.logo.storage, str(lost.logo.name)
    if kept.logo:
        report.given_up.append([_("Logo"), _("le sien"), theirs])
        transaction.on_commit(lambda: storage.delete(name), robust=True)
    else:
        report.taken.append([_("Logo"), theirs])
        kept.logo, kept.logo_width, kept.logo_height = name, lost.logo_width, lost.logo_height
    lost.logo, lost.logo_width, lost.logo_height = "", 0, 0


def _merge_members(lost: Actor, kept: Actor, report: merging.Report) -> None:
    """Members follow; who is a member of both keeps the stronger of their two parts."""
    roles = [MembershipRole.REFERENT, MembershipRole.EDITOR, MembershipRole.MEMBER]
    states = [
        *(MembershipState.ACTIVE, MembershipState.REQUESTED),
        *(MembershipState.INVITED, MembershipState.REVOKED),
    ]
    mine = {one.user_id or one.email: one for one in kept.memberships.all()}
    move = merging.Move(_("Membres"))
    for theirs in lost.memberships.order_by("pk"):
        own = mine.get(theirs.user_id or theirs.email)
        if own is None:
            theirs.actor = kept
            theirs.save(update_fields=["actor"])
            move.moved += 1
            continue
        if states.index(MembershipState(theirs.state)) < states.index(MembershipState(own.state)):
            own.state, own.role = theirs.state, theirs.role
        elif own.state == theirs.state:
            own.role = min(own.role, theirs.role, key=lambda role: roles.index(MembershipRole(role)))
        own.save(update_fields=["state", "role"])
        theirs.state, theirs.version = MembershipState.REVOKED, theirs.version + 1
        theirs.save(update_fields=["state", "version"])
        move.there += 1
    if move.moved or move.there:
        report.moves.append(move)
