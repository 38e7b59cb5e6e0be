"""Dates with their weekday, hours with « h »."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

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


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=48), "2\u00a0jours"),
        (timedelta(days=1, hours=4, minutes=59), "1\u00a0jour et 4\u00a0heures"),
        (timedelta(hours=12), "12\u00a0heures"),
        (timedelta(hours=1, minutes=1), "1\u00a0heure et 1\u00a0minute"),
        (timedelta(minutes=35, seconds=59), "35\u00a0minutes"),
        (timedelta(seconds=59), "moins d’une\u00a0minute"),
        (timedelta(seconds=-1), "moins d’une\u00a0minute"),
    ],
)
def test_the_time_left_is_rounded_down_and_told_in_two_units_at_most(left, words):
    now = datetime(2027, 1, 12, 18, tzinfo=UTC)
    assert dates.left(now + left, now) == words
