"""What invited people do: begin, answer, ask for a new link."""

from collections.abc import Collection
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import JournalEntry
from accounts.querysets import normalise_email
from actors.models import Contact
from invitations import emails
from invitations.actions.moves import Refused, locked_invitation
from invitations.models import Invitation

NEW_LINK_PAUSE = 600
"""Seconds before the same person gets another new link by mail."""


@transaction.atomic
def mark_begun(invitation: Invitation) -> Invitation:
    """Note the first button pressed; pressed again, nothing changes. Raises Refused once it is over."""
    locked = locked_invitation(invitation.public_id)
    if not locked.campaign.is_open:
        raise Refused(_("Cette invitation est terminée. Rien n’est changé."))
    if locked.begun_at is None:
        locked.begun_at = timezone.now()
        locked.save(update_fields=["begun_at"])
        journal.record("invitation.begun", locked.campaign, by=None, invitation=str(locked.public_id))
    return locked


def who_objects(contact_public_id: str) -> Contact | None:
    """Return the contact that an opt-out link is about, whatever it was merged into since; None for nobody.

    Of a row that is gone, the journal tells into which one it was merged.
    """
    wanted, seen = contact_public_id, set[str]()
    while wanted not in seen:
        seen.add(wanted)
        contact = Contact.objects.select_related("merged_into").filter(public_id=wanted).first()
        if contact is None:
            merged = JournalEntry.objects.filter(verb="contact.merged", facts__merged=wanted).first()
            wanted = merged.object_id if merged else wanted
        elif contact.merged_into is None:
            return contact
        else:
            wanted = str(contact.merged_into.public_id)
    return None


@transaction.atomic
def mark_answered(invitation_public_id: UUID | str) -> Invitation | None:
    """Note that what was asked is done; called by the room above, in its transaction. Idempotent.

    Returns None for an invitation that does not exist (any more): an answer is never lost for that.
    """
    try:
        locked = locked_invitation(invitation_public_id)
    except (Invitation.DoesNotExist, ValidationError):
        return None
    if locked.answered_at is None:
        locked.answered_at = timezone.now()
        locked.begun_at = locked.begun_at or locked.answered_at
        locked.save(update_fields=["begun_at", "answered_at"])
        journal.record("invitation.answered", locked.campaign, by=None, invitation=str(locked.public_id))
    return locked


def mark_answered_by(email: str, *, landing: Collection[str]) -> int:
    """Note that who has this address did what campaigns that lead to one of these pages ask; return of how many.

    For what people do without their personal link: the address they give says who they are. Idempotent.
    """
    asked = Invitation.objects.unanswered().filter(
        contact__email=normalise_email(email),
        campaign__landing_path__in=landing,
        campaign__launched_at__isnull=False,
    )
    found = list(asked.values_list("public_id", flat=True))
    for public_id in found:
        mark_answered(public_id)
    return len(found)


@transaction.atomic
def mark_unanswered(invitation_public_id: UUID | str) -> None:
    """Note that what was done is to be done again; called by the room above, in its transaction. Idempotent."""
    locked = locked_invitation(invitation_public_id)
    if locked.answered_at is not None:
        locked.answered_at = None
        locked.save(update_fields=["answered_at"])
        journal.record("invitation.reopened", locked.campaign, by=None, invitation=str(locked.public_id))


@transaction.atomic
def send_new_link(invitation: Invitation) -> bool:
    """Mail a new personal link to the invited person's own address; say whether one left.

    None leaves for a campaign that is over, an invitation answered, a person without a working address, or
    somebody who has just got one.
    """
    contact = invitation.contact
    useless = invitation.answered_at or contact.bounced_at or not contact.email
    if useless or not invitation.campaign.is_open:
        return False
    if not cache.add(f"new-link:{invitation.public_id}", 1, NEW_LINK_PAUSE):
        return False
    emails.send([emails.new_link(invitation)])
    journal.record(
        "invitation.link_renewed", invitation.campaign, by=None, invitation=str(invitation.public_id)
    )
    return True
