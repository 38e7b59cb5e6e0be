"""What actors know of a person, and forget: the contact, its consents and subscription, whom it speaks for, its words.

Letters are forgotten from here: the outbox stands on the floor of accounts, and cannot be asked by them.
"""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import erasure
from accounts.erasure import NOBODY, Known, Part, Person
from accounts.models import User
from actors.models import Actor, Consent, Contact, Correction, Interaction, Membership, Proposal, Subscription
from imports import actions as imports
from outbox import actions as outbox
from outbox.choices import HELD
from outbox.models import Letter


@erasure.lists
def people() -> Known:
    """Yield every contact, member to be, subscriber, adviser, and every address that a letter went to."""
    for contact in Contact.objects.filter(erased_at=None).iterator():
        yield Person().plus(emails=[contact.email], rows=[contact]), contact.created_at
    for membership in Membership.objects.exclude(email="").iterator():
        yield Person().plus(emails=[membership.email]), membership.since
    for subscription in Subscription.objects.iterator():
        yield Person().plus(emails=[subscription.email]), subscription.asked_at
    for proposal in Proposal.objects.iterator():
        yield Person().plus(emails=[proposal.email]), proposal.created_at
    for correction in Correction.objects.exclude(email="").iterator():
        yield Person().plus(emails=[correction.email]), correction.created_at
    letters = Letter.objects.exclude(recipients=outbox.ERASED).only("recipients", "created_at")
    for letter in letters.iterator():
        for address in letter.addresses:
            yield Person().plus(emails=[address] if address != outbox.ERASED else []), letter.created_at


@erasure.widens
def contact(person: Person) -> Person:
    """Add the person's contacts: by key, by address, by account; those merged into them too."""
    found = Contact.objects.filter(
        Q(public_id__in=person.of(Contact))
        | Q(email__in=person.emails)
        | Q(user__public_id__in=person.of(User))
        | Q(merged_into__public_id__in=person.of(Contact)),
        created_at__lte=person.before,
    ).select_related("user")
    for one in found:
        rows = [one, one.user] if one.user and one.user.date_joined <= person.before else [one]
        person = person.plus(emails=[one.email], names=[one.name], rows=rows)
    return person


@erasure.erases
def forget(person: Person) -> list[Part]:
    """Forget the contact, its consents, its memberships, its letters; what was said is left to be read again."""
    contacts = list(
        Contact.objects.select_for_update().filter(public_id__in=person.of(Contact)).order_by("pk")
    )
    live = [one for one in contacts if one.erased_at is None]
    parts = [_interactions(person, live), *_memberships(person), _public_addresses(person)]
    parts.append(_suggestions(person))
    subscribed = Subscription.objects.filter(email__in=person.emails, asked_at__lte=person.before)
    parts.append(Part(_("Abonnement"), subscribed.delete()[1].get(Subscription._meta.label, 0)))
    parts.append(Part(_("Consentements"), Consent.objects.filter(contact__in=contacts).delete()[0]))
    marked = 0
    for one in live:
        marked += imports.forget(target="contacts", object_id=str(one.pk))
        one.actors.clear()
        one.name, one.function, one.email, one.phone, one.user = NOBODY, "", "", "", None
        one.erased_at = timezone.now()
        one.opted_out_at = one.opted_out_at or one.erased_at
        one.save()
    erasure.forget_labels(contacts)
    return [
        Part(_("Contact"), len(live)),
        Part(_("Lignes d’import reconnues"), marked),
        *parts,
        _letters(person),
    ]


def _interactions(person: Person, contacts: list[Contact]) -> Part:
    """Take the person's name and addresses out of what was said; somebody reads the rest again."""
    mentioned = Q(contacts__in=contacts)
    for email in person.emails:
        mentioned |= Q(summary__icontains=email) | Q(next_step__icontains=email)
    found = list(Interaction.objects.filter(mentioned, created_at__lte=person.before).distinct())
    for one in found:
        one.summary = erasure.redacted(one.summary, person)
        one.next_step = erasure.redacted(one.next_step, person)
        one.to_reread = True
        one.save(update_fields=["summary", "next_step", "to_reread"])
    told = ngettext(
        "Le texte reste, sans son nom\u00a0: quelqu’un le relit (une ligne du bureau).",
        "Les textes restent, sans son nom\u00a0: quelqu’un les relit (une ligne du bureau).",
        len(found),
    )
    return Part(_("Échanges"), len(found), remark=told if found else "")


def _memberships(person: Person) -> list[Part]:
    """Delete memberships and invitations; tell which actors nobody answers for any more."""
    found = Membership.objects.filter(
        Q(user__public_id__in=person.of(User)) | Q(email__in=person.emails), since__lte=person.before
    )
    answered = set(found.referents().values_list("actor", flat=True))
    count, _rows = found.delete()
    left = Membership.objects.referents().filter(actor__in=answered).values("actor")
    orphans = Actor.objects.filter(pk__in=answered).exclude(pk__in=left)
    remark = ""
    if names := ", ".join(orphans.values_list("name", flat=True)):
        remark = _("N’a plus de référent\u00a0: %s.") % names
    return [Part(_("Accès comme membre d’un acteur"), count, remark=remark)]


def _suggestions(person: Person) -> Part:
    """Forget who proposed a sheet; what was said of one stays to be dealt with, by nobody."""
    theirs = Q(email__in=person.emails) | Q(user__public_id__in=person.of(User))
    count = Proposal.objects.filter(theirs, created_at__lte=person.before).delete()[0]
    said = Q(email__in=person.emails)
    for email in person.emails:
        said |= Q(text__icontains=email)
    for one in Correction.objects.filter(said, created_at__lte=person.before):
        one.text, one.email = erasure.redacted(one.text, person), ""
        one.save(update_fields=["text", "email"])
        count += 1
    return Part(_("Propositions et erreurs signalées"), count)


def _public_addresses(person: Person) -> Part:
    """Take the person's own address off the sheets that show it."""
    found = Actor.objects.filter(email__in=person.emails)
    names = ", ".join(found.values_list("name", flat=True))
    count = found.update(email="")
    remark = _("Elle n’est plus montrée sur\u00a0: %s.") % names if names else ""
    return Part(_("Adresse publique d’un acteur"), count, remark=remark)


def _letters(person: Person) -> Part:
    """Have the outbox forget; what is leaving at this very moment is forgotten the next night."""
    count = waits = 0
    for email in sorted(person.emails):
        count += outbox.erase(address=email, before=person.before)
        waits += Letter.objects.to_address(email).filter(state__in=HELD).count()
    remark = _("En train de partir\u00a0: effacée la nuit prochaine.") if waits else ""
    return Part(_("Lettres"), count, waits, remark=remark)
