"""Home, the territory and a municipality: true figures, the same number of queries whatever their size."""

import pytest
from django.core.management import call_command

from portal import pages
from territory.models import Municipality
from tests.factories.accounts import ManagerFactory, UserFactory
from tests.factories.actors import ActorFactory
from tests.factories.diagnostics import ready
from tests.factories.needs import NeedFactory, SharedNeedFactory
from tests.factories.portal import small_territory
from tests.factories.projects import ProjectFactory
from tests.factories.trainings import TrainingSessionFactory


@pytest.fixture
def real_territory(db):
    """The territory of the project's own folder."""
    call_command("load_territory", verbosity=0)


@pytest.mark.parametrize("communes", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("/", 11), ("/territoire/", 12), ("/communes/val-fictif-1/", 11)]
)
def test_the_number_of_queries_does_not_follow_the_number_of_communes(
    db, client, django_assert_num_queries, path, queries, communes
):
    small_territory(communes)
    pages.programme()  # gathered apart, like what happens in a municipality: see test_home and below
    pages.life(Municipality.objects.get(slug="val-fictif-1"))
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(("path", "queries"), [("/", 2), ("/territoire/", 1), ("/communes/val-fictif-1/", 2)])
def test_what_was_gathered_is_kept_for_a_minute(db, client, django_assert_num_queries, path, queries):
    small_territory()
    client.get(path)
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


def test_a_territory_loaded_after_an_empty_home_is_shown_at_once(db, client):
    assert "rien n’est semé" in client.get("/").content.decode()
    small_territory()
    assert "Val-Fictif-1" in client.get("/").content.decode()


def test_the_pages_show_the_real_figures_of_the_territory(real_territory, client):
    home = client.get("/").content.decode()
    for text in ("14\u202f357", "55\u202f718", "Statbel", "2020", "sept communes trouvent"):
        assert text in home
    assert client.get("/?carte=density").context["line"].indicator.code == "density"
    assert client.get("/?carte=surface").context["line"].indicator.code == "population"

    page = client.get("/communes/jodoigne/").context
    around = ["Jodoigne", "GAL Culturalité", "Brabant wallon", "Wallonie"]
    assert [place.name for place in page["places"]] == around
    rows = {
        line.indicator.code: [cell.text for cell in line.cells]
        for section in page["sections"]
        for line in section.lines
    }
    assert rows["population"] == ["14\u202f357", "55\u202f718", "406\u202f019", "3\u202f645\u202f243"]
    assert rows["density"] == ["196", "176", "372", "216"]
    assert rows["broadband_coverage"] == ["n.d."] * 4
    assert "+15,4" in page["trend"].title


@pytest.mark.parametrize("things", [1, 3])
def test_a_municipality_shows_what_happens_there_and_nothing_of_its_neighbour(
    db, client, django_assert_num_queries, things
):
    here, there = small_territory(2).area.municipalities.order_by("slug")
    for place in (here, there):
        for _n in range(things):
            ActorFactory(municipality=place)
            SharedNeedFactory(needs=[NeedFactory(municipality=place)], public=True)
            ProjectFactory(municipalities=[place], lead=ActorFactory(municipality=None))
            TrainingSessionFactory(municipality=place)
    with django_assert_num_queries(8):
        life = pages.life(here)
    assert (life["actor_count"], [n for _family, _slug, n in life["families"]]) == (things, [things])
    assert {row.shared_need.needs.get().municipality for row in life["shared_needs"]} == {here}
    assert [project.municipalities.get() for project in life["projects"]] == [here] * things
    client.get("/communes/val-fictif-1/")
    with django_assert_num_queries(3):
        page = client.get("/communes/val-fictif-1/")
    assert [session.municipality for session in page.context["sessions"]] == [here] * things
    assert 'href="/acteurs/?commune=val-fictif-1"' in page.content.decode()


def test_a_municipality_names_its_published_diagnostics_and_no_other(db, client):
    place = small_territory().area.municipalities.get(slug="val-fictif-1")
    published = ready(municipality=place, publication="public")
    ready(municipality=place, version=2)
    ready(publication="public")
    client.force_login(ManagerFactory())
    for _again in range(2):
        assert client.get("/communes/val-fictif-1/").context["diagnostics"] == [published]


def test_only_who_may_ask_for_a_diagnostic_is_offered_it_on_the_kept_page(db, client):
    place = small_territory().area.municipalities.get(slug="val-fictif-1")
    address = f"/diagnostics/demander/?territoire=commune:{place.code}"
    shown = []
    for user in (ManagerFactory(), UserFactory(), None):
        client.logout()
        if user:
            client.force_login(user)
        shown.append(f'href="{address}"' in client.get("/communes/val-fictif-1/").content.decode())
    assert shown == [True, False, False]


@pytest.mark.parametrize("slug", ["voisine-la-longue", "rien", "val-fictif-1%00", "a" * 3000])
def test_other_places_have_no_page(db, client, slug):
    small_territory()
    assert client.get(f"/communes/{slug}/").status_code == 404


@pytest.mark.parametrize("query", ["?carte=%ED%A0%80", "?carte=" + "9" * 5000, "?carte=&carte=%00", "?%00=1"])
def test_a_hostile_query_gives_the_ordinary_page(db, client, query):
    small_territory()
    assert client.get("/" + query).status_code == 200
