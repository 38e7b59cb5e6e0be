"""Letters of this room that allauth does not write: an account opened, a second factor taken away."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User


def invited(user: User) -> EmailMultiAlternatives:
    """Return the letter that says that an account is open, and how to enter it."""
    return _letter(user, "user.invited", _("Votre compte est ouvert"), "account_request_login_code")


def second_factor_reset(user: User) -> EmailMultiAlternatives:
    """Return the letter that says that the second factor is gone, and where to add another."""
    return _letter(user, "user.second_factor_reset", _("Seconde protection retirée"), "mfa_index")


TEMPLATES = {
    "user.invited": ("accounts/email/invited.txt", "accounts/email/invited.html"),
    "user.second_factor_reset": (
        "accounts/email/second_factor_reset.txt",
        "accounts/email/second_factor_reset.html",
    ),
}
"""Kind of letter → its text and its page."""


def _letter(user: User, kind: str, subject: str, page: str) -> EmailMultiAlternatives:
    context = {"url": settings.SITE_URL + reverse(page)}
    text, html = TEMPLATES[kind]
    letter = EmailMultiAlternatives(
        subject,
        render_to_string(text, context),
        to=[user.email],
        headers={"X-Lane": "transactional", "X-Letter-Kind": kind},
    )
    letter.attach_alternative(render_to_string(html, context), "text/html")
    return letter
