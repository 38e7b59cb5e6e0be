"""Lists of a campaign that staff take away."""

from django.utils.translation import gettext as _

from invitations.models import Campaign
from tabular import writing


def unanswered_csv(campaign: Campaign) -> tuple[bytes, int]:
    """Return who has not answered, as people here open it (semicolons, byte order mark), and how many that is.

    A text that a spreadsheet would take for a formula gets an apostrophe.
    """
    rows = (
        campaign.invitations.living()
        .unanswered()
        .with_progress()
        .with_place()
        .select_related("contact", "actor")
        .by_name()
    )
    header = [_("Nom"), _("Acteur"), _("Commune"), _("Adresse e-mail"), _("Téléphone"), _("Invitation")]
    cells = [
        [
            one.contact.name,
            one.actor.name if one.actor else "",
            one.place or "",
            one.contact.email,
            one.contact.phone,
            one.get_progress_display(),
        ]
        for one in rows
    ]
    return b"".join(writing.text(header, cells)), len(cells)
