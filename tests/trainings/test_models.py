"""What the database refuses, and what the days say of their session."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.trainings import RegistrationFactory, SessionDayFactory, TrainingSessionFactory
from trainings import names
from trainings.models import Registration, SessionDay, TrainingSession


@pytest.mark.parametrize(
    ("day", "hour"), [(date(2027, 3, 28), time(2, 30)), (date(2027, 10, 31), time(2, 30))]
)
def test_an_hour_that_does_not_exist_or_exists_twice_is_refused(day, hour):
    with pytest.raises(ValidationError) as refusal:
        SessionDay(date=day, start_time=hour, end_time=time(4)).clean()
    assert list(refusal.value.message_dict) == ["start_time"]


def test_an_hour_that_exists_once_is_taken():
    SessionDay(date=date(2027, 3, 28), start_time=time(3), end_time=time(4)).clean()
    SessionDay(date=date(2027, 10, 31), start_time=time(3), end_time=time(4)).clean()


def test_a_session_reads_its_start_and_end_from_its_days(db):
    session = TrainingSessionFactory(state="draft", days=[date(2027, 1, 20)])
    SessionDayFactory(session=session, date=date(2027, 1, 12))
    session.refresh_from_db()
    assert timezone.localtime(session.starts_at).isoformat() == "2027-01-12T09:30:00+01:00"
    assert timezone.localtime(session.ends_at).isoformat() == "2027-01-20T21:00:00+01:00"
    session.days.get(date=date(2027, 1, 12)).delete()
    session.refresh_from_db()
    assert timezone.localtime(session.starts_at).date() == date(2027, 1, 20)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "unknown"},
        {"format": "unknown"},
        {"capacity": 0},
        {"minimum": 9},
        {"price": -1},
        {"state": "published", "starts_at": None},
        {"state": "cancelled"},
        {"cancelled_at": "2026-01-01T00:00Z"},
        {"opens_at": "2026-01-02T00:00Z", "closes_at": "2026-01-01T00:00Z"},
    ],
)
def test_the_database_refuses_a_session_that_contradicts_itself(db, wrong):
    session = TrainingSessionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingSession.objects.filter(pk=session.pk).update(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "unknown"},
        {"state": "cancelled"},
        {"cancelled_at": "2026-01-01T00:00Z"},
        {"name": ""},
        {"email": "Aline@exemple.invalid"},
        {"email": ""},
        {"state": "waiting", "attended": True},
    ],
)
def test_the_database_refuses_a_registration_that_contradicts_itself(db, wrong):
    registration = RegistrationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=registration.pk).update(**wrong)


@pytest.mark.parametrize(
    "same",
    [
        {"email": "a@x.invalid", "name": "Aline", "position": 2},
        {"email": "a@x.invalid", "name": "ALINE", "position": 2, "state": "waiting"},
        {"email": "b@x.invalid", "name": "Basile", "position": 1},
    ],
    ids=["same person", "same person waiting", "same position"],
)
def test_the_database_refuses_a_person_twice_and_two_people_in_one_place(db, same):
    first = RegistrationFactory(email="a@x.invalid", name="Aline", position=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(session=first.session, **same)


def test_a_person_who_cancelled_may_come_back(db):
    first = RegistrationFactory(email="a@x.invalid", name="Aline", position=1, state="cancelled")
    assert RegistrationFactory(session=first.session, email="a@x.invalid", name="Aline", position=2).pk


def test_a_day_ends_after_it_starts_and_comes_once(db):
    session = TrainingSessionFactory(days=[date(2027, 1, 12)])
    for wrong in ({"start_time": time(22)}, {"date": date(2027, 1, 12), "start_time": time(19)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SessionDayFactory(session=session, **wrong)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Aline \r\n Fictive ", "Aline Fictive"),
        ("A\u202eline\x00\ud800", "Aline"),
        ("Qui\u00a0? Nous", "Qui\u00a0? Nous"),
        ("\u00c9 E\u0301", "É É"),
    ],
)
def test_a_text_is_kept_on_one_visible_line(typed, kept):
    assert names.clean(typed) == kept


@pytest.mark.parametrize("typed", ["Éloïse D’Hóop", " eloise  d'hoop ", "ELOISE\u00a0D’HOOP"])
def test_names_that_are_one_person_compare_equal(typed):
    assert names.folded(typed) == "eloise d'hoop"
