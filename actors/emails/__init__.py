"""Letters of this room: an invitation to speak for an actor, and those about a subscription."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import links
from accounts.models import User
from actors.models import Membership, Subscription
from territory.models import LAG

ACCEPT = "membership.accept"
"""Purpose of the link by which an invitation is accepted."""
CONFIRM, MANAGE, STOP = "subscription.confirm", "subscription.manage", "subscription.stop"
"""Purposes of the links by which a subscription is confirmed, changed, stopped."""
DIGEST = "subscription.digest"
"""Kind of the letters that a digest is made of; a room above writes them."""

CONFIRM_LIFE = timedelta(days=7)
MANAGE_LIFE = timedelta(days=365)
STOP_LIFE = timedelta(days=3650)


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
    lag = LAG.objects.first()
    # A name may hold anything; a subject holds one line.
    subject = " ".join((_("%(actor)s vous invite") % {"actor": membership.actor}).split())
    letter = EmailMultiAlternatives(
        subject,
        render_to_string("actors/email/invitation.txt", context),
        to=[membership.email],
        reply_to=lag.reply_to if lag else None,
        headers={"X-Lane": "transactional", "X-Letter-Kind": ACCEPT},
    )
    letter.attach_alternative(render_to_string("actors/email/invitation.html", context), "text/html")
    return letter


# « Me tenir au courant » --------------------------------------------------------------------------------


def confirm_link(subscription: Subscription) -> str:
    """Return the address at which the owner of an address says yes."""
    return _link(subscription, CONFIRM, CONFIRM_LIFE, "actors:subscription_confirm")


def manage_link(subscription: Subscription) -> str:
    """Return the address at which one changes what one is told about."""
    return _link(subscription, MANAGE, MANAGE_LIFE, "actors:subscription_manage")


def stop_link(subscription: Subscription) -> str:
    """Return the address at which one stops, by one click."""
    return _link(subscription, STOP, STOP_LIFE, "actors:subscription_stop")


def confirmation(subscription: Subscription) -> EmailMultiAlternatives:
    """Return the letter that asks the owner of an address whether they want this."""
    expires = timezone.now() + CONFIRM_LIFE
    return _about(
        subscription,
        "actors/email/subscription_confirm",
        _("Confirmez votre abonnement"),
        CONFIRM,
        url=confirm_link(subscription),
        expires=expires,
    )


def already_subscribed(subscription: Subscription) -> EmailMultiAlternatives:
    """Return the letter that leads to the choices of who is subscribed already."""
    return _about(
        subscription,
        "actors/email/subscription_manage",
        _("Votre abonnement"),
        MANAGE,
        url=manage_link(subscription),
    )


def send(messages: Iterable[EmailMessage]) -> None:
    """Hand letters to the outbox; an address that no letter can be sent to does not hold the others."""
    get_connection(fail_silently=True).send_messages(list(messages))


def _link(subscription: Subscription, purpose: str, life: timedelta, page: str) -> str:
    token = links.make(
        purpose, subscription.public_id, version=subscription.version, expires=timezone.now() + life
    )
    return settings.SITE_URL + reverse(page, args=[token])


def _about(
    subscription: Subscription, template: str, subject: str, kind: str, **context
) -> EmailMultiAlternatives:
    lag = LAG.objects.first()
    context |= {"stop_url": stop_link(subscription), "lag": lag}
    letter = EmailMultiAlternatives(
        subject,
        render_to_string(f"{template}.txt", context).strip() + "\n",
        to=[subscription.email],
        reply_to=lag.reply_to if lag else None,
        headers={"X-Lane": "transactional", "X-Letter-Kind": kind, "Auto-Submitted": "auto-replied"},
    )
    letter.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return letter
