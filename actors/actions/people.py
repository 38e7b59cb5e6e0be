"""Verbs of contacts: they agree to be written to, take it back, are merged."""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from accounts.querysets import normalise_email
from actors import merging
from actors.models import Actor, Consent, Contact
from territory.models import Municipality


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
