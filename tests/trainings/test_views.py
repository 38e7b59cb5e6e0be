"""Public pages: what they show, what they refuse, and that a GET changes nothing."""

import json
import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from actors.choices import State
from actors.models import Actor, Membership
from tests.contracts import markup
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.actors import ActorFactory
from tests.factories.territory import ThemeFactory
from tests.factories.trainings import (
    RegistrationFactory,
    TrainingFactory,
    TrainingSessionFactory,
    held,
)
from tests.responses import page, without_entrance
from trainings import actions, emails, structured
from trainings.forms import actor_named
from trainings.models import TrainingSession

LIST = "/formations/"


def form_address(session):
    return reverse("trainings:register", args=[session.public_id])


def filled(session, **fields):
    """What a person posts."""
    return {
        "name": "Basile Fictif",
        "email": "basile@exemple.invalid",
        "municipality": "jodoigne",
        "consent": "on",
        "people": "1",
        "nonce": "a" * 32,
    } | fields


def titles(html):
    return re.findall(r'<h3><a href="[^"]+">([^<]+)</a>', html)


# Catalogue -----------------------------------------------------------------------------------------------


def test_the_catalogue_shows_what_is_announced_soonest_first(client, jodoigne):
    today = timezone.localdate()
    for title, days, state in [
        ("Plus tard", 40, "published"),
        ("Bientôt", 10, "confirmed"),
        ("Annulée", 20, "cancelled"),
        ("Brouillon", 15, "draft"),
        ("Passée", -10, "published"),
    ]:
        TrainingSessionFactory(training__title=title, days=[today + timedelta(days=days)], state=state)
    TrainingSessionFactory(training__title="Offre en brouillon", training__state="draft")
    html = page(client, LIST)
    assert titles(html) == ["Bientôt", "Annulée", "Plus tard"]
    assert "2 séances à venir, 1 annulée<" in html
    assert sum(map(int, re.findall(r"(\d+) séances?(?:, \d+ annulées?)?</span>", html))) == 2
    assert titles(page(client, reverse("trainings:archive"))) == ["Passée"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Haies", "Comptabilité"]),
        ("?q=COMPTABILITE", ["Comptabilité"]),
        ("?theme=energie", ["Haies"]),
        ("?commune=jodoigne", ["Haies"]),
        ("?formule=midi", ["Comptabilité"]),
        ("?libres=on", ["Comptabilité"]),
        ("?theme=energie&formule=midi", []),
        ("?theme=inconnu", ["Haies", "Comptabilité"]),
    ],
)
def test_each_filter_keeps_what_it_says(client, jodoigne, query, found):
    energy = ThemeFactory(code="energie", name="Énergie")
    soon = timezone.localdate() + timedelta(days=5)
    full = TrainingSessionFactory(
        training=TrainingFactory(title="Haies", themes=[energy]),
        municipality=jodoigne,
        capacity=1,
        days=[soon],
    )
    RegistrationFactory(session=full)
    TrainingSessionFactory(training__title="Comptabilité", format="midi")
    assert titles(page(client, LIST + query)) == found


def test_the_empty_catalogue_says_what_exists_elsewhere(client, jodoigne):
    TrainingSessionFactory(training__title="Haies")
    html = page(client, f"{LIST}?commune=jodoigne&q=haies")
    assert "Voir la séance voisine" in html
    assert 'href="?q=haies"' in html


def test_the_catalogue_is_paged(client, jodoigne):
    for _number in range(21):
        TrainingSessionFactory()
    assert len(titles(page(client, LIST))) == 20
    assert len(titles(page(client, f"{LIST}?page=2"))) == 1


@pytest.mark.parametrize(
    "query",
    [
        "page=999999999999",
        "page=" + "9" * 5000,
        "page=-1",
        "page=%ED%A0%80",
        "q=%ED%A0%80%00",
        "theme=%00",
        "commune=%ED%A0%80",
        "commune=" + "9" * 5000,
        "libres=%FF",
        "formule[]=x&formule=%00",
        "q=" + "a%20" * 2000,
    ],
)
def test_nonsense_in_the_address_is_never_an_error_of_ours(client, jodoigne, query):
    TrainingSessionFactory()
    assert client.get(f"{LIST}?{query}").status_code == 200
    assert client.get(f"{reverse('trainings:archive')}?{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_catalogue_asks_the_same_queries_for_one_and_three_sessions(
    client, jodoigne, django_assert_num_queries, count
):
    for _number in range(count):
        RegistrationFactory(session=TrainingSessionFactory(capacity=3))
    client.get(LIST)
    with django_assert_num_queries(7):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_a_training_asks_the_same_queries_for_one_and_three_sessions(
    client, jodoigne, django_assert_num_queries, count
):
    offer = TrainingFactory(slug="haies")
    for _number in range(count):
        TrainingSessionFactory(training=offer)
    with django_assert_num_queries(8):
        client.get("/formations/haies/")


@pytest.mark.parametrize("count", [1, 3])
def test_my_registrations_ask_the_same_queries_for_one_and_three(
    client, jodoigne, django_assert_num_queries, count
):
    user = UserFactory()
    client.force_login(user)
    for _number in range(count):
        RegistrationFactory(email=user.email)
    with django_assert_num_queries(6):
        client.get("/mes-inscriptions/")


# A session -----------------------------------------------------------------------------------------------


def test_the_seats_are_those_of_this_instant_and_no_cache_keeps_them(client, jodoigne):
    session = TrainingSessionFactory(capacity=14)
    for _number in range(10):
        RegistrationFactory(session=session)
    response = client.get(session.get_absolute_url())
    assert "4 places libres" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_the_page_carries_an_event_for_search_engines(client, jodoigne):
    session = TrainingSessionFactory(training__title="Haies </script><script>", days=[date(2027, 1, 12)])
    html = page(client, session.get_absolute_url())
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL).group(1)
    event = json.loads(block)
    assert event["name"] == "Haies </script><script>"
    assert (event["startDate"], event["endDate"]) == (
        "2027-01-12T19:00:00+01:00",
        "2027-01-12T21:00:00+01:00",
    )
    assert event["remainingAttendeeCapacity"] == 2


def test_the_meeting_link_is_for_those_who_have_a_seat(client, jodoigne):
    session = TrainingSessionFactory(venue="", municipality=None, online_url="https://visio.exemple.be/x")
    assert "visio.exemple.be" not in page(client, session.get_absolute_url())
    assert "visio.exemple.be" not in client.get(reverse("trainings:calendar", args=[session.public_id])).text
    session = TrainingSession.objects.with_seats().get(pk=session.pk)
    assert "visio.exemple.be" not in structured.event(session, None)
    assert "visio.exemple.be" in page(client, emails.manage_url(RegistrationFactory(session=session)))


def test_a_draft_is_not_found_but_by_staff(client, jodoigne):
    session = TrainingSessionFactory(state="draft")
    assert client.get(session.get_absolute_url()).status_code == 404
    client.force_login(TeamFactory())
    assert client.get(session.get_absolute_url()).status_code == 200


def test_a_training_shows_its_dates(client, jodoigne):
    offer = TrainingFactory(slug="haies", objectives="Lire une haie\n\nLa dessiner", families=["enterprises"])
    TrainingSessionFactory(training=offer)
    held(training=offer)
    html = page(client, "/formations/haies/")
    assert len(titles(html)) == 2
    assert html.count("<li>") >= 2
    assert "Pas encore de date" in page(client, TrainingFactory(slug="vide").get_absolute_url())


# The form ------------------------------------------------------------------------------------------------


def test_the_form_leads_to_a_page_that_a_reload_does_not_post_again(client, jodoigne):
    session = TrainingSessionFactory(capacity=1)
    page(client, form_address(session))
    first = client.post(form_address(session), filled(session))
    again = client.post(form_address(session), filled(session))
    assert (first.status_code, again.status_code) == (302, 302)
    html = page(client, first["Location"])
    # Each token says when it ends: signed a second later, it is another.
    pages = [without_entrance(client.get(answer["Location"])) for answer in (first, again)]
    assert pages[0] == pages[1]
    assert "Place réservée" in html
    registration = session.registrations.get()
    assert (registration.municipality, registration.consent_version) == (jodoigne, "inscription-2026-11")
    assert (actions.tell(), len(mail.outbox)) == (1, 1)


def test_the_page_that_follows_does_not_let_anybody_cancel(client, jodoigne):
    session = TrainingSessionFactory()
    response = client.post(form_address(session), filled(session))
    html = page(client, response["Location"])
    assert 'method="post"' not in html
    token = response["Location"].rstrip("/").rpartition("/")[2]
    assert client.get(reverse("trainings:registration", args=[token])).status_code == 404


def test_what_is_missing_is_said_and_what_was_written_is_kept(client, jodoigne):
    session = TrainingSessionFactory()
    response = client.post(
        form_address(session), filled(session, email="basile@exemple", municipality="", consent="")
    )
    html = response.content.decode()
    assert markup.faults(html) == []
    assert "3 réponses à revoir" in html
    assert 'value="Basile Fictif"' in html
    assert "Choisissez votre commune, ou «\u00a0Hors du territoire\u00a0»." in html
    assert session.registrations.count() == 0


def test_a_colleague_is_added_without_losing_what_was_written(client, jodoigne):
    session = TrainingSessionFactory(capacity=2)
    response = client.post(form_address(session), filled(session, ajouter="1", consent=""))
    html = response.content.decode()
    assert markup.faults(html) == []
    assert "réponses à revoir" not in html
    assert 'value="Basile Fictif"' in html
    assert 'name="name_2"' in html
    assert session.registrations.count() == 0
    # The press opens the page at the new name, without a script; the next errors open at their summary.
    before = client.get(form_address(session)).content.decode()
    assert f'formaction="{form_address(session)}#id_name_2"' in before
    assert f'formaction="{form_address(session)}#id_name_3"' in html
    assert f'action="{form_address(session)}"' in html
    client.post(form_address(session), filled(session, people="2", name_2="Aline Fictive"))
    rows = session.registrations.order_by("position").values_list("name", "email", "state")
    assert list(rows) == [
        ("Basile Fictif", "basile@exemple.invalid", "confirmed"),
        ("Aline Fictive", "basile@exemple.invalid", "confirmed"),
    ]


def test_no_more_than_five_people_fit_in_a_form(client, jodoigne):
    session = TrainingSessionFactory()
    for people in ("5", "99", "9" * 5000, "-3", "x"):
        response = client.post(form_address(session), filled(session, people=people, ajouter="1"))
        assert response.status_code == 200
        assert 'name="name_6"' not in response.content.decode()


def test_a_full_session_without_waiting_list_refuses_in_words(client, jodoigne):
    session = TrainingSessionFactory(capacity=1, waiting_list=False)
    RegistrationFactory(session=session)
    response = client.post(form_address(session), filled(session))
    assert response.status_code == 409
    assert "complète et n’a pas de liste d’attente" in response.content.decode()


def test_a_closed_session_says_since_when(client, jodoigne):
    session = TrainingSessionFactory(closes_at=timezone.now() - timedelta(days=1))
    html = page(client, form_address(session))
    assert "Les inscriptions sont closes depuis le" in html
    assert "<form class" not in html
    response = client.post(form_address(session), filled(session))
    assert response.status_code == 409
    assert 'value="Basile Fictif"' in response.content.decode()


def test_one_network_does_not_fill_every_seat(client, jodoigne, settings):
    settings.REGISTRATIONS_PER_HOUR = 2
    session = TrainingSessionFactory()
    answers = [
        client.post(
            form_address(session),
            filled(session, name=f"Personne {n}", email=f"p{n}@exemple.invalid", nonce=f"{n:032x}"),
            headers={"X-Forwarded-For": f"203.0.113.{n}"},  # said by the visitor alone: nobody's proxy
        )
        for n in range(4)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 429, 429]
    assert 'value="Personne 3"' in answers[3].content.decode()
    assert session.registrations.count() == 2
    elsewhere = client.post(form_address(session), filled(session), REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 302


def test_nobody_is_buried_under_letters_by_somebody_elses_forms(client, jodoigne, settings):
    settings.REGISTRATIONS_PER_EMAIL_PER_DAY = 3
    session = TrainingSessionFactory()
    answers = [
        client.post(
            form_address(session),
            filled(
                session, name=f"Personne {n}", email=" BASILE@exemple.invalid", nonce=f"{n:032x}", people=2
            )
            | {"name_2": f"Collègue {n}"},
            REMOTE_ADDR=f"203.0.113.{n}",
        )
        for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [302, 429, 429]
    assert session.registrations.count() == 2


def test_fields_that_are_not_in_the_form_change_nothing(client, jodoigne):
    session = TrainingSessionFactory(capacity=1)
    RegistrationFactory(session=session)
    client.post(
        form_address(session),
        filled(session, state="confirmed", position="0", actor="1", entered_by="x", attended="on"),
    )
    mine = session.registrations.get(name="Basile Fictif")
    assert (mine.state, mine.actor, mine.entered_by, mine.attended) == ("waiting", None, "", None)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Aline\u202eevitciF", "A\x00B", "Éloïse\r\nX"])
def test_strange_names_are_shown_as_text_or_refused(client, jodoigne, name):
    session = TrainingSessionFactory()
    response = client.post(form_address(session), filled(session, name=name))
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        html = page(client, response["Location"])
        assert "<script>alert" not in html
        assert "\u202e" not in html
        actions.tell()
        letter = mail.outbox[-1]
        assert "<script>alert" not in letter.alternatives[0][0]
        assert len(letter.recipients()) == 1


def test_an_organisation_that_matches_an_actor_is_that_actor(client, jodoigne):
    actor = Actor.objects.create(
        kind="association", name="Les Haies Vives", slug="haies", state=State.PUBLISHED
    )
    session = TrainingSessionFactory(capacity=None)
    client.post(form_address(session), filled(session, organisation="les haies vives"))
    client.post(
        form_address(session),
        filled(session, name="Aline", email="aline@x.invalid", organisation="Ma petite ferme"),
    )
    rows = session.registrations.order_by("position").values_list("actor", "organisation_text")
    assert list(rows) == [(actor.pk, "les haies vives"), (None, "Ma petite ferme")]


@pytest.mark.parametrize(
    ("written", "names", "found"),
    [
        ("ecole de l'oree", ["École-de-l’Orée"], "École-de-l’Orée"),
        ("ECOLE DE L OREE", ["École-de-l’Orée"], "École-de-l’Orée"),
        ("École de l’Orée", ["École-de-l’Orée", "Ecole de l'Orée"], None),
        ("École", ["École-de-l’Orée"], None),
        (" ", ["École-de-l’Orée"], None),
    ],
    ids=["no accents", "no hyphens", "two of this name", "a part of a name", "nothing"],
)
def test_the_one_actor_of_a_name_is_found_as_it_is_folded(db, written, names, found):
    for name in names:
        ActorFactory(name=name)
    actor = actor_named(written)
    assert (actor and actor.name) == found


def test_an_actor_that_is_not_published_is_nobody(db):
    ActorFactory(name="Les Haies", state=State.DRAFT)
    assert actor_named("Les Haies") is None


def test_who_is_signed_in_finds_the_form_filled_in_and_the_registration_in_the_account(client, jodoigne):
    user = UserFactory(name="Aline Fictive")
    actor = Actor.objects.create(kind="enterprise", name="La Ferme", slug="ferme", municipality=jodoigne)
    Membership.objects.create(user=user, actor=actor, state="active")
    client.force_login(user)
    session = TrainingSessionFactory()
    html = page(client, form_address(session))
    for value in ("Aline Fictive", user.email, "La Ferme"):
        assert f'value="{value}"' in html
    assert '<option value="jodoigne" selected>' in html
    client.post(form_address(session), filled(session, name=user.name, email=user.email))
    assert session.registrations.get().user == user
    assert session.training.title in page(client, "/mes-inscriptions/")


def test_my_registrations_are_mine_alone_and_an_unproved_address_shows_none(client, jodoigne):
    registration = RegistrationFactory()
    for user in (UserFactory(), UserFactory(email=registration.email, verified=False)):
        client.force_login(user)
        assert "Aucune inscription pour l’instant" in page(client, "/mes-inscriptions/")


def test_tokens_never_reach_the_logs():
    import logging

    from smartrural.logs import JSONFormatter

    record = logging.LogRecord("x", 20, "x", 1, "Gone: %s", ("/inscriptions/recue/WyJhIl0:abc/",), None)
    line = JSONFormatter().format(record)
    assert "WyJhIl0" not in line
    assert "/inscriptions/…" in line
