"""Why a letter that waits must not leave after all: asked by the outbox when it is about to send it."""

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.models import Contact
from invitations import emails
from invitations.choices import OPEN
from invitations.models import Sending
from outbox.models import Letter


def why_not(letter: Letter) -> str | None:
    """Return in French why this letter of a campaign must stay, or None; other letters are none of ours."""
    if not letter.kind.startswith((emails.FIRST, emails.REMINDER)):
        return None
    sending = (
        Sending.objects.filter(letter=letter)
        .select_related("invitation__campaign", "invitation__contact")
        .annotate(
            writable=Exists(Contact.objects.writable().order_by().filter(pk=OuterRef("invitation__contact")))
        )
        .first()
    )
    if sending is None:
        return _("L’invitation n’existe plus.")
    campaign, contact = sending.invitation.campaign, sending.invitation.contact
    reasons = [
        (campaign.state not in OPEN, _("La campagne est terminée.")),
        (timezone.now() >= campaign.deadline, _("La date limite est passée.")),
        (sending.invitation.answered_at, _("La personne a déjà répondu.")),
        (contact.email not in letter.addresses, _("L’adresse a été effacée ou changée.")),
        (contact.opted_out_at, _("La personne s’est désinscrite.")),
        (contact.bounced_at, _("L’adresse refuse les lettres.")),
        (not sending.writable, _("La personne n’a plus donné son accord.")),
    ]
    return next((reason for objection, reason in reasons if objection), None)
