"""Actors and contacts at the desk."""

from actors.admin.interactions import InteractionAdmin
from actors.admin.organisations import ActorAdmin
from actors.admin.people import ConsentAdmin, ContactAdmin
from actors.admin.subscriptions import SubscriptionAdmin

__all__ = [
    "ActorAdmin",
    "ConsentAdmin",
    "ContactAdmin",
    "InteractionAdmin",
    "SubscriptionAdmin",
]
