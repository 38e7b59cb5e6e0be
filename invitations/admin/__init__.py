"""Campaigns in the desk: text, recipients, preview, launch, and what became of it."""

from invitations.admin.campaigns import CampaignAdmin

__all__ = ["CampaignAdmin"]
