"""Verbs: sheets are proposed, published, archived; members invited; contacts agree to be written to."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from accounts.querysets import normalise_email
from actors import emails, figures, merging
from actors.choices import NEXT, Kind, MembershipRole, MembershipState, State
from actors.models import Actor, ActorSlug, Consent, Contact, Membership
from territory.models import Municipality

INVITATION_DAYS = 14
MOST_INVITED = 30
"""Invitations of one actor that wait for an answer: a sheet is not a means of writing to strangers."""

# Sheets --------------------------------------------------------------------------------------------------


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
    while Actor.objects.filter(slug=slug).exists() or ActorSlug.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug


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
    before = lost.state
    lost.state, lost.merged_into = State.MERGED, kept
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


# Members -------------------------------------------------------------------------------------------------


@transaction.atomic
def invite_member(actor: Actor, *, email: str, role: str, by: User) -> Membership:
    """Invite the person of an address to speak for an actor; a letter leaves with a link.

    Who is a member, or is invited already, is left as they are. Raises ValidationError when too many
    invitations wait, ValueError for an unknown role.
    """
    if role not in MembershipRole.values:
        raise ValueError(role)
    address = normalise_email(email)
    Actor.objects.select_for_update().get(pk=actor.pk)
    known = actor.memberships.select_related("user")
    membership = known.filter(user__email=address).first() or known.filter(user=None, email=address).first()
    if membership and membership.state in (MembershipState.ACTIVE, MembershipState.INVITED):
        return membership
    if actor.memberships.filter(state=MembershipState.INVITED).count() >= MOST_INVITED:
        raise ValidationError(
            _("%(n)s invitations attendent déjà une réponse\u00a0: retirez celles qui ne servent plus."),
            code="too_many",
            params={"n": MOST_INVITED},
        )
    membership = membership or Membership(actor=actor)
    membership.email, membership.role, membership.state = address, role, MembershipState.INVITED
    membership.version += 1
    membership.since = timezone.now()
    membership.save()
    journal.record("membership.invited", actor, by=by, role=role)
    emails.invitation(membership, by=by, expires=membership.since + timedelta(days=INVITATION_DAYS)).send()
    return membership


@transaction.atomic
def accept(membership: Membership, *, by: User) -> Membership:
    """Accept an invitation, as the person of the invited address; asked twice, nothing more happens.

    Raises ValidationError for another address, or when the invitation was withdrawn.
    """
    Actor.objects.select_for_update().get(pk=membership.actor_id)
    locked = _locked(membership)
    if locked.state == MembershipState.ACTIVE and locked.user_id == by.pk:
        return locked
    if locked.state != MembershipState.INVITED:
        raise ValidationError(_("Cette invitation a été retirée."), code="withdrawn")
    if not owns(by, locked.email):
        raise ValidationError(_("Cette invitation est pour une autre adresse."), code="other_address")
    # The person may have been a member, or have asked to be one, under this account.
    own = Membership.objects.filter(actor=locked.actor, user=by).exclude(pk=locked.pk).first()
    if own:
        # It takes over the invitation, so that the letter's link goes on telling what was done.
        locked.delete()
        own.public_id, own.version, own.email = locked.public_id, locked.version, locked.email
        if own.state != MembershipState.ACTIVE:
            own.role = locked.role
        locked = own
    locked.user, locked.state, locked.since = by, MembershipState.ACTIVE, timezone.now()
    locked.save()
    journal.record("membership.accepted", locked.actor, by=by, role=locked.role)
    return locked


@transaction.atomic
def request_membership(actor: Actor, *, by: User) -> Membership:
    """Ask to speak for an actor; a referent or the team answers. Who is a member already stays one."""
    membership, created = Membership.objects.get_or_create(
        actor=actor, user=by, defaults={"state": MembershipState.REQUESTED}
    )
    if not created and membership.state == MembershipState.REVOKED:
        membership.state, membership.role = MembershipState.REQUESTED, MembershipRole.MEMBER
        membership.since = timezone.now()
        membership.save()
        created = True
    if created:
        journal.record("membership.requested", actor, by=by)
    return membership


@transaction.atomic
def approve(membership: Membership, *, by: User) -> Membership:
    """Let in somebody who asked. Raises ValidationError when nobody asked any more."""
    locked = _locked(membership)
    if locked.state == MembershipState.REQUESTED:
        locked.state, locked.since = MembershipState.ACTIVE, timezone.now()
        locked.save()
        journal.record("membership.approved", locked.actor, by=by, role=locked.role)
    elif locked.state != MembershipState.ACTIVE:
        raise ValidationError(
            _("Cette demande n’attend plus de réponse\u00a0: la personne est «\u00a0%(state)s\u00a0»."),
            code="illegal_move",
            params={"state": locked.get_state_display()},
        )
    return locked


@transaction.atomic
def revoke(membership: Membership, *, by: User) -> Membership:
    """Withdraw a member, an invitation or a request; older links stop working.

    The last referent cannot leave: the actor's row is locked, so that two who leave at once do not both
    count the other. Raises ValidationError then.
    """
    Actor.objects.select_for_update().get(pk=membership.actor_id)
    locked = _locked(membership)
    if locked.state == MembershipState.REVOKED:
        return locked
    referent = locked.state == MembershipState.ACTIVE and locked.role == MembershipRole.REFERENT
    if referent and locked.actor.memberships.referents().count() == 1:
        raise ValidationError(
            _(
                "C’est le dernier référent de «\u00a0%(actor)s\u00a0»\u00a0: nommez-en un autre, puis retirez-le."
            ),
            code="last_referent",
            params={"actor": locked.actor},
        )
    before, locked.state = locked.state, MembershipState.REVOKED
    locked.version += 1
    locked.save()
    journal.record("membership.revoked", locked.actor, by=by, before=before)
    return locked


def _locked(membership: Membership) -> Membership:
    """Lock this row and not its actor's, which is locked on purpose where the others are counted."""
    memberships = Membership.objects.select_for_update(of=["self"])
    return memberships.select_related("actor").get(pk=membership.pk)


def owns(user: User, email: str) -> bool:
    """Say whether the user has proved that this address is theirs."""
    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()


# Contacts ------------------------------------------------------------------------------------------------


@transaction.atomic
def add_contact(
    *,
    name: str,
    by: User | None,
    email: str = "",
    phone: str = "",
    function: str = "",
    municipality: Municipality | None = None,
    actors: Iterable[Actor] = (),
) -> Contact:
    """Return the contact of this address, made if there is none; it stands for these actors too.

    What is already known of a contact is kept. A person without e-mail is always a new contact.
    """
    address = normalise_email(email)
    facts = {"name": name, "phone": phone, "function": function, "municipality": municipality}
    if address:
        contact, made = Contact.objects.get_or_create(email=address, defaults=facts)
    else:
        contact, made = Contact.objects.create(**facts), True
    if made:
        journal.record("contact.added", contact, by=by)
        _link_proved(contact)
    contact.actors.add(*actors)
    return contact


@transaction.atomic
def save_contact(contact: Contact, *, by: User | None, changed: Iterable[str] = ()) -> Contact:
    """Save a contact that was typed; a new address has not bounced yet. `changed` names the fields."""
    names, new = sorted(changed), contact.pk is None
    if "email" in names:
        contact.bounced_at = None
    contact.save()
    if new or names:
        journal.record(f"contact.{'added' if new else 'changed'}", contact, by=by, fields=names)
    _link_proved(contact)
    return contact


def _link_proved(contact: Contact) -> None:
    """Link a contact to the user who proved its address."""
    if contact.email and not contact.user_id:
        proved = EmailAddress.objects.filter(email__iexact=contact.email, verified=True).first()
        if proved and link_contact(proved.user, email=contact.email):
            contact.user_id = proved.user_id


@transaction.atomic
def link_contact(user: User, *, email: str) -> Contact | None:
    """Link a user to the contact of an address that they proved; a user has one contact, the first."""
    contact = Contact.objects.select_for_update().of_address(email).filter(user=None).first()
    if contact is None or Contact.objects.filter(user=user).exists():
        return None
    contact.user = user
    contact.save(update_fields=["user"])
    return contact


@transaction.atomic
def give_consent(
    contact: Contact, *, text_version: str, source: str, by: User | None, given_at: datetime | None = None
) -> Consent:
    """Write down that a person agreed to be written to; a consent said anew ends an earlier opt-out.

    The same text, agreed to and not withdrawn, is not written twice. `given_at` is when the person said so
    (a paper sheet comes in later), now by default.
    """
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    live = locked.consents.filter(withdrawn_at=None, text_version=text_version).first()
    if live and not locked.opted_out_at:
        return live
    consent = live or locked.consents.create(
        text_version=text_version, source=source, given_at=given_at or timezone.now()
    )
    if locked.opted_out_at:
        locked.opted_out_at = contact.opted_out_at = None
        locked.save(update_fields=["opted_out_at"])
    journal.record("contact.consented", locked, by=by, text_version=text_version)
    return consent


@transaction.atomic
def withdraw_consent(contact: Contact, *, by: User | None) -> int:
    """Withdraw every consent of a contact; return how many there were."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    n = locked.consents.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    if n:
        journal.record("contact.consent_withdrawn", locked, by=by)
    return n


@transaction.atomic
def opt_out(contact: Contact, *, by: User | None = None) -> Contact:
    """Write no more campaigns to a person; consents are withdrawn with it. Idempotent."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    if not locked.opted_out_at:
        locked.opted_out_at = timezone.now()
        locked.save(update_fields=["opted_out_at"])
        locked.consents.filter(withdrawn_at=None).update(withdrawn_at=locked.opted_out_at)
        journal.record("contact.opted_out", locked, by=by)
    contact.opted_out_at = locked.opted_out_at
    return locked


@transaction.atomic
def clear_bounce(contact: Contact, *, by: User | None) -> Contact:
    """Write again to an address that had refused a letter: the person says that it works."""
    if Contact.objects.filter(pk=contact.pk).exclude(bounced_at=None).update(bounced_at=None):
        journal.record("contact.bounce_cleared", contact, by=by)
    contact.bounced_at = None
    return contact


@transaction.atomic
def mark_bounced(email: str) -> bool:
    """Note that an address refuses letters for good; say whether it is a contact's, and news."""
    found = Contact.objects.of_address(email).filter(bounced_at=None)
    return bool(found.update(bounced_at=timezone.now()))


@transaction.atomic
def merge_contacts(
    merged: Contact, *, into: Contact, by: User | None, dry_run: bool = False
) -> merging.Report:
    """Merge two rows that are one person; the emptied row goes, unless something could not follow it.

    Whoever opted out under one address has opted out. Raises ValidationError for a contact into itself.
    """
    if merged.pk == into.pk:
        raise ValidationError(_("Un contact ne se fusionne pas dans lui-même."), code="itself")
    pks = sorted([merged.pk, into.pk])
    locked = {one.pk: one for one in Contact.objects.select_for_update().filter(pk__in=pks)}
    lost, kept = locked[merged.pk], locked[into.pk]
    if lost.merged_into_id or kept.merged_into_id:
        raise ValidationError(_("L’un des deux est déjà fusionné dans un autre contact."), code="merged")
    report = merging.Report()
    report.taken, report.given_up = merging.fill(
        kept, lost, ("function", "email", "phone", "municipality", "user", "opted_out_at")
    )
    if lost.email and kept.email == lost.email:
        kept.bounced_at = lost.bounced_at
    lost.email, lost.phone, lost.function, lost.user, lost.merged_into = "", "", "", None, kept
    lost.save()
    kept.save()
    report.moves = merging.repoint(kept, lost, aside=("actors.contact.merged_into",))
    Contact.objects.filter(merged_into=lost).update(merged_into=kept)
    if kept.opted_out_at:
        kept.consents.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
        report.remarks.append(
            _("La personne s’est désinscrite sous l’une des deux adresses\u00a0: elle le reste.")
        )
    journal.record("contact.merged", kept, by=by, merged=str(lost.public_id), **report.counts)
    if not any(move.stays for move in report.moves):
        lost.delete()
    if dry_run:
        transaction.set_rollback(True)
    return report
