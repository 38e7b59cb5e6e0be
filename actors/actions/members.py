"""Verbs of those who speak for an actor: invited, accepted, asked, approved, revoked."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from accounts.querysets import normalise_email
from actors import emails
from actors.choices import MembershipRole, MembershipState
from actors.emails import sheets as letters
from actors.models import Actor, Membership
from actors.sheets import one_line

INVITATION_DAYS = 14
MOST_INVITED = 30
"""Invitations of one actor that wait for an answer: a sheet is not a means of writing to strangers."""


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
def request_membership(actor: Actor, *, by: User, statement: str = "") -> Membership:
    """Ask to speak for an actor: as its referent where there is none, else as a member.

    A referent, told by letter, or the team answers. Who is a member, is invited or asked already stays so.
    """
    Actor.objects.select_for_update().get(pk=actor.pk)
    referents = [one.user for one in actor.memberships.referents().select_related("user")]
    asked = {
        "state": MembershipState.REQUESTED,
        "role": MembershipRole.MEMBER if referents else MembershipRole.REFERENT,
        "statement": one_line(statement)[:300],
        "reason": "",
        "since": timezone.now(),
    }
    membership, created = Membership.objects.get_or_create(actor=actor, user=by, defaults=asked)
    if not created and membership.state == MembershipState.REVOKED:
        for name, value in asked.items():
            setattr(membership, name, value)
        membership.save()
        created = True
    if created:
        journal.record("membership.requested", actor, by=by, role=membership.role)
        for referent in referents:
            letters.membership_requested(membership, to=referent).send()
    return membership


@transaction.atomic
def approve(membership: Membership, *, by: User, role: str = "") -> Membership:
    """Let in somebody who asked, as they asked or in this `role`; a letter tells them.

    Raises ValidationError when nobody asked any more, ValueError for an unknown role.
    """
    if role and role not in MembershipRole.values:
        raise ValueError(role)
    locked = _locked(membership)
    if locked.state == MembershipState.REQUESTED:
        locked.state, locked.since = MembershipState.ACTIVE, timezone.now()
        locked.role = role or locked.role
        locked.save()
        journal.record("membership.approved", locked.actor, by=by, role=locked.role)
        letters.membership_approved(locked).send()
    elif locked.state != MembershipState.ACTIVE:
        raise _waits_no_more(locked)
    return locked


@transaction.atomic
def decline(membership: Membership, *, reason: str, by: User) -> Membership:
    """Refuse somebody who asked; a letter tells them why. Asked twice, nothing more happens.

    Raises ValidationError without a reason, or when nobody asked any more.
    """
    said = one_line(reason)[:500]
    if not said:
        raise ValidationError(
            _("Donnez le motif du refus\u00a0: il est dit à la personne."), code="no_reason"
        )
    locked = _locked(membership)
    if locked.state == MembershipState.REQUESTED:
        locked.state, locked.reason = MembershipState.REVOKED, said
        locked.version += 1
        locked.save()
        journal.record("membership.declined", locked.actor, by=by, reason=said)
        letters.membership_declined(locked).send()
    elif locked.state != MembershipState.REVOKED:
        raise _waits_no_more(locked)
    return locked


def _waits_no_more(membership: Membership) -> ValidationError:
    return ValidationError(
        _("Cette demande n’attend plus de réponse\u00a0: la personne est «\u00a0%(state)s\u00a0»."),
        code="illegal_move",
        params={"state": membership.get_state_display()},
    )


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
    return memberships.select_related("actor", "user").get(pk=membership.pk)


def owns(user: User, email: str) -> bool:
    """Say whether the user has proved that this address is theirs."""
    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()
