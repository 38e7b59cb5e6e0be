"""Calendar files (RFC 5545): one entry a day, with an identifier that never changes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from icalendar import Calendar, Event

from trainings.models import SessionDay, TrainingSession

PUBLISH, CANCEL = "PUBLISH", "CANCEL"


def of_session(
    session: TrainingSession,
    *,
    stamp: datetime,
    method: str = PUBLISH,
    removed: Sequence[SessionDay] = (),
    with_link: bool = False,
) -> bytes:
    """Return the .ics of all the days of a session, with one VTIMEZONE a zone and no ORGANIZER.

    `stamp` is when it was written; `removed` are days announced before and withdrawn now; `with_link`
    tells the address of the video meeting, for those who have a seat. Without ORGANIZER, no client answers.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//SMART Ruralité//Formations//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    days = session.announced_days
    for day in [*days, *removed]:
        gone = method == CANCEL or day in removed
        calendar.add_component(_event(session, day, len(days), stamp=stamp, gone=gone, with_link=with_link))
    starts = [day.starts_at for day in [*days, *removed]]
    if starts:
        margin = timedelta(days=366)
        calendar.add_missing_timezones((min(starts) - margin).date(), (max(starts) + margin).date())
    return calendar.to_ical()


def _event(session, day: SessionDay, count: int, *, stamp, gone: bool, with_link: bool) -> Event:
    event = Event()
    event.add("uid", f"{day.public_id}@seances")
    event.add("sequence", session.ics_sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", day.starts_at)
    event.add("dtend", day.ends_at)
    event.add("summary", session.training.title)
    event.add("location", session.place)
    page = f"{settings.SITE_URL}{session.get_absolute_url()}"
    told = [session.access_notes, session.online_url if with_link else "", page]
    event.add("description", "\n".join(filter(None, told)))
    event.add("url", page)
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    return event
