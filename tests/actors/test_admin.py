"""The desk: state and consent move by buttons; the same rules hold as everywhere."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import JournalEntry
from actors import desk as actors_desk
from actors.choices import State
from actors.models import Actor, ActorSlug, Consent
from tests.factories.accounts import TeamFactory
from tests.factories.actors import (
    ActorFactory,
    ConsentFactory,
    ContactFactory,
    EnterpriseFactory,
    MembershipFactory,
)
from tests.factories.territory import MunicipalityFactory

LIST = reverse("admin:actors_actor_changelist")
CONTACTS = reverse("admin:actors_contact_changelist")


@pytest.fixture
def desk(client, db):
    """The desk, seen by one of the team."""
    client.force_login(TeamFactory())
    return client


def form(actor, **fields):
    """What the form of an actor posts."""
    return {
        "name": actor.name,
        "slug": actor.slug,
        "kind": actor.kind,
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    } | fields


def edit(desk, actor, **fields):
    return desk.post(
        reverse("admin:actors_actor_change", args=[actor.pk]), form(actor, **fields), follow=True
    )


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_the_desk_refuses_a_telephone_that_nobody_could_call_and_keeps_another_as_typed(desk):
    actor = ActorFactory()
    page = edit(desk, actor, phone="abc")
    assert set(page.context["adminform"].form.errors) == {"phone"}
    edit(desk, actor, phone="+32 (0)10 00 00 00 ext. 12")
    actor.refresh_from_db()
    assert actor.phone == "+32 (0)10 00 00 00 ext. 12"


def test_a_button_saves_then_moves_the_sheet(desk):
    actor = ActorFactory(state=State.PENDING, name="Les Jardins Fictifs")
    response = edit(desk, actor, summary="Un potager.", state="merged", _verb_publish="1")
    actor.refresh_from_db()
    assert (actor.state, actor.summary) == (State.PUBLISHED, "Un potager.")
    assert told(response) == ["«\u00a0Les Jardins Fictifs\u00a0»\u00a0: «\u00a0Publier\u00a0», c’est fait."]
    assert list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "actor.changed",
        "actor.published",
    ]


def test_a_form_gone_stale_is_answered_with_both_states(desk):
    actor = ActorFactory(state=State.PUBLISHED, name="Les Jardins Fictifs")
    response = edit(desk, actor, reason="Doublon.", _verb_refuse="1")
    assert told(response) == [
        "«\u00a0Les Jardins Fictifs\u00a0»\u00a0: une fiche publiée ne peut pas devenir une fiche refusée."
    ]


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (State.DRAFT, ["propose", "publish", "archive"]),
        (State.PENDING, ["publish", "refuse", "archive"]),
        (State.PUBLISHED, ["archive"]),
        (State.ARCHIVED, ["publish"]),
    ],
)
def test_only_the_moves_that_may_be_have_a_button(desk, state, buttons):
    response = desk.get(reverse("admin:actors_actor_change", args=[ActorFactory(state=state).pk]))
    assert [name for name, _label in response.context["verbs"]] == buttons
    assert [f"_verb_{name}" in response.text for name in buttons] == [True] * len(buttons)


def test_an_enterprise_number_is_typed_as_people_write_it(desk):
    actor = ActorFactory()
    edit(desk, actor, enterprise_number="BE 0314.595.348")
    actor.refresh_from_db()
    assert actor.enterprise_number == "0314595348"
    response = edit(desk, actor, enterprise_number="0314.595.349")
    assert list(response.context["adminform"].form.errors) == ["enterprise_number"]


def test_a_changed_address_is_kept_and_the_website_is_secure_by_default(desk):
    actor = ActorFactory(slug="ancienne")
    edit(desk, actor, slug="nouvelle", website="fictif.exemple.invalid")
    actor.refresh_from_db()
    assert (actor.slug, actor.website) == ("nouvelle", "https://fictif.exemple.invalid")
    assert list(ActorSlug.objects.values_list("slug", "actor")) == [("ancienne", actor.pk)]


def test_a_sheet_that_may_exist_already_is_told_with_the_way_to_merge_both(desk):
    place = MunicipalityFactory()
    known = ActorFactory(name="La Boulangerie du Béguinage", municipality=place)
    ActorFactory(name="Boulangerie Béguinage", state=State.REFUSED, municipality=place)
    ActorFactory(name="Le Moulin", municipality=place)
    added = desk.post(
        reverse("admin:actors_actor_add"),
        form(known, name="Boulangerie Beguinage", slug="boulangerie", municipality=place.pk),
        follow=True,
    )
    actor = Actor.objects.get(slug="boulangerie")
    merging = f"{reverse('admin:actors_actor_merge', args=[actor.pk])}?dans={known.pk}"
    [warning] = [words for words in told(added) if "peut-être déjà" in words]
    assert warning == (
        "C’est peut-être déjà l’une de ces fiches, à comparer puis à fusionner\u00a0: "
        f'<a href="{merging}">La Boulangerie du Béguinage</a>.'
    )
    assert desk.get(merging).status_code == 200
    quiet = edit(desk, actor, summary="Du pain.", municipality=place.pk)
    assert [words for words in told(quiet) if "peut-être déjà" in words] == []


def test_many_are_published_at_once_and_those_that_cannot_are_told(desk):
    drafts = ActorFactory.create_batch(2, state=State.DRAFT)
    refused = ActorFactory(state=State.REFUSED, name="Refusée")
    chosen = [actor.pk for actor in (*drafts, refused)]
    response = desk.post(LIST, {"action": "publish_chosen", "_selected_action": chosen}, follow=True)
    assert told(response) == [
        "«\u00a0Refusée\u00a0»\u00a0: une fiche refusée ne peut pas devenir une fiche publiée.",
        "2 fiches publiées.",
    ]
    assert Actor.objects.published().count() == 2


def test_actors_are_found_by_folded_words_or_by_number(desk):
    ActorFactory(name="L’Écurie d’Orp-Jauche")
    EnterpriseFactory(name="Brasserie Imaginaire", enterprise_number="0314595348")
    for typed, name in {
        "ecurie orp": "L’Écurie d’Orp-Jauche",
        "0314.595.348": "Brasserie Imaginaire",
    }.items():
        found = desk.get(LIST, {"q": typed}).context["cl"].queryset
        assert [actor.name for actor in found] == [name]


@pytest.mark.parametrize(("address", "factory"), [(LIST, ActorFactory), (CONTACTS, ContactFactory)])
def test_lists_ask_the_same_whatever_their_length(desk, django_assert_num_queries, address, factory):
    place = MunicipalityFactory()
    factory(municipality=place)
    desk.get(address)
    for _ in range(2):
        with django_assert_num_queries(8 if address == LIST else 7):
            desk.get(address)
        factory.create_batch(2, municipality=place)


def test_members_are_read_at_the_desk_with_the_way_to_their_page(desk):
    membership = MembershipFactory(user__name="Odile Fictive")
    page = desk.get(reverse("admin:actors_actor_change", args=[membership.actor.pk])).text
    assert "Odile Fictive" in page
    assert f'href="/espace/{membership.actor.slug}/membres/"' in page
    assert 'name="memberships-0-role"' not in page


def contact_form(contact, **fields):
    return {
        "name": contact.name,
        "email": contact.email,
        "language": "fr",
        "consents-TOTAL_FORMS": 1,
        "consents-INITIAL_FORMS": 0,
    } | fields


def test_a_consent_is_written_down_with_its_origin_and_never_rewritten(desk):
    contact = ContactFactory(opted_out_at="2026-01-01T00:00Z")
    address = reverse("admin:actors_contact_change", args=[contact.pk])
    consent = {
        "consents-0-given_at_0": "12/01/2026",
        "consents-0-given_at_1": "10:00",
        "consents-0-text_version": "2026-01",
        "consents-0-source": "fiche papier du 12/01/2026",
    }
    assert desk.post(address, contact_form(contact, **consent)).status_code == 302
    contact.refresh_from_db()
    assert list(contact.consents.values_list("source", "withdrawn_at")) == [
        ("fiche papier du 12/01/2026", None)
    ]
    assert contact.opted_out_at is None
    page = desk.get(address).text
    assert "fiche papier du 12/01/2026" in page
    assert 'value="fiche papier du 12/01/2026"' not in page
    desk.post(address, contact_form(contact, **{"consents-TOTAL_FORMS": 0}) | {"_verb_withdraw": "1"})
    assert Consent.objects.filter(withdrawn_at=None).count() == 0


def test_a_capital_in_an_address_is_no_second_contact(desk):
    ContactFactory(email="basile@exemple.invalid")
    other = ContactFactory(email="")
    response = desk.post(
        reverse("admin:actors_contact_change", args=[other.pk]),
        contact_form(other, email="Basile@Exemple.invalid", **{"consents-TOTAL_FORMS": 0}),
    )
    assert response.context["adminform"].form.non_field_errors() == ["Un autre contact a déjà cette adresse."]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("oui", ["Oui"]),
        ("sans-consentement", ["Désinscrite", "Refusée", "Sans adresse"]),
        ("desinscrit", ["Désinscrite"]),
        ("refuse", ["Refusée"]),
        ("sans-adresse", ["Sans adresse"]),
    ],
)
def test_contacts_are_filtered_by_why_one_may_not_write(desk, value, names):
    when = ConsentFactory(contact__name="Oui").given_at
    ContactFactory(name="Désinscrite", opted_out_at=when)
    ContactFactory(name="Refusée", bounced_at=when)
    ContactFactory(name="Sans adresse", email="")
    found = desk.get(CONTACTS, {"joignable": value}).context["cl"].queryset
    assert sorted(contact.name for contact in found) == names


def test_a_long_list_is_counted_once_a_minute_and_a_short_one_each_time(desk, monkeypatch):
    ContactFactory.create_batch(2)

    def counted():
        return desk.get(CONTACTS).context["cl"].result_count

    assert counted() == 2
    ContactFactory()
    assert counted() == 3
    monkeypatch.setattr(actors_desk, "LONG", 2)
    assert counted() == 3
    ContactFactory(name="Odile Fictive")
    assert counted() == 3
    assert desk.get(CONTACTS, {"q": "odile"}).context["cl"].result_count == 1
    cache.clear()
    assert counted() == 4


def test_the_lists_of_people_are_searched_without_accents(desk):
    garden = ActorFactory(name="Les Jardins de l’Écurie")
    eloise = ContactFactory(name="Éloïse Fictive", actors=[garden])
    ConsentFactory(contact=eloise, source="fiche papier")
    ConsentFactory(contact__name="Basile", source="courriel")
    consents = reverse("admin:actors_consent_changelist")

    def found(address, typed):
        return [str(row) for row in desk.get(address, {"q": typed}).context["cl"].result_list]

    assert found(CONTACTS, "ELOISE") == found(CONTACTS, "ecurie") == ["Éloïse Fictive"]
    assert [row.split(" · ")[0] for row in found(consents, "eloise")] == ["Éloïse Fictive"]
    assert [row.split(" · ")[0] for row in found(consents, "courriel")] == ["Basile"]
    assert len(found(consents, " ")) == 2


def test_the_filter_of_places_offers_those_where_there_is_somebody(desk):
    here, there, nowhere = (MunicipalityFactory(name=name) for name in ("Ici", "Là", "Nulle part"))
    ContactFactory(municipality=here)
    ContactFactory(municipality=there)
    specs = desk.get(CONTACTS).context["cl"].filter_specs
    assert [
        label
        for spec in specs
        for _pk, label in getattr(spec, "lookup_choices", ())
        if label in (here.name, there.name, nowhere.name)
    ] == [
        "Ici",
        "Là",
    ]


def test_the_number_of_queries_does_not_follow_the_number_of_contacts(desk, django_assert_num_queries):
    garden = ActorFactory(name="Les Jardins Fictifs")
    for more, seen in ((1, 1), (2, 3)):
        for _ in range(more):
            ContactFactory(name="Odile", municipality=MunicipalityFactory(), actors=[garden])
        cache.clear()
        with django_assert_num_queries(7):
            assert len(desk.get(CONTACTS, {"q": "odile jardins"}).context["cl"].result_list) == seen
