"""What other rooms tell us: an address was proved, an address refuses letters."""

from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from actors import actions
from outbox.signals import bounced


@receiver(email_confirmed, dispatch_uid="actors.link_contact")
def link_contact(sender, email_address, **kwargs) -> None:
    """A proved address links its user to the contact of that address."""
    actions.link_contact(email_address.user, email=email_address.email)


@receiver(bounced, dispatch_uid="actors.mark_bounced")
def mark_bounced(sender, address: str, **kwargs) -> None:
    """An address refused for good is no more written to, neither campaigns nor digests."""
    actions.mark_bounced(address)
    actions.stop_refused(address)
