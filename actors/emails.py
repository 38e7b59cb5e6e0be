"""Letters of this room: an invitation to speak for an actor."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import links
from accounts.models import User
from actors.models import Membership

ACCEPT = "membership.accept"
"""Purpose of the link by which an invitation is accepted."""


def invitation(membership: Membership, *, by: User, expires: datetime) -> EmailMultiAlternatives:
    """Return the letter to the invited address; its link shows a page, whose button acts."""
    token = links.make(ACCEPT, membership.public_id, version=membership.version, expires=expires)
    context = {
        "actor": membership.actor,
        "inviter": by,
        "role": membership.get_role_display(),
        "expires": expires,
        "url": settings.SITE_URL + reverse("actors:membership_accept", args=[token]),
    }
    # A name may hold anything; a subject holds one line.
    subject = " ".join((_("%(actor)s vous invite") % {"actor": membership.actor}).split())
    letter = EmailMultiAlternatives(
        subject,
        render_to_string("actors/email/invitation.txt", context),
        to=[membership.email],
        headers={"X-Lane": "transactional", "X-Letter-Kind": ACCEPT},
    )
    letter.attach_alternative(render_to_string("actors/email/invitation.html", context), "text/html")
    return letter
