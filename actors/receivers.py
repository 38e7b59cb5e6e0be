"""What other rooms tell us: an address was proved, an address refuses letters, a place has another name."""

from allauth.account.signals import email_confirmed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from actors import actions, naming
from outbox.signals import bounced
from territory.models import Locality, Municipality, Theme
from territory.signals import loaded


@receiver(email_confirmed, dispatch_uid="actors.link_contact")
def link_contact(sender, email_address, **kwargs) -> None:
    """A proved address links its user to the contact of that address."""
    actions.link_contact(email_address.user, email=email_address.email)


@receiver(bounced, dispatch_uid="actors.mark_bounced")
def mark_bounced(sender, address: str, **kwargs) -> None:
    """An address refused for good is no more written to."""
    actions.mark_bounced(address)


loaded.connect(naming.forget, dispatch_uid="actors.naming.loaded")
for model in (Municipality, Locality, Theme):
    for signal in (post_save, post_delete):
        signal.connect(naming.forget, sender=model, dispatch_uid=f"actors.naming.{model.__name__}")
