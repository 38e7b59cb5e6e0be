"""The directory, the families, the sheets, the members: what each page shows, and to whom."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts import links
from actors import actions, emails
from actors.choices import MembershipRole, MembershipState, State
from actors.models import Membership
from territory.models import Locality
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.actors import (
    ActorFactory,
    ActorSlugFactory,
    CommuneFactory,
    EnterpriseFactory,
    MembershipFactory,
)
from tests.factories.territory import IndicatorFactory, IndicatorValueFactory, ThemeFactory

DIRECTORY = "/acteurs/"


@pytest.fixture
def actors(places):
    """A commune, an association and an enterprise in the LAG, an enterprise beyond, a draft."""
    return [
        CommuneFactory(municipality=places["orp"]),
        ActorFactory(
            name="Les Jardins Fictifs de Folx",
            slug="jardins",
            municipality=places["orp"],
            locality=places["orp"].localities.get(),
            themes=[ThemeFactory(code="culture")],
        ),
        EnterpriseFactory(name="Brasserie Imaginaire", municipality=places["incourt"]),
        EnterpriseFactory(name="Bureau d’ailleurs", municipality=places["namur"]),
        ActorFactory(name="Brouillon", municipality=places["orp"], state=State.DRAFT),
    ]


def listed(response):
    return [actor.name for actor, _silhouette in response.context["result"].rows()]


def tabled(response):
    result = response.context["result"]
    return [(line.name, line.figure) for line in result.lines()] + [result.lines_total()]


def test_the_directory_lists_what_is_published_with_the_table_of_the_same(client, actors):
    response = client.get(DIRECTORY)
    assert listed(response) == [
        "Brasserie Imaginaire",
        "Bureau d’ailleurs",
        "Les Jardins Fictifs de Folx",
        "Orp-Jauche",
    ]
    assert tabled(response) == [("Incourt", "1"), ("Orp-Jauche", "2"), ("Hors du territoire", "1"), "4"]
    assert re.findall(r'role="status">(.*?)<', response.text) == ["4 acteurs"]
    assert drawn(response) == [("incourt", "Incourt", "1 acteur"), ("orp-jauche", "Orp-Jauche", "2 acteurs")]


def drawn(response):
    """The municipalities of the map: address, name, figure."""
    return re.findall(
        r'<a href="/acteurs/\?commune=([^&"]+)[^"]*" aria-label="([^"]*?)\s?: ([^"]*?)">', response.text
    )


def test_the_map_counts_by_village_those_whose_village_is_known(client, actors, places):
    Locality.objects.update(lon=4.9, lat=50.65)
    response = client.get(DIRECTORY)
    dots = response.context["result"].marks()
    assert [(dot.name, dot.actors) for dot in dots] == [
        ("Folx-les-Caves", 1),
        ("Incourt, village non précisé", 1),
        ("Orp-Jauche, village non précisé", 1),
    ]
    assert 'aria-label="Folx-les-Caves : 1 acteur"' in response.text
    found = client.get(dots[0].href)
    assert listed(found) == ["Les Jardins Fictifs de Folx"]
    assert found.context["result"].told() == "1 acteur"
    # The map still shows where the others are.
    assert [dot.actors for dot in found.context["result"].marks()] == [1, 1, 1]


def test_the_tints_show_any_figure_of_the_territory_and_its_address_says_so(client, actors, places):
    people = IndicatorFactory(code="population", name="Habitants", unit="habitants")
    IndicatorValueFactory(indicator=people, municipality=places["orp"], year=2019, value=1)
    IndicatorValueFactory(indicator=people, municipality=places["orp"], year=2020, value=8981)
    IndicatorFactory(code="unknown", name="Sans valeur ici")
    IndicatorValueFactory(municipality=places["namur"])
    response = client.get(f"{DIRECTORY}?carte=population")
    result = response.context["result"]
    offered = [value for value, _label in result.filter.form.fields["carte"].choices]
    assert offered == ["", "population"]
    assert 'aria-label="Incourt : n.d."' in response.text
    assert [(line.name, line.figure, line.other) for line in result.lines()][:2] == [
        ("Incourt", "1", "n.d."),
        ("Orp-Jauche", "2", "8\u202f981"),
    ]
    assert (result.tint.name, result.tint.period) == ("Habitants", "2020")
    assert result.lines()[0].href == "/acteurs/?carte=population&commune=incourt"
    assert client.get(f"{DIRECTORY}?carte=perdue&village=nulle-part").status_code == 200


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("famille=entreprises", ["Brasserie Imaginaire", "Bureau d’ailleurs"]),
        ("commune=orp-jauche", ["Les Jardins Fictifs de Folx", "Orp-Jauche"]),
        ("commune=hors-territoire", ["Bureau d’ailleurs"]),
        ("theme=culture", ["Les Jardins Fictifs de Folx"]),
        ("q=ORP+jauche", ["Les Jardins Fictifs de Folx", "Orp-Jauche"]),
        ("famille=communes&commune=orp-jauche&q=orp", ["Orp-Jauche"]),
        ("famille=communes&commune=incourt", []),
        ("q=introuvable", []),
    ],
)
def test_filters_find_and_the_count_says_how_many(client, actors, query, names):
    response = client.get(f"{DIRECTORY}?{query}")
    assert listed(response) == names
    assert response.context["result"].total == len(names)


def test_choices_say_how_many_they_would_find(client, actors):
    result = client.get(f"{DIRECTORY}?famille=entreprises&commune=incourt").context["result"]
    assert [(slug, n) for slug, _label, n in result.families()] == [
        ("", 1),
        ("communes", 0),
        ("associations", 0),
        ("entreprises", 1),
        ("partenaires", 0),
    ]
    assert [(line.name, line.figure, line.current) for line in result.lines()] == [
        ("Incourt", "1", True),
        ("Orp-Jauche", "0", False),
        ("Hors du territoire", "1", False),
    ]
    assert result.lines()[1].href == "/acteurs/?famille=entreprises&commune=orp-jauche"


@pytest.mark.parametrize(
    "query",
    [
        "page=999999999999",
        "page=-1",
        "page=abc",
        "page=" + "9" * 5000,
        "famille=empire",
        "commune=%ED%A0%80",
        "theme=%00",
        "q=%00",
        "q=%ED%A0%80",
        "q=" + "a" * 5000,
        "famille=communes&famille=entreprises",
        "page[]=1",
        "theme=1%20OR%201=1",
    ],
    ids=lambda query: query[:24],
)
def test_whatever_the_address_asks_there_is_a_page(client, actors, query):
    assert client.get(f"{DIRECTORY}?{query}").status_code == 200
    assert client.get(f"/acteurs/familles/communes/?{query}").status_code == 200


def test_a_wrong_filter_is_said_and_left_out(client, actors):
    response = client.get(f"{DIRECTORY}?commune=atlantide&famille=communes")
    assert listed(response) == ["Orp-Jauche"]
    assert "«\u00a0atlantide\u00a0» n’est pas, ou plus, l’un des choix" in response.text


def test_pages_are_named_and_keep_the_filters(client, places):
    for n in range(30):
        EnterpriseFactory(name=f"Brasserie {n:02d}", municipality=places["orp"])
    response = client.get(f"{DIRECTORY}?famille=entreprises&page=2")
    assert listed(response) == [f"Brasserie {n:02d}" for n in range(24, 30)]
    assert "Acteurs 25 à 30 sur 30" in response.text
    assert 'rel="prev" href="?famille=entreprises&amp;page=1"' in response.text


@pytest.mark.parametrize(
    ("query", "way_out"),
    [("", "Revenir à l’accueil"), ("?q=rien", "Voir tous les acteurs")],
)
def test_an_empty_directory_says_what_to_do(client, places, query, way_out):
    assert way_out in client.get(DIRECTORY + query).text


def test_there_is_a_directory_before_any_territory_is_loaded(client, db):
    ActorFactory(name="Les Jardins Fictifs")
    response = client.get(DIRECTORY)
    assert (response.status_code, listed(response)) == (200, ["Les Jardins Fictifs"])


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        (DIRECTORY, 9),
        (f"{DIRECTORY}?q=fictif&commune=orp-jauche&famille=associations&theme=culture", 10),
        (f"{DIRECTORY}?q=fictif&village=folx-les-caves-1350&carte=density", 12),
        ("/acteurs/familles/associations/", 9),
    ],
)
def test_the_number_of_queries_does_not_follow_the_number_of_actors(
    client, places, django_assert_num_queries, address, queries
):
    theme = ThemeFactory(code="culture")
    village = places["orp"].localities.get()
    density = IndicatorFactory(code="density")
    for place in (places["orp"], places["incourt"]):
        IndicatorValueFactory(indicator=density, municipality=place)
    for more in (1, 2):
        for _ in range(more):
            ActorFactory(name="Fictif", municipality=places["orp"], locality=village, themes=[theme])
        cache.clear()
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_publishing_changes_the_count_at_once(client, places, django_capture_on_commit_callbacks):
    actor = ActorFactory(state=State.DRAFT)
    assert client.get(DIRECTORY).context["result"].total == 0
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish(actor, by=TeamFactory())
    assert client.get(DIRECTORY).context["result"].total == 1


def test_a_family_has_its_page_and_an_unknown_one_has_none(client, actors):
    response = client.get("/acteurs/familles/entreprises/")
    assert listed(response) == ["Brasserie Imaginaire", "Bureau d’ailleurs"]
    assert 'href="/acteurs/?famille=entreprises"' in response.text
    assert client.get("/acteurs/familles/empires/").status_code == 404


# The sheet


def test_a_sheet_says_who_and_where_and_escapes_what_it_is_given(client, places, django_assert_num_queries):
    evil = "</script><script>alert(1)</script>"
    actor = ActorFactory(
        name=f"Fictifs {evil}",
        slug="fictifs",
        summary=evil,
        description=f"{evil}\n\nFin.",
        street=evil,
        municipality=places["orp"],
        locality=places["orp"].localities.get(),
        enterprise_number="0314595348",
        website="https://fictifs.exemple.invalid/",
    )
    with django_assert_num_queries(11):
        page = client.get("/acteurs/fictifs/").text
    assert "<script>alert" not in page
    assert "0314.595.348" in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert data == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": actor.name,
        "description": evil,
        "url": "http://testserver/acteurs/fictifs/",
        "sameAs": "https://fictifs.exemple.invalid/",
        "vatID": "BE0314595348",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": evil,
            "postalCode": "1350",
            "addressLocality": "Folx-les-Caves",
            "addressCountry": "BE",
        },
    }


def test_a_former_address_leads_to_the_sheet_for_good(client, db):
    former = ActorSlugFactory(actor__slug="nouveau")
    response = client.get(f"/acteurs/{former.slug}/")
    assert (response.status_code, response["Location"]) == (301, "/acteurs/nouveau/")
    former.actor.state = State.ARCHIVED
    former.actor.save()
    assert client.get(f"/acteurs/{former.slug}/").status_code == 404


def test_a_draft_is_seen_by_its_members_alone(client, db):
    membership = MembershipFactory(actor__state=State.DRAFT)
    address = membership.actor.get_absolute_url()
    assert client.get(address).status_code == 404
    client.force_login(membership.user)
    assert "Fiche brouillon" in client.get(address).text


# Members


def test_a_referent_invites_a_colleague_and_nothing_else_that_is_posted_counts(client, db):
    referent, other = MembershipFactory(), ActorFactory()
    client.force_login(referent.user)
    address = reverse("actors:members", args=[referent.actor.slug])
    response = client.post(
        address,
        {
            "email": "basile@exemple.invalid",
            "role": "editor",
            "state": "active",
            "actor": other.pk,
            "user": 1,
        },
    )
    assert (response.status_code, response["Location"]) == (302, address)
    invited = Membership.objects.get(email="basile@exemple.invalid")
    assert (invited.actor, invited.state, invited.user) == (referent.actor, MembershipState.INVITED, None)
    assert len(mail.outbox) == 1
    assert "basile@exemple.invalid" in client.get(address).text


@pytest.mark.parametrize(
    "data",
    [
        {"email": "pas une adresse", "role": "editor"},
        {"email": "basile@exemple.invalid", "role": "empereur"},
        {"email": "a@exemple.invalid\r\nBcc: b@exemple.invalid", "role": "editor"},
        {},
    ],
)
def test_a_wrong_invitation_is_said_and_nothing_leaves(client, db, data):
    referent = MembershipFactory()
    client.force_login(referent.user)
    response = client.post(reverse("actors:members", args=[referent.actor.slug]), data)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert mail.outbox == []


def test_members_of_another_actor_do_not_exist(client, db):
    mine, theirs = MembershipFactory(), MembershipFactory()
    client.force_login(mine.user)
    for name in ("actors:membership_revoke", "actors:membership_approve"):
        for slug in (mine.actor.slug, theirs.actor.slug):
            assert client.post(reverse(name, args=[slug, theirs.public_id])).status_code == 404
    assert client.get(reverse("actors:members", args=[theirs.actor.slug])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == MembershipState.ACTIVE


def test_the_last_referent_is_told_why_they_stay(client, db):
    referent = MembershipFactory()
    client.force_login(referent.user)
    response = client.post(
        reverse("actors:membership_revoke", args=[referent.actor.slug, referent.public_id])
    )
    assert [message.level_tag for message in get_messages(response.wsgi_request)] == ["error"]
    referent.refresh_from_db()
    assert referent.state == MembershipState.ACTIVE


def test_a_referent_who_leaves_is_led_to_the_sheet(client, db):
    referent = MembershipFactory()
    MembershipFactory(actor=referent.actor)
    client.force_login(referent.user)
    response = client.post(
        reverse("actors:membership_revoke", args=[referent.actor.slug, referent.public_id])
    )
    assert response["Location"] == referent.actor.get_absolute_url()


def test_the_members_page_asks_the_same_whatever_their_number(client, db, django_assert_num_queries):
    referent = MembershipFactory()
    client.force_login(referent.user)
    for _ in range(2):
        with django_assert_num_queries(5):
            client.get(reverse("actors:members", args=[referent.actor.slug]))
        MembershipFactory.create_batch(2, actor=referent.actor)


# The letter's link


def link(membership, *, days=1, purpose=emails.ACCEPT):
    expires = timezone.now() + timedelta(days=days)
    token = links.make(purpose, membership.public_id, version=membership.version, expires=expires)
    return reverse("actors:membership_accept", args=[token])


@pytest.fixture
def invited(db):
    return MembershipFactory(
        user=None,
        state=MembershipState.INVITED,
        email="basile@exemple.invalid",
        role=MembershipRole.EDITOR,
        actor__name="Les Jardins Fictifs",
    )


def test_opening_the_link_changes_nothing_and_the_button_accepts_once(client, invited):
    address, basile = link(invited), UserFactory(email="basile@exemple.invalid")
    assert "Me connecter" in client.get(address).text
    client.force_login(basile)
    assert "J’accepte l’invitation" in client.get(address).text
    invited.refresh_from_db()
    assert invited.state == MembershipState.INVITED
    for _twice in range(2):
        assert client.post(address)["Location"] == f"/espace/{invited.actor.slug}/"
    assert "C’est fait" in client.get(address).text
    assert Membership.objects.filter(user=basile, state=MembershipState.ACTIVE).count() == 1


def test_another_account_cannot_accept(client, invited):
    client.force_login(UserFactory())
    response = client.post(link(invited))
    assert response.status_code == 403
    assert "J’accepte l’invitation" not in response.text
    invited.refresh_from_db()
    assert invited.state == MembershipState.INVITED


def test_links_out_of_date_tampered_or_withdrawn_tell_nothing(client, invited):
    expired = client.get(link(invited, days=-1))
    assert expired.status_code == 410
    assert "Jardins" not in expired.text
    good = link(invited)
    assert client.get(good[:-2] + "x/").status_code == 404
    assert client.get(link(invited, purpose="autre.chose")).status_code == 404
    actions.revoke(invited, by=TeamFactory())
    assert client.get(good).status_code == 404


def test_a_commune_leads_to_its_figures(client, places):
    commune = CommuneFactory(municipality=places["orp"])
    assert 'href="/communes/orp-jauche/"' in client.get(commune.get_absolute_url()).text
