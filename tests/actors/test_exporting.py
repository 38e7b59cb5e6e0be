"""The list of the desk, taken away: what it shows, as text, and the journal says so."""

import pytest
from django.urls import reverse

from accounts.models import JournalEntry
from tabular.reading import open_table
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.actors import ActorFactory, ContactFactory


def lines(response, name):
    return [line.cells for line in open_table(b"".join(response.streaming_content), name).lines()]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_the_list_shows_is_written_and_nothing_is_computed(client, db, kind):
    client.force_login(TeamFactory())
    ActorFactory(name='=HYPERLINK("http://mal.invalid")', phone="+32 10 00 00 01", kind="enterprise")
    ActorFactory(name="Les Jardins Fictifs", kind="association")
    address = reverse("admin:actors_actor_export", args=[kind])
    found = lines(client.get(address, {"kind__exact": "enterprise"}), f"liste.{kind}")
    assert [(cells[0], cells[10]) for cells in found] == [
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
