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
    # A few columns and not four rows: this is asked for each letter, and of a campaign there are thousands.
    asked = Sending.objects.filter(letter=letter).annotate(
        writable=Exists(Contact.objects.writable().order_by().filter(pk=OuterRef("invitation__contact")))
    )
    row = asked.values_list(
        "invitation__campaign__state",
        "invitation__campaign__deadline",
        "invitation__answered_at",
        "invitation__contact__email",
        "invitation__contact__opted_out_at",
        "invitation__contact__bounced_at",
        "writable",
    ).first()
    if row is None:
        return _("L’invitation n’existe plus.")
    state, deadline, answered_at, email, opted_out_at, bounced_at, writable = row
    reasons = [
        (state not in OPEN, _("La campagne est terminée.")),
        (timezone.now() >= deadline, _("La date limite est passée.")),
        (answered_at, _("La personne a déjà répondu.")),
        (email not in letter.addresses, _("L’adresse a été effacée ou changée.")),
        (opted_out_at, _("La personne s’est désinscrite.")),
        (bounced_at, _("L’adresse refuse les lettres.")),
        (not writable, _("La personne n’a plus donné son accord.")),
    ]
    return next((reason for objection, reason in reasons if objection), None)
