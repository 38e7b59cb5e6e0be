"""Calendar files (RFC 5545): one entry a day, with an identifier that never changes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from icalendar import Calendar, Event

from trainings.models import SessionDay, TrainingSession

PUBLISH, CANCEL = "PUBLISH", "CANCEL"

REFRESH = timedelta(hours=6)
"""How often a calendar that subscribes need ask again."""


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
    calendar = _calendar(method)
    days = [*session.announced_days, *removed]
    for day in days:
        gone = method == CANCEL or day in removed
        calendar.add_component(_event(session, day, stamp=stamp, gone=gone, with_link=with_link))
    return _written(calendar, days)


def of_sessions(sessions: Iterable[TrainingSession], *, name: str) -> bytes:
    """Return the .ics to which a calendar subscribes: the same bytes as long as no session changes.

    Each entry is stamped with its session's last revision, so that an ETag says whether anything is new. The
    sessions bring their days; a cancelled one stays, with STATUS:CANCELLED, because a client keeps what it is
    not told to drop.
    """
    calendar = _calendar(PUBLISH)
    calendar.add("name", name)  # RFC 7986
    calendar.add("x-wr-calname", name)  # what clients read in fact
    calendar.add("refresh-interval", REFRESH)
    calendar.add("x-published-ttl", REFRESH)
    days = []
    for session in sessions:
        stamp = session.revised_at or session.published_at
        for day in session.announced_days:
            gone = session.cancelled_at is not None
            calendar.add_component(_event(session, day, stamp=stamp, gone=gone, with_link=False))
            days.append(day)
    return _written(calendar, days)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//SMART Ruralité//Formations//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _written(calendar: Calendar, days: Sequence[SessionDay]) -> bytes:
    """Return the bytes, with the time zone's changes from a year before the first day to a year after the last."""
    starts = [day.starts_at for day in days]
    if starts:
        margin = timedelta(days=366)
        calendar.add_missing_timezones((min(starts) - margin).date(), (max(starts) + margin).date())
    return calendar.to_ical()


def _event(session, day: SessionDay, *, stamp, gone: bool, with_link: bool) -> Event:
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
