"""Lists of a campaign that staff take away."""

import csv
import io

from django.utils.translation import gettext as _

from invitations.models import Campaign

FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
        .order_by("contact__name", "pk")
    )
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [_("Nom"), _("Acteur"), _("Commune"), _("Adresse e-mail"), _("Téléphone"), _("Invitation")]
    )
    for one in rows:
        contact = one.contact
        cells = [
            contact.name,
            one.actor.name if one.actor else "",
            one.place or "",
            contact.email,
            contact.phone,
            one.get_progress_display(),
        ]
        writer.writerow([_cell(text) for text in cells])
    return "\ufeff".encode() + out.getvalue().encode(), len(rows)


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
