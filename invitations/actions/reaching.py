"""People whom letters do not reach, and who has not answered: ticked, taken away as a list."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from actors import actions as actors
from invitations import exports
from invitations.actions.moves import Refused, locked_invitation
from invitations.models import Campaign, Invitation
from outbox.models import Letter


@transaction.atomic
def mark_bounced(letter: Letter, *, address: str) -> None:
    """Note that an address refused a letter for good: on the contact, and on the invitation it was for."""
    actors.mark_bounced(address)
    refused = Invitation.objects.filter(sendings__letter=letter, bounced_at=None)
    refused.update(bounced_at=timezone.now())


@transaction.atomic
def tick_bounced(invitation: Invitation, *, by: User) -> Invitation:
    """Note by hand that the address of an invited person refuses letters; ticked again, nothing changes.

    Raises Refused for a person without address.
    """
    locked = locked_invitation(invitation.public_id)
    address = locked.contact.email
    if not address:
        raise Refused(_("Cette personne n’a pas d’adresse e-mail. Rien n’est changé."))
    if locked.bounced_at is None or locked.contact.bounced_at is None:
        actors.mark_bounced(address)
        locked.bounced_at = timezone.now()
        locked.save(update_fields=["bounced_at"])
        journal.record("invitation.bounced", locked.campaign, by=by, invitation=str(locked.public_id))
    return locked


@transaction.atomic
def untick_bounced(invitation: Invitation, *, by: User) -> Invitation:
    """Take back that an address refuses letters: campaigns write to it again. Asked again, nothing changes."""
    locked = locked_invitation(invitation.public_id)
    actors.clear_bounce(locked.contact, by=by)
    locked.bounced_at = None
    locked.save(update_fields=["bounced_at"])
    return locked


@transaction.atomic
def mark_reached(invitation: Invitation, *, by: User) -> Invitation:
    """Note that somebody phoned or wrote to a person whom no letter reaches; ticked again, nothing changes.

    Raises Refused for a person who is not on that list.
    """
    locked = locked_invitation(invitation.public_id)
    if locked.reached_at is None:
        if not Invitation.objects.out_of_reach().filter(pk=locked.pk).exists():
            raise Refused(_("Cette personne n’est plus à joindre autrement. Rien n’est changé."))
        locked.reached_at, locked.reached_by = timezone.now(), by
        locked.save(update_fields=["reached_at", "reached_by"])
        journal.record("invitation.reached", locked.campaign, by=by, invitation=str(locked.public_id))
    return locked


@transaction.atomic
def mark_unreached(invitation: Invitation, *, by: User) -> Invitation:
    """Take back a tick; asked again, nothing changes."""
    locked = locked_invitation(invitation.public_id)
    if locked.reached_at is not None:
        locked.reached_at = locked.reached_by = None
        locked.save(update_fields=["reached_at", "reached_by"])
        journal.record("invitation.unreached", locked.campaign, by=by, invitation=str(locked.public_id))
    return locked


@transaction.atomic
def export_unanswered(campaign: Campaign, *, by: User) -> bytes:
    """Return who has not answered as CSV; the journal keeps who took the list, and how long it was."""
    content, people = exports.unanswered_csv(campaign)
    journal.record("campaign.exported", campaign, by=by, people=people)
    return content
