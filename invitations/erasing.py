"""What invitations forget of a person: the contact is forgotten below; here its personal links die."""

from django.db.models import F
from django.utils.translation import gettext as _

from accounts import erasure
from accounts.erasure import Part, Person
from actors.models import Contact
from invitations.models import Campaign, Invitation


@erasure.erases
def forget(person: Person) -> list[Part]:
    """Make the personal links of every invitation useless; the rows stay, so that a campaign still counts."""
    theirs = Invitation.objects.filter(contact__public_id__in=person.of(Contact)).values("campaign")
    # Whoever writes letters holds the campaign: they are written before this, and erased with the others, or
    # afterwards, to nobody. Locks are taken in one order.
    list(Campaign.objects.select_for_update().filter(pk__in=theirs).order_by("pk"))
    found = Invitation.objects.filter(contact__public_id__in=person.of(Contact), contact__erased_at=None)
    count = found.update(link_version=F("link_version") + 1)
    return [
        Part(
            _("Invitations"),
            count,
            remark=_("Comptées, sans nom\u00a0; leurs liens ne mènent plus nulle part."),
        )
    ]
