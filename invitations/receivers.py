"""What the outbox tells us: an address refuses letters for good."""

from django.dispatch import receiver

from invitations import actions
from outbox.signals import bounced


@receiver(bounced, dispatch_uid="invitations.mark_bounced")
def mark_bounced(sender, letter, address: str, **kwargs) -> None:
    """The contact is no more written to, and the campaign's page says so."""
    actions.mark_bounced(letter, address=address)
