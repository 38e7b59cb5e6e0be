"""Limits: counted for each who asks, in spans of time; a claimed address is nobody's."""

import pytest
import time_machine
from django.core.cache.backends.db import DatabaseCache
from django.test import RequestFactory

from accounts import limits


@pytest.fixture
def a_span_of_its_own():
    """Here spans are those of the clock."""


def spent(times: int, who: str = "basile", most: int = 2) -> list[bool]:
    return [limits.spend("essai", who, most=most, seconds=3600) for _time in range(times)]


def test_each_has_their_own_count_and_gets_it_back_in_the_next_span(db):
    with time_machine.travel("2026-11-22 08:10+00:00", tick=False) as clock:
        assert spent(3) == [True, True, False]
        assert spent(1, who="aline") == [True]
        clock.shift(1800)
        assert spent(1) == [False]
        clock.shift(1800)
        assert spent(1) == [True]


def test_zero_is_no_limit_and_nobody_is_not_counted(db):
    assert spent(3, most=0) == spent(3, who="") == [True, True, True]


def test_a_count_in_the_database_lasts_as_long_as_its_span(db, monkeypatch):
    kept = DatabaseCache("portail_cache", {})
    monkeypatch.setattr(limits, "cache", kept)
    with time_machine.travel("2026-11-22 08:10+00:00", tick=False) as clock:
        assert spent(2) == [True, True]
        clock.shift(900)  # three times what this cache keeps by default
        assert spent(1) == [False]


@pytest.mark.parametrize(
    ("proxies", "claimed", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ],
)
def test_a_visitor_is_the_address_that_our_proxies_say(settings, proxies, claimed, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": claimed}, REMOTE_ADDR="192.0.2.1")
    assert limits.visitor(request) == address
