"""Names proposed while one types: published actors alone, few, and the same for everybody."""

import pytest
from django.urls import reverse

from actors.choices import State
from actors.models import Actor
from actors.views import names as view
from tests.factories.actors import ActorFactory

ADDRESS = reverse("actors:names")


def proposed(client, typed):
    return client.get(ADDRESS, {"q": typed}).json()["names"]


@pytest.mark.parametrize("typed", ["ecole de", "ÉCOLE  l’orée", "l oree ecole", "Orée"])
def test_a_name_is_proposed_whatever_accents_case_hyphens_and_order(client, db, typed):
    ActorFactory(name="École-de-l’Orée")
    ActorFactory(name="La Ferme du Tilleul")
    assert proposed(client, typed) == ["École-de-l’Orée"]


def test_names_that_begin_so_come_first_and_the_words_of_a_description_propose_nobody(client, places):
    ActorFactory(name="Amis des Haies")
    ActorFactory(name="Haies Vives")
    ActorFactory(name="Le Moulin", description="On plante des haies.", municipality=places["orp"])
    assert proposed(client, "haies") == ["Haies Vives", "Amis des Haies"]
    assert proposed(client, "orp-jauche") == []


@pytest.mark.parametrize("typed", ["", "ha", "de la", "’’’", "\x00", "日本語", "%%%", "___"])
def test_too_few_letters_propose_nothing(client, db, typed):
    ActorFactory(name="Haies de la Dyle")
    assert proposed(client, typed) == []


@pytest.mark.parametrize("state", [one for one in State.values if one != State.PUBLISHED])
def test_who_is_not_published_is_not_proposed(client, db, state):
    into = ActorFactory(name="Le Moulin") if state == State.MERGED else None
    actor = ActorFactory(name="Haies Vives")
    Actor.objects.filter(pk=actor.pk).update(state=state, **({"merged_into": into} if into else {}))
    assert proposed(client, "haies") == []


def test_two_actors_of_one_name_are_one_line_and_no_more_than_ten_are_proposed(client, db):
    ActorFactory.create_batch(2, name="Haies Vives")
    assert proposed(client, "haies") == ["Haies Vives"]
    for n in range(12):
        ActorFactory(name=f"Haies {n:02}")
    assert len(proposed(client, "haies")) == 10


@pytest.mark.parametrize("count", [1, 3])
def test_one_query_whatever_the_number(client, db, django_assert_num_queries, count):
    for n in range(count):
        ActorFactory(name=f"Haies {n}")
    with django_assert_num_queries(1):
        assert len(proposed(client, "haies")) == count


def test_the_answer_is_kept_and_depends_on_nobody(client, db):
    response = client.get(ADDRESS, {"q": "haies"})
    assert response["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in response.get("Vary", "")
    assert response.cookies == {}


def test_one_network_does_not_ask_without_end(client, db, monkeypatch):
    monkeypatch.setattr(view, "ASKED_AN_HOUR", 2)
    answers = [client.get(ADDRESS, {"q": "haies"}) for _turn in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "max-age=300" not in answers[-1].get("Cache-Control", "")
