"""What other rooms tell us: an address was proved, an address refuses letters, a place has another name."""

from allauth.account.signals import email_confirmed
from django.contrib import messages
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import gettext as _

from accounts.forms import ORGANISATION
from actors import actions, naming
from actors.models import Actor
from outbox.signals import bounced
from territory.models import Locality, Municipality, Theme
from territory.signals import loaded


@receiver(email_confirmed, dispatch_uid="actors.link_contact")
def link_contact(sender, email_address, **kwargs) -> None:
    """A proved address links its user to the contact of that address."""
    actions.link_contact(email_address.user, email=email_address.email)


@receiver(email_confirmed, dispatch_uid="actors.join_organisation")
def join_organisation(sender, request, email_address, **kwargs) -> None:
    """Who named an organisation at sign-up asks to speak for it, once their address is proved."""
    session = getattr(request, "session", None)
    said = session.pop(ORGANISATION, "") if session is not None else ""
    if not said:
        return
    actor = Actor.objects.published().called(said)
    if actor is None:
        told = _("«\u00a0%(said)s\u00a0» n’est pas dans l’annuaire\u00a0: cherchez sa fiche, ou proposez-la.")
        messages.info(request, told % {"said": said})
        return
    actions.request_membership(actor, by=email_address.user)
    told = _(
        "Votre demande pour «\u00a0%(actor)s\u00a0» est partie\u00a0: vous recevrez une réponse par e-mail."
    )
    messages.success(request, told % {"actor": actor})


@receiver(bounced, dispatch_uid="actors.mark_bounced")
def mark_bounced(sender, address: str, **kwargs) -> None:
    """An address refused for good is no more written to, neither campaigns nor digests."""
    actions.mark_bounced(address)
    actions.stop_refused(address)


loaded.connect(naming.forget, dispatch_uid="actors.naming.loaded")
for model in (Municipality, Locality, Theme):
    for signal in (post_save, post_delete):
        signal.connect(naming.forget, sender=model, dispatch_uid=f"actors.naming.{model.__name__}")
