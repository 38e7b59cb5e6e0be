"""Letters of this room: the text that invites to a survey, the receipt of a response, what becomes of a need."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User
from actors.models import Contact
from needs.models import Response
from territory.models import LAG


def invitation_text(title: str, minutes: int) -> str:
    """Return the text of a campaign that invites to a survey, with its placeholders; staff change it freely."""
    return _(
        "Bonjour {{prenom}},\n\n"
        "Nous préparons la suite du programme avec vous. L’enquête « {title} » demande à {{organisation}} "
        "où elle en est et ce qui lui manque.\n\n"
        "{{lien}}\n\n"
        "Comptez {minutes} minutes environ. Vous pouvez vous arrêter, reprendre sur un autre appareil et y travailler "
        "à plusieurs : rien n’est perdu. Merci de répondre avant le {{date_limite}}."
    ).format(title=title, minutes=minutes)


def receipt(response: Response, *, to: User | Contact) -> EmailMultiAlternatives:
    """Return the receipt of a submitted response, for whoever submitted it."""
    url = settings.SITE_URL + response.get_absolute_url() if isinstance(to, User) else ""
    context = {"response": response, "url": url, "lag": LAG.objects.first()}
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
