"""Figures: who came, from which families and municipalities; zeros are told."""

from datetime import timedelta

from django.utils import timezone

from actors.models import Actor
from tests.factories.territory import MunicipalityFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory, held
from trainings import figures
from trainings.models import Registration, TrainingSession


def test_people_are_counted_by_family_and_municipality(db):
    jodoigne = MunicipalityFactory(code="25048")
    association = Actor.objects.create(kind="association", name="A", slug="a")
    initiative = Actor.objects.create(kind="citizen_initiative", name="B", slug="b")
    RegistrationFactory(actor=association, municipality=jodoigne)
    RegistrationFactory(actor=initiative, municipality=jodoigne)
    RegistrationFactory()
    assert Registration.objects.all().count_by_family() == [
        ("municipalities", 0),
        ("associations", 2),
        ("enterprises", 0),
        ("partners", 0),
        ("", 1),
    ]
    assert Registration.objects.all().count_by_municipality() == [("25048", 2), ("", 1)]


def test_the_figures_of_a_period(db):
    full = TrainingSessionFactory(capacity=1)
    RegistrationFactory(session=full, position=1)
    RegistrationFactory(session=full, position=2, state="waiting")
    TrainingSessionFactory(state="cancelled")
    silent = held()
    RegistrationFactory(session=silent)
    said = held()
    RegistrationFactory(session=said, attended=True, position=1)
    RegistrationFactory(session=said, attended=False, position=2)
    held()
    today = timezone.localdate()
    found = figures.collect(today - timedelta(days=30), today + timedelta(days=30))
    assert (found.sessions_upcoming, found.sessions_held) == (1, 3)
    assert (found.people_registered, found.people_attended) == (4, 1)
    assert (found.sessions_full_with_people_waiting, found.sessions_past_without_attendance) == (1, 1)
    assert found.by_municipality == [("", 4)]
    nothing = figures.collect(today - timedelta(days=400), today - timedelta(days=370))
    assert (nothing.sessions_held, nothing.people_registered) == (0, 0)


def test_seats_are_counted_in_one_query_whatever_is_joined(db, django_assert_num_queries):
    session = TrainingSessionFactory(capacity=5)
    for position, state in enumerate(["confirmed", "confirmed", "waiting", "cancelled"], start=1):
        RegistrationFactory(session=session, position=position, state=state)
    TrainingSessionFactory(capacity=None)
    with django_assert_num_queries(1):
        rows = TrainingSession.objects.upcoming().with_seats().values_list("confirmed", "waiting", "free")
        assert sorted(rows, key=str) == [(0, 0, None), (2, 1, 3)]
