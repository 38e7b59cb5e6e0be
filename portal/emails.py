"""Letters that tell of several rooms: the digest of « Me tenir au courant »."""

from collections.abc import Sequence
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from actors import emails
from actors.models import Subscription
from portal.digest import Section
from territory.models import LAG
from typography import numbers


def digest(
    subscription: Subscription, sections: Sequence[Section], *, since: datetime, lag: LAG | None
) -> EmailMultiAlternatives:
    """Return the digest of one subscription, in the bulk lane; `sections` holds something."""
    stop = emails.stop_link(subscription)
    count = sum(len(section.items) + section.others for section in sections)
    context = {
        "sections": sections,
        "count": count,
        "since": since,
        "subjects": [str(subject.label) for subject in subscription.subjects],
        "themes": [theme.name for theme in subscription.themes.all()],
        "municipalities": [place.name for place in subscription.municipalities.all()],
        "manage_url": emails.manage_link(subscription),
        "stop_url": stop,
        "lag": lag,
    }
    letter = EmailMultiAlternatives(
        _subject(sections[0].items[0].title, count - 1),
        render_to_string("portal/email/digest.txt", context).strip() + "\n",
        to=[subscription.email],
        reply_to=lag.reply_to if lag else None,
        headers={
            "X-Lane": "bulk",
            "X-Letter-Kind": emails.DIGEST,
            "X-About": str(subscription.public_id),
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    letter.attach_alternative(render_to_string("portal/email/digest.html", context), "text/html")
    return letter


def _subject(first: str, others: int) -> str:
    """Return « Cartographier les haies, et 3 autres nouvelles »."""
    if not others:
        return first
    told = ngettext("%(title)s, et %(n)s autre nouvelle", "%(title)s, et %(n)s autres nouvelles", others)
    return told % {"title": first, "n": numbers.number(others)}
