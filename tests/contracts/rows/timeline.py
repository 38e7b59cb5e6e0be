"""What was said with people, and the desk's pages of a person: staff alone see that they exist."""

from accounts.models import Erasure
from actors.models import Interaction
from tests.contracts.table import Row, signed_in
from tests.factories.accounts import ErasureFactory, TeamFactory
from tests.factories.actors import ContactFactory, SubscriptionFactory
from tests.factories.interactions import InteractionFactory, busy_actor, busy_person

BUILD = {Interaction: InteractionFactory, Erasure: ErasureFactory}


def person(user):
    return {"public_id": busy_person().public_id}


def somebody_new(user):
    return {"public_id": ContactFactory().public_id}


def actor(user):
    return {"public_id": busy_actor().public_id}


def colleague(user):
    """A contact who is one of the team, and cannot be erased as such."""
    return {"public_id": ContactFactory(user=TeamFactory()).public_id}


def subscriber(user):
    SubscriptionFactory(email=ASKED["email"])
    return {}


ASKED = {"email": "zelie@exemple.invalid"}
STAFF = signed_in(404, team=200, administrator=200)

ROWS = [
    Row("portal:contact_timeline", STAFF, build=person),
    Row("portal:contact_timeline", STAFF, build=person, query="?type=presences", label="d’un type"),
    Row("portal:contact_timeline", STAFF, build=somebody_new, query="?type=lettres&page=x", label="vide"),
    Row("portal:actor_timeline", STAFF, build=actor),
    Row("portal:contact_extract", STAFF, method="post", build=person, page=False),
    Row("portal:contact_erasure", STAFF, build=person),
    Row("portal:contact_erasure", STAFF, build=colleague, label="refusée"),
    Row("portal:contact_erasure", STAFF, method="post", build=person, label="sans confirmer"),
    Row("portal:person", STAFF),
    Row("portal:person", STAFF, method="post", build=subscriber, data=ASKED, label="abonnée"),
    Row("portal:person", STAFF, method="post", data=ASKED, label="inconnue"),
    Row("portal:person", STAFF, method="post", data={"email": "x"}, label="pas une adresse"),
    Row("portal:person_extract", STAFF, method="post", build=subscriber, data=ASKED, page=False),
    Row("portal:person_erasure", STAFF, method="post", build=subscriber, data=ASKED),
]
