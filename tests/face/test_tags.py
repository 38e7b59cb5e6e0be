"""Grains, almanac dates and browsers, from plain values."""

from datetime import UTC, date, datetime

import pytest

from smartrural import face


def test_grains_show_the_taken_first_then_the_free():
    drawn = face.grains_of(4, 14)
    assert [grain["free"] for grain in drawn["grains"]] == [False] * 10 + [True] * 4
    assert drawn["height"] == 36
    assert drawn["full"] is False


def test_grains_of_a_full_session_say_so():
    assert face.grains_of(0, 16)["full"] is True


def test_grains_become_a_bar_past_forty():
    drawn = face.grains_of(12, 60)
    assert drawn["grains"] == []
    assert drawn["taken_share"] == 160  # 48 of 60 on a bar 200 wide


@pytest.mark.parametrize(("free", "capacity"), [(5, 3), (-2, 3), (0, 0)])
def test_grains_never_exceed_what_there_is(free, capacity):
    drawn = face.grains_of(free, capacity)
    assert len(drawn["grains"]) == capacity
    assert sum(grain["free"] for grain in drawn["grains"]) == max(0, min(free, capacity))


def test_almanac_reads_an_instant_in_local_time():
    drawn = face.almanac(datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    assert (drawn["weekday"], drawn["first"], drawn["ordinal"]) == ("mardi", 1, True)
    assert (drawn["month"], drawn["hour"]) == ("décembre", "0\u00a0h\u00a030")


def test_almanac_joins_two_days_and_spans_more():
    two = face.almanac([date(2026, 12, 8), date(2026, 12, 15)])
    assert (two["weekday"], two["first"], two["joint"], two["last"]) == ("mardis", 8, "+", 15)
    three = face.almanac([date(2027, 1, 14), date(2027, 1, 21), date(2027, 1, 28)])
    assert (three["weekday"], three["first"], three["joint"], three["last"]) == ("jeudis", 14, "→", 28)


def test_almanac_names_both_months_and_no_weekday_when_they_differ():
    drawn = face.almanac([date(2026, 11, 30), date(2026, 12, 1)])
    assert (drawn["weekday"], drawn["month"]) == ("", "novembre – décembre")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox sur Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36", "Chrome sur Linux"),
        ("curl/8.5", "curl/8.5"),
        ("", "Appareil inconnu"),
    ],
)
def test_browser_is_named(said, shown):
    assert face.browser(said) == shown
