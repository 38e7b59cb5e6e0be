"""What is done to contacts."""

from django.db import transaction
from django.utils import timezone

from accounts import journal
from accounts.models import User
from accounts.querysets import normalise_email
from actors.models import Contact


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
def mark_bounced(email: str) -> bool:
    """Note that an address refuses letters for good; say whether it is a contact's, and news."""
    found = Contact.objects.filter(email=normalise_email(email)).exclude(email="").filter(bounced_at=None)
    return bool(found.update(bounced_at=timezone.now()))
