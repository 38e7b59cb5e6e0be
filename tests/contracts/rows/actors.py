"""The directory is everybody's; an actor's members are its referents' and the team's."""

from datetime import timedelta

from django.utils import timezone

from accounts import links
from actors import emails
from actors.choices import MembershipState
from actors.models import Actor, Consent, Contact
from territory.models import LAG
from tests.contracts.table import Row, desk, everyone, signed_in
from tests.factories.actors import ActorFactory, ConsentFactory, ContactFactory, MembershipFactory
from tests.factories.projects import PartnershipFactory
from tests.factories.territory import BoundaryFactory, LAGFactory


def territory(user):
    """One municipality on the map, with one actor."""
    if not LAG.objects.exists():
        place = BoundaryFactory().municipality
        LAGFactory(area__municipalities=[place])
        ActorFactory(municipality=place)
    return {}


def sheet(user):
    return {"slug": ActorFactory().slug}


def own_sheet(user):
    """An actor for which the user answers, beside another referent."""
    actor = MembershipFactory().actor
    if user:
        MembershipFactory(actor=actor, user=user)
    return {"slug": actor.slug}


def somebody(user):
    """A person who asked to be a member of somebody else's actor."""
    actor = Actor.objects.filter(slug="acteur-fictif").first() or ActorFactory(slug="acteur-fictif")
    membership = MembershipFactory(state=MembershipState.REQUESTED, actor=actor)
    return {"slug": membership.actor.slug, "public_id": membership.public_id}


def invitation(user):
    """An invitation sent to the user's own address, or to somebody's."""
    membership = MembershipFactory(
        user=None, state=MembershipState.INVITED, email=user.email if user else "invitee@exemple.invalid"
    )
    token = links.make(
        emails.ACCEPT, membership.public_id, version=1, expires=timezone.now() + timedelta(days=1)
    )
    return {"token": token}


def two(user):
    """Two sheets that may be one."""
    kept = Actor.objects.filter(pk=7071).first() or ActorFactory(pk=7071)
    PartnershipFactory(actor=(lost := ActorFactory(phone="010 00 00 01", email="a@exemple.invalid")))
    MembershipFactory(actor=kept)
    return {"object_id": lost.pk}


def two_people(user):
    """Two contacts that may be one person."""
    if not Contact.objects.filter(pk=7071).exists():
        ContactFactory(pk=7071)
    return {"object_id": ContactFactory().pk}


MEMBERS = "/espace/acteur-fictif/membres/"
BUILD = {Actor: ActorFactory, Contact: ContactFactory, Consent: ConsentFactory}

ROWS = [
    Row("actors:directory", everyone(200), build=territory),
    Row("actors:names", everyone(200), query="?q=ferme", page=False),
    Row("actors:directory_csv", everyone(200), build=territory, page=False),
    Row("actors:family", everyone(200), build=lambda user: territory(user) | {"family": "associations"}),
    Row("portal:actor", everyone(200), build=sheet),
    Row("actors:members", signed_in(404, team=200, administrator=200), build=sheet, label="d’un autre"),
    Row("actors:members", signed_in(200), build=own_sheet, label="le sien"),
    Row(
        "actors:membership_approve",
        signed_in(404, team=MEMBERS, administrator=MEMBERS),
        method="post",
        build=somebody,
    ),
    Row(
        "actors:membership_revoke",
        signed_in(404, team=MEMBERS, administrator=MEMBERS),
        method="post",
        build=somebody,
    ),
    Row("actors:membership_accept", everyone(200), build=invitation),
    Row("admin:actors_actor_export", desk(200), build=lambda user: {"kind": "csv"}, page=False),
    Row("admin:actors_contact_export", desk(200), build=lambda user: {"kind": "xlsx"}, page=False),
    Row("admin:actors_actor_merge", desk(200), build=two),
    Row("admin:actors_actor_merge", desk(200), build=two, query="?dans=7071", label="aperçu"),
    Row("admin:actors_contact_merge", desk(200), build=two_people, query="?dans=7071", label="aperçu"),
]
