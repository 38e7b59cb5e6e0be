"""Why a digest that waits must not leave after all: asked by the outbox when it is about to send it."""

from django.utils.translation import gettext as _

from actors import emails
from actors.choices import SubscriptionState
from actors.models import Subscription
from outbox.models import Letter


def why_no_digest(letter: Letter) -> str | None:
    """Return in French why this digest must stay, or None; other letters are none of ours."""
    if letter.kind != emails.DIGEST:
        return None
    subscription = Subscription.objects.filter(public_id=letter.about).first()
    if subscription is None:
        return _("L’abonnement n’existe plus.")
    if subscription.state != SubscriptionState.ACTIVE:
        return _("La personne a arrêté son abonnement.")
    if subscription.email not in letter.addresses:
        return _("L’adresse a été effacée ou changée.")
    return None
