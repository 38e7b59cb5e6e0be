"""Home announces the next sessions with the seats of the instant, and the programme in true figures."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal import pages
from tests.factories.actors import ActorFactory
from tests.factories.needs import SharedNeedFactory
from tests.factories.portal import small_territory
from tests.factories.projects import ProjectFactory, shared_need
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory, held
from trainings.choices import SessionState

COUNTS = ("actor_count", "session_count", "people_count", "shared_need_count", "project_count")


@pytest.fixture
def territory(db):
    return small_territory()


def in_days(n: int):
    return timezone.localdate() + timedelta(days=n)


@pytest.mark.parametrize("things", [1, 3])
def test_the_programme_is_gathered_with_the_same_number_of_queries(
    territory, client, django_assert_num_queries, things
):
    for _n in range(things):
        shared_need()
        ProjectFactory()
        RegistrationFactory(session=held(), attended=True)
        TrainingSessionFactory()
    with django_assert_num_queries(11):
        pages.programme()
    client.get("/")
    with django_assert_num_queries(3):
        page = client.get("/")
    assert len(page.context["sessions"]) == things
    assert [len(page.context["programme"][name]) for name in ("shared_needs", "projects")] == [things] * 2


def test_the_next_four_sessions_are_announced_soonest_first(territory, client):
    late, *soon = [TrainingSessionFactory(days=[in_days(n)]) for n in (9, 5, 3, 4, 2)]
    TrainingSessionFactory(days=[in_days(1)], state=SessionState.CANCELLED)
    TrainingSessionFactory(days=[in_days(1)], state=SessionState.DRAFT)
    held()
    assert client.get("/").context["sessions"] == sorted(soon, key=lambda one: one.starts_at)
    assert late.get_absolute_url() not in client.get("/").content.decode()


def test_seats_are_those_of_the_instant(territory, client):
    session = TrainingSessionFactory(capacity=2)
    for free, told in ((2, "2 places libres"), (1, "1 place libre"), (0, "Complet")):
        page = client.get("/")
        assert [one.free for one in page.context["sessions"]] == [free]
        assert told in page.content.decode()
        RegistrationFactory(session=session)


def test_the_figures_are_those_of_the_rooms_since_january(territory, client):
    ActorFactory.create_batch(2)
    ActorFactory(state="draft")
    session = held()
    for attended in (True, True, False, None):
        RegistrationFactory(session=session, attended=attended)
    last_year = TrainingSessionFactory(
        days=[timezone.localdate().replace(month=1, day=1) - timedelta(days=30)], state=SessionState.HELD
    )
    RegistrationFactory(session=last_year, attended=True)
    SharedNeedFactory()
    SharedNeedFactory(public=False)
    ProjectFactory(lead=ActorFactory())
    ProjectFactory(lead=ActorFactory(), published=False)
    programme = client.get("/").context["programme"]
    this_year = session.starts_at.year == timezone.localdate().year
    trained = (1, 2) if this_year else (0, 0)
    assert [programme[name] for name in COUNTS] == [4, *trained, 1, 1]


def test_what_is_not_published_is_not_named(territory, client):
    SharedNeedFactory(public=False, title="Besoin gardé")
    ProjectFactory(published=False, title="Projet gardé")
    shared_need("Besoin dit", places=list(territory.area.municipalities.all()))
    text = client.get("/").content.decode()
    assert ("gardé" in text, "Besoin dit" in text, "2 communes" in text) == (False, True, True)


def test_a_home_without_programme_says_so_and_leads_on(territory, client):
    page = client.get("/")
    text = page.content.decode()
    assert "Aucune séance n’est encore annoncée" in text
    for title in ("Le programme", "Ce qui se cherche à plusieurs", "Ce qui se construit ensemble"):
        assert f">{title}</h2>" not in text
    assert [page.context["programme"][name] for name in COUNTS] == [0] * 5


def test_every_room_is_reached_from_home(territory, client):
    text = client.get("/").content.decode()
    reached = [
        "/formations/",
        "/acteurs/",
        "/besoins/",
        "/projets/",
        "/enquetes/",
        "/territoire/",
        "/diagnostics/",
    ]
    assert [address for address in reached if f'href="{address}"' not in text] == []
