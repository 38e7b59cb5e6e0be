"""Actors, those who speak for them, and the people we may write to."""

from actors.models.interactions import Interaction
from actors.models.members import Membership
from actors.models.organisations import RESERVED, Actor, ActorSlug
from actors.models.people import Consent, Contact
from actors.models.subscriptions import Digest, DigestCopy, Subscription
from actors.models.suggestions import Correction, Proposal

__all__ = [
    "Actor",
    "ActorSlug",
    "Consent",
    "Contact",
    "Correction",
    "Digest",
    "DigestCopy",
    "Interaction",
    "Membership",
    "Proposal",
    "RESERVED",
    "Subscription",
]
