"""Actors and contacts at the desk."""

from actors.admin.interactions import InteractionAdmin
from actors.admin.organisations import ActorAdmin
from actors.admin.people import ConsentAdmin, ContactAdmin
from actors.admin.subscriptions import SubscriptionAdmin
from actors.admin.suggestions import CorrectionAdmin, MembershipAdmin

__all__ = [
    "ActorAdmin",
    "ConsentAdmin",
    "ContactAdmin",
    "CorrectionAdmin",
    "InteractionAdmin",
    "MembershipAdmin",
    "SubscriptionAdmin",
]
