"""The two lanes, and the states of a letter."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lane(models.TextChoices):
    """How a letter travels: at least once and first, or at most once and behind."""

    TRANSACTIONAL = "transactional", _("immédiate")
    BULK = "bulk", _("en nombre")


class State(models.TextChoices):
    """Where a letter is."""

    QUEUED = "queued", _("en attente")
    CLAIMED = "claimed", _("réservée")
    SENDING = "sending", _("en cours d’envoi")
    SENT = "sent", _("envoyée")
    FAILED = "failed", _("en échec")
    UNCERTAIN = "uncertain", _("incertaine")
    CANCELLED = "cancelled", _("annulée")


NEXT: dict[str, tuple[str, ...]] = {
    # Sent without a claim: by a worker that was taken for dead, and had sent it after all.
    State.QUEUED: (State.CLAIMED, State.CANCELLED, State.SENT),
    State.CLAIMED: (State.SENDING, State.QUEUED, State.FAILED),
    State.SENDING: (State.SENT, State.QUEUED, State.FAILED, State.UNCERTAIN, State.CANCELLED),
    State.UNCERTAIN: (State.SENT, State.QUEUED, State.FAILED),
    State.FAILED: (State.QUEUED,),
    State.SENT: (),
    State.CANCELLED: (),
}
"""State → states a letter may go to from there."""

HELD = (State.CLAIMED, State.SENDING)
"""States in which a worker holds the letter, until its lease ends."""

OVER = (State.SENT, State.FAILED, State.CANCELLED)
"""States in which nothing more happens by itself."""
