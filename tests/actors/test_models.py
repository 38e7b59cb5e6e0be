"""What an actor, a member and a contact are: the database keeps these promises."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actors.choices import MembershipState
from actors.models import Actor, Contact
from tests.factories.actors import (
    ActorFactory,
    ActorSlugFactory,
    CommuneFactory,
    ContactFactory,
    MembershipFactory,
)


def test_the_searched_text_follows_name_summary_and_description(places):
    actor = ActorFactory(
        name="Les Jardins Fictifs",
        summary="Un été.",
        description="Ateliers\nd’apiculture",
        municipality=places["orp"],
    )
    assert actor.search_text == "les jardins fictifs un ete ateliers d apiculture"
    actor.name = "L’Écurie Fictive"
    actor.save(update_fields=["name"])
    actor.refresh_from_db()
    assert (actor.sort_name, actor.search_text[:16]) == ("l ecurie fictive", "l ecurie fictive")


def test_only_the_beginning_of_an_endless_description_is_searched(db):
    actor = ActorFactory(description="mot " * 30_000)
    assert len(actor.search_text) == 20_000


def test_the_searched_text_of_a_contact_follows_name_function_address_and_phone(db):
    contact = ContactFactory(
        name="Éloïse Fictive", function="Échevine", email="eloise@exemple.invalid", phone="010/81.12.34"
    )
    assert contact.search_text == "eloise fictive echevine eloise exemple invalid 010811234"
    contact.name = "Basile Inventé"
    contact.save(update_fields=["name"])
    contact.refresh_from_db()
    assert contact.search_text == "basile invente echevine eloise exemple invalid 010811234"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"slug": ""},
        {"kind": "empire"},
        {"state": "perdue"},
        {"enterprise_number": "12"},
        {"website": "javascript:alert(1)"},
        {"lon": 4.8, "lat": None},
        {"kind": "municipality", "municipality": None},
        {"state": "merged"},
    ],
    ids=lambda wrong: "-".join(map(str, wrong.values())),
)
def test_the_database_refuses_a_sheet_that_makes_no_sense(db, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ActorFactory(**wrong)
    assert Actor.objects.count() == 0


def test_a_municipality_has_one_actor(db):
    commune = CommuneFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        CommuneFactory(municipality=commune.municipality, slug="autre")


def test_an_enterprise_number_has_one_actor_and_none_is_shared_by_many(db):
    ActorFactory.create_batch(2, enterprise_number="")
    ActorFactory(enterprise_number="0314595348")
    with pytest.raises(IntegrityError), transaction.atomic():
        ActorFactory(enterprise_number="0314595348")


def test_a_village_of_another_commune_is_refused(places):
    actor = ActorFactory.build(municipality=places["incourt"], locality=places["orp"].localities.get())
    with pytest.raises(ValidationError) as refusal:
        actor.clean()
    assert refusal.value.message_dict == {"locality": ["Ce village n’est pas dans la commune du siège."]}


def test_an_address_that_leads_to_another_actor_is_refused(db):
    former = ActorSlugFactory()
    with pytest.raises(ValidationError):
        ActorFactory(slug=former.slug).clean()
    own = former.actor
    own.slug = former.slug
    own.clean()


def test_only_an_invitation_has_no_user(db):
    MembershipFactory(user=None, state=MembershipState.INVITED, email="invitee@exemple.invalid")
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(user=None, state=MembershipState.ACTIVE, email="autre@exemple.invalid")
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(user=None, state=MembershipState.INVITED, email="")


def test_an_address_has_one_contact_and_people_without_address_are_many(db):
    ContactFactory.create_batch(2, email="")
    ContactFactory(email="basile@exemple.invalid")
    for email in ("basile@exemple.invalid", "Basile@exemple.invalid"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactFactory(email=email)
    assert Contact.objects.count() == 3


def test_where_a_seat_is_reads_village_then_commune(places):
    village = places["orp"].localities.get()
    assert ActorFactory(municipality=places["orp"], locality=village).place == "Folx-les-Caves (Orp-Jauche)"
    assert ActorFactory(municipality=places["orp"]).place == "Orp-Jauche"
    assert ActorFactory().place == ""
