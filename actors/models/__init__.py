"""Actors, those who speak for them, and the people we may write to."""

from actors.models.interactions import Interaction
from actors.models.members import Membership
from actors.models.organisations import Actor, ActorSlug
from actors.models.people import Consent, Contact
from actors.models.subscriptions import Digest, DigestCopy, Subscription

__all__ = [
    "Actor",
    "ActorSlug",
    "Consent",
    "Contact",
    "Digest",
    "DigestCopy",
    "Interaction",
    "Membership",
    "Subscription",
]
