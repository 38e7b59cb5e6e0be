"""Letters of this room: the receipt of a response."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User
from needs.models import Response


def receipt(response: Response, *, to: User) -> EmailMultiAlternatives:
    """Return the receipt of a submitted response, for whoever submitted it."""
    context = {"response": response, "url": settings.SITE_URL + response.get_absolute_url()}
    # A title may hold anything; a subject holds one line.
    subject = " ".join((_("Bien reçue : la réponse de %(actor)s") % {"actor": response.actor}).splitlines())
    letter = EmailMultiAlternatives(
        subject,
        render_to_string("needs/email/receipt.txt", context),
        to=[to.email],
        headers={"X-Lane": "transactional", "X-Letter-Kind": "response.receipt"},
    )
    letter.attach_alternative(render_to_string("needs/email/receipt.html", context), "text/html")
    return letter
