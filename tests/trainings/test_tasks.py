"""What is erased by itself: the needs to come, a month after the session."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as shipped
from django.utils import timezone

from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from trainings import actions, tasks
from trainings.models import Registration


def evening(day: int) -> datetime:
    """Return 21:00 in Brussels, when sessions of the factory end, on a day of November 2026."""
    return timezone.make_aware(datetime(2026, 11, day, 21))


def needs() -> list[tuple[str, str]]:
    return list(Registration.objects.order_by("name").values_list("name", "access_needs"))


@pytest.mark.parametrize(
    ("after", "left"),
    [(timedelta(0), "Boucle magnétique"), (timedelta(seconds=1), "")],
    ids=["on the thirtieth day", "past it"],
)
def test_needs_to_come_are_erased_thirty_days_after_the_session(db, after, left):
    session = TrainingSessionFactory(days=[date(2026, 11, 2)])
    RegistrationFactory(session=session, name="Aline", access_needs="Boucle magnétique")
    with time_machine.travel(evening(2) + timedelta(days=30) + after, tick=False):
        tasks.erase_access_needs()
    assert needs() == [("Aline", left)]


def test_only_sessions_that_are_over_lose_them_whatever_became_of_the_person(db):
    over = TrainingSessionFactory(days=[date(2026, 11, 2)], state="cancelled")
    several_days = TrainingSessionFactory(days=[date(2026, 11, 2), date(2026, 12, 20)])
    RegistrationFactory(session=over, name="Aline", state="cancelled", access_needs="Plain-pied")
    RegistrationFactory(session=over, name="Basile", access_needs="")
    RegistrationFactory(session=several_days, name="Clémence", access_needs="Garde d’enfant")
    with time_machine.travel(evening(2) + timedelta(days=31), tick=False):
        assert actions.erase_access_needs() == 1
    assert needs() == [("Aline", ""), ("Basile", ""), ("Clémence", "Garde d’enfant")]


def test_beat_asks_for_it():
    asked = {entry["task"] for entry in shipped.CELERY_BEAT_SCHEDULE.values()}
    assert {name for name in asked if name.startswith("trainings.")} == {
        tasks.erase_access_needs.name,
        tasks.expire_offers.name,
        tasks.remind.name,
        tasks.open_shares.name,
        tasks.tell.name,
    }
