"""The list of the desk, taken away: what it shows, as text, and the journal says so."""

import pytest
from django.urls import reverse

from accounts.models import JournalEntry
from tabular.reading import open_table
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.actors import ActorFactory, ContactFactory
from tests.factories.territory import LAGFactory, MunicipalityFactory, ThemeFactory


def lines(response, name):
    return [line.cells for line in open_table(b"".join(response.streaming_content), name).lines()]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_the_list_shows_is_written_and_nothing_is_computed(client, db, kind):
    client.force_login(TeamFactory())
    ActorFactory(name='=HYPERLINK("http://mal.invalid")', phone="+32 10 00 00 01", kind="enterprise")
    ActorFactory(name="Les Jardins Fictifs", kind="association")
    address = reverse("admin:actors_actor_export", args=[kind])
    found = lines(client.get(address, {"kind__exact": "enterprise"}), f"liste.{kind}")
    assert [(cells[0], cells[13]) for cells in found] == [
        ('\'=HYPERLINK("http://mal.invalid")', "'+32 10 00 00 01")
    ]
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.facts) == ("actor.exported", {"rows": 1, "filters": ["kind__exact"]})


def test_people_are_taken_away_by_who_has_just_proved_to_be_there(client, db):
    user = TeamFactory()
    ContactFactory(name="Odile Fictive", actors=[ActorFactory(name="Les Abeilles")])
    address = reverse("admin:actors_contact_export", args=["csv"])
    client.force_login(user)
    assert client.get(address).status_code == 302
    assert JournalEntry.objects.count() == 0
    (odile,) = lines(logged_in(user).get(address), "liste.csv")
    assert (odile[0], odile[5]) == ("Odile Fictive", "Les Abeilles")
    assert JournalEntry.objects.get().verb == "contact.exported"


def test_another_kind_of_file_is_not_there(client, db):
    client.force_login(TeamFactory())
    assert client.get(reverse("admin:actors_actor_export", args=["exe"])).status_code == 404


# What everybody takes away ---------------------------------------------------------------------------------


@pytest.fixture
def incourt(db):
    place = MunicipalityFactory(name="Incourt", slug="incourt")
    LAGFactory(area__municipalities=[place])
    return place


def test_the_public_list_holds_what_the_filters_find_on_every_page_and_no_formula(client, incourt):
    ActorFactory(
        name="=1+1", municipality=incourt, email="bonjour@exemple.invalid", themes=[ThemeFactory(name="Eau")]
    )
    ActorFactory.create_batch(30, municipality=incourt)
    ActorFactory(name="Ailleurs", municipality=None)
    ActorFactory(name="Brouillon", municipality=incourt, state="draft")
    address = reverse("actors:directory_csv")
    found = lines(client.get(address, {"commune": "incourt", "page": "2"}), "acteurs.csv")
    assert len(found) == 31
    first = next(cells for cells in found if "1+1" in cells[0])
    assert (first[0], first[2], first[5], first[6]) == ("'=1+1", "Incourt", "Eau", "bonjour@exemple.invalid")
    assert first[10].startswith("http://testserver/acteurs/")
    assert f'href="{address}?commune=incourt"' in client.get("/acteurs/?commune=incourt").content.decode()


@pytest.mark.parametrize("things", [1, 3])
def test_the_public_list_asks_the_same_for_one_as_for_three(
    client, incourt, django_assert_num_queries, things
):
    ActorFactory.create_batch(things, municipality=incourt)
    address = reverse("actors:directory_csv")
    client.get(address)
    with django_assert_num_queries(3):
        b"".join(client.get(address).streaming_content)


def test_the_public_list_is_given_thirty_times_an_hour_to_one_network(client, incourt):
    answers = [client.get(reverse("actors:directory_csv")).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ED%A0%80", "commune=%27", "page=" + "9" * 5000, "theme=" + "x" * 3000]
)
def test_the_public_list_answers_whatever_its_address_asks(client, incourt, query):
    assert client.get(f"{reverse('actors:directory_csv')}?{query}").status_code == 200
