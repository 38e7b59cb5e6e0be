"""How a campaign is locked, and moves from state to state; what cannot be done, in French."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from invitations.choices import NEXT, State
from invitations.models import Campaign, Invitation

logger = logging.getLogger(__name__)


class Refused(Exception):
    """What was asked cannot be done; its text, in French, is for the person who asked."""


def locked_row(campaign: Campaign) -> Campaign:
    """Lock the campaign's row: whoever looks for new people afterwards looks alone."""
    return Campaign.objects.select_for_update().get(pk=campaign.pk)


def locked_invitation(public_id: UUID | str) -> Invitation:
    """Lock an invitation's row; its campaign comes along, unlocked."""
    found = Invitation.objects.select_related("campaign").select_for_update(of=("self",))
    return found.get(public_id=public_id)


def move(campaign: Campaign, state: State, *, by: User | None, **facts: str) -> None:
    """Write a campaign's new state, and say so in the journal. Raises Refused for a move that does not exist."""
    if state not in NEXT[campaign.state]:
        raise illegal(campaign, str(state.label))
    campaign.state = state
    campaign.save(update_fields=["state", "scheduled_at", "launched_at"])
    journal.record(f"campaign.{state}", campaign, by=by, **facts)


def copy(locked: Campaign, campaign: Campaign) -> None:
    """Let the caller's object tell what was written."""
    campaign.state, campaign.launched_at = locked.state, locked.launched_at
    campaign.scheduled_at = locked.scheduled_at


def illegal(campaign: Campaign, wanted: str) -> Refused:
    """Return the refusal that names both states: where the campaign is, what it cannot be."""
    return Refused(
        _("La campagne est « {now} »\u00a0: elle ne peut pas être « {wanted} ». Rien n’est changé.").format(
            now=campaign.get_state_display(), wanted=wanted
        )
    )


@contextmanager
def kept_apart(campaign: Campaign) -> Iterator[None]:
    """Log what goes wrong with one campaign and let the others go on; a database that is away stops them all."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # whatever it is, it is this campaign's, and is tried again at the next turn
        logger.exception("campaign %s: this turn failed", campaign.public_id)
