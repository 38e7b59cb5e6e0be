"""What those who proposed a sheet are told, when it moves."""

from django.utils import timezone

from actors.emails import sheets as letters
from actors.models import Actor


def answer(actor: Actor) -> int:
    """Tell those who proposed a sheet what became of it, once; return how many. In the caller's transaction."""
    if actor.state not in letters.ANSWERS:
        return 0
    proposals = list(actor.proposals.select_for_update().unanswered())
    for proposal in proposals:
        proposal.actor = actor
        letters.proposal_answered(proposal).send()
        proposal.answered_at = timezone.now()
        proposal.save(update_fields=["answered_at"])
    return len(proposals)
