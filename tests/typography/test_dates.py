"""Dates with their weekday, hours with « h »."""

from datetime import UTC, date, datetime, time

from typography import dates


def test_days_have_their_weekday_and_the_first_of_a_month_its_ordinal():
    assert dates.day(date(2027, 1, 12)) == "mardi 12\u00a0janvier 2027"
    assert dates.day(date(2026, 12, 1), year=False) == "mardi 1er\u00a0décembre"


def test_hours_drop_their_zero_minutes():
    assert (dates.hour(time(19, 0)), dates.hour(time(9, 30))) == ("19\u00a0h", "9\u00a0h\u00a030")


def test_instants_are_read_in_local_time():
    assert dates.moment(datetime(2027, 1, 12, 18, 0, tzinfo=UTC)) == "mardi 12\u00a0janvier 2027 à 19\u00a0h"
    assert (
        dates.moment(datetime(2027, 7, 1, 22, 30, tzinfo=UTC))
        == "vendredi 2\u00a0juillet 2027 à 0\u00a0h\u00a030"
    )
