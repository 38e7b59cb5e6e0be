"""schema.org data of a session, for search engines and calendars of others."""

import json

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from territory.models import LAG
from trainings.models import TrainingSession

_ESCAPES = str.maketrans(
    {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def event(session: TrainingSession, lag: LAG | None) -> SafeString:
    """Return the JSON-LD of a session that carries seats, safe inside a <script> data block."""
    url = f"{settings.SITE_URL}{session.get_absolute_url()}"
    full = session.free == 0
    data: dict = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": session.training.title,
        "description": session.training.summary,
        "url": url,
        "startDate": session.starts[0].isoformat(),
        "endDate": session.announced_days[-1].ends_at.isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if session.cancelled_at else 'Scheduled'}",
        "eventAttendanceMode": "https://schema.org/"
        + ("OnlineEventAttendanceMode" if _online(session) else "OfflineEventAttendanceMode"),
        "location": {"@type": "VirtualLocation", "url": url}
        if _online(session)
        else {"@type": "Place", "name": session.venue or session.place, "address": session.place},
        "isAccessibleForFree": session.price == 0,
        "offers": {
            "@type": "Offer",
            "price": str(session.price),
            "priceCurrency": "EUR",
            "availability": f"https://schema.org/{'SoldOut' if full else 'InStock'}",
            "url": url,
        },
    }
    if session.training.image:
        data["image"] = f"{settings.SITE_URL}{session.training.image_address}"
    if lag:
        data["organizer"] = {"@type": "Organization", "name": lag.name}
    if session.capacity is not None:
        data["maximumAttendeeCapacity"] = session.capacity
        data["remainingAttendeeCapacity"] = session.free
    if len(session.announced_days) > 1:
        data["subEvent"] = [
            {
                "@type": "Event",
                "name": session.training.title,
                "startDate": day.starts_at.isoformat(),
                "endDate": day.ends_at.isoformat(),
            }
            for day in session.announced_days
        ]
    # Escaped as Django's json_script does: the text can neither close the block nor open another.
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308


def _online(session: TrainingSession) -> bool:
    return bool(session.online_url) and not session.venue
