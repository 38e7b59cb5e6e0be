"""Who may see and change what; what a search finds; how many there are."""

import pytest
from django.contrib.auth.models import AnonymousUser

from actors import figures
from actors.choices import Family, Kind, MembershipRole, MembershipState, State
from actors.models import Actor, Contact, Membership
from tests.factories.accounts import ManagerFactory, TeamFactory
from tests.factories.actors import (
    ActorFactory,
    CommuneFactory,
    ConsentFactory,
    ContactFactory,
    EnterpriseFactory,
    MembershipFactory,
)
from tests.factories.territory import ThemeFactory


def names(found):
    return [actor.name for actor in found]


def test_the_public_sees_what_is_published_and_members_what_is_theirs(db):
    ActorFactory(name="Publiée")
    draft = ActorFactory(name="Brouillon", state=State.DRAFT)
    ActorFactory(name="Archivée", state=State.ARCHIVED)
    member = MembershipFactory(actor=draft, role=MembershipRole.MEMBER).user
    gone = MembershipFactory(actor=draft, state=MembershipState.REVOKED).user
    seen = Actor.objects.visible_to
    assert names(seen(AnonymousUser())) == ["Publiée"]
    assert names(seen(ManagerFactory())) == ["Publiée"]
    assert names(seen(gone)) == ["Publiée"]
    assert names(seen(member)) == ["Brouillon", "Publiée"]
    assert names(seen(TeamFactory())) == ["Archivée", "Brouillon", "Publiée"]


@pytest.mark.parametrize(
    ("role", "state", "edits", "invites"),
    [
        (MembershipRole.REFERENT, MembershipState.ACTIVE, True, True),
        (MembershipRole.EDITOR, MembershipState.ACTIVE, True, False),
        (MembershipRole.MEMBER, MembershipState.ACTIVE, False, False),
        (MembershipRole.REFERENT, MembershipState.REQUESTED, False, False),
        (MembershipRole.REFERENT, MembershipState.REVOKED, False, False),
    ],
)
def test_who_may_edit_a_sheet_and_its_members(db, role, state, edits, invites):
    user = MembershipFactory(role=role, state=state).user
    # A referent of the same actor and a referent elsewhere: neither gives this user anything.
    MembershipFactory(actor=user.memberships.get().actor)
    MembershipFactory()
    assert Actor.objects.editable_by(user).count() == int(edits)
    assert Actor.objects.members_editable_by(user).count() == int(invites)
    assert Membership.objects.editable_by(user).count() == (2 if invites else 0)
    assert Actor.objects.editable_by(AnonymousUser()).count() == 0
    assert Actor.objects.members_editable_by(AnonymousUser()).count() == 0


@pytest.mark.parametrize(
    "typed", ["jardins", "JARDINS FOLX", "orp jauche", "Orp-Jauche", "écurie", "ecurie jardins", "1350"]
)
def test_a_search_ignores_accents_case_hyphens_and_order(places, typed):
    ActorFactory(
        name="Les Jardins de l’Écurie",
        municipality=places["orp"],
        locality=places["orp"].localities.get(),
    )
    EnterpriseFactory(name="Brasserie Imaginaire", municipality=places["incourt"])
    assert names(Actor.objects.matching(typed)) == ["Les Jardins de l’Écurie"]


def test_signs_of_the_database_are_only_signs(db):
    ActorFactory(name="Cent pour cent")
    assert names(Actor.objects.matching("%")) == ["Cent pour cent"]
    assert names(Actor.objects.matching("zz%")) == []


def test_actors_sort_as_people_read(db):
    for name in ("Zoé", "Élan", "abeille", "Eau"):
        ActorFactory(name=name)
    assert names(Actor.objects.all()) == ["abeille", "Eau", "Élan", "Zoé"]


def test_counts_name_every_family_municipality_and_theme(places, django_assert_num_queries):
    energy, culture = ThemeFactory(code="energie", order=1), ThemeFactory(code="culture", order=2)
    CommuneFactory(municipality=places["orp"])
    ActorFactory(municipality=places["orp"], themes=[energy])
    ActorFactory(municipality=places["incourt"], themes=[energy, culture], kind=Kind.CITIZEN_INITIATIVE)
    EnterpriseFactory(municipality=places["namur"], state=State.PUBLISHED)
    EnterpriseFactory(municipality=places["orp"], state=State.DRAFT)
    with django_assert_num_queries(1):
        assert figures.count_by_family() == [
            (Family.MUNICIPALITIES, 1),
            (Family.ASSOCIATIONS, 2),
            (Family.ENTERPRISES, 1),
            (Family.PARTNERS, 0),
        ]
    assert figures.count_by_municipality() == [(places["incourt"].code, 1), (places["orp"].code, 2)]
    assert figures.count_by_theme() == [("energie", 2), ("culture", 1)]
    lag_area = places["orp"].areas.get()
    assert figures.count_by_family([lag_area])[2] == (Family.ENTERPRISES, 0)
    assert figures.count_by_municipality([lag_area]) == figures.count_by_municipality()
    assert figures.count_by_theme([lag_area]) == [("energie", 2), ("culture", 1)]


@pytest.mark.parametrize(
    ("n", "words"), [(0, "0 acteur"), (1, "1 acteur"), (2, "2 acteurs"), (1234, "1\u202f234 acteurs")]
)
def test_a_count_is_told_in_french(n, words):
    assert figures.told(n) == words


def test_a_campaign_writes_only_to_who_agreed_and_can_be_reached(db):
    yes = ContactFactory(name="Oui")
    ConsentFactory.create_batch(2, contact=yes)
    ContactFactory(name="Sans consentement")
    for name, facts in {
        "Sans adresse": {"email": ""},
        "Désinscrite": {"opted_out_at": yes.created_at},
        "Refusée": {"bounced_at": yes.created_at},
    }.items():
        ConsentFactory(contact=ContactFactory(name=name, **facts))
    withdrawn = ConsentFactory(contact=ContactFactory(name="Retirée"))
    withdrawn.withdrawn_at = withdrawn.given_at
    withdrawn.save()
    assert [contact.name for contact in Contact.objects.writable()] == ["Oui"]


def test_a_contact_is_found_by_its_address_however_typed(db):
    contact = ContactFactory(email="basile@exemple.invalid")
    ContactFactory(email="")
    assert list(Contact.objects.of_address(" Basile@Exemple.invalid")) == [contact]
    assert list(Contact.objects.of_address("")) == []
