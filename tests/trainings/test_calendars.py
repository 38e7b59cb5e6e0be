"""Calendar files: all the days, an identifier that stays, one time zone, nobody to answer to."""

from datetime import UTC, date, datetime, time

from icalendar import Calendar

from tests.factories.trainings import SessionDayFactory, TrainingSessionFactory
from trainings import calendars

STAMP = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_all_the_days_are_there_and_nineteen_hours_stays_nineteen_hours_across_the_clock_change(db):
    session = TrainingSessionFactory(days=[date(2027, 3, 25), date(2027, 4, 1)])
    calendar = Calendar.from_ical(calendars.of_session(session, stamp=STAMP))
    assert calendar["method"] == "PUBLISH"
    assert [event.start.isoformat() for event in calendar.events] == [
        "2027-03-25T19:00:00+01:00",
        "2027-04-01T19:00:00+02:00",
    ]
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Brussels"]
    assert [event["sequence"] for event in calendar.events] == [0, 0]
    assert len({event["uid"] for event in calendar.events}) == 2
    assert not any("organizer" in event for event in calendar.events)


def test_lines_end_as_the_standard_says_and_are_folded(db):
    session = TrainingSessionFactory(training__title="Une très longue séance " * 6)
    lines = calendars.of_session(session, stamp=STAMP).split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)


def test_a_moved_day_keeps_its_identifier_and_a_removed_one_is_withdrawn(db):
    session = TrainingSessionFactory(days=[date(2027, 1, 12)])
    uid = Calendar.from_ical(calendars.of_session(session, stamp=STAMP)).events[0]["uid"]
    day = session.days.get()
    day.date, day.start_time = date(2027, 1, 13), time(18)
    day.save()
    gone = SessionDayFactory.build(session=session, date=date(2027, 1, 20))
    events = Calendar.from_ical(calendars.of_session(session, stamp=STAMP, removed=[gone])).events
    assert events[0]["uid"] == uid
    assert [event["status"] for event in events] == ["CONFIRMED", "CANCELLED"]


def test_a_title_cannot_write_lines_of_its_own(db):
    session = TrainingSessionFactory(venue="Salle\r\nATTENDEE:mailto:x@exemple.invalid")
    calendar = Calendar.from_ical(calendars.of_session(session, stamp=STAMP))
    assert "attendee" not in calendar.events[0]
