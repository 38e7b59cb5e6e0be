"""The journeys of a sheet: anybody proposes and corrects, who is logged in claims, its keepers write it."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts import links
from actors.choices import MembershipState
from actors.emails import sheets as letters
from actors.models import Actor, Correction, Membership
from tests.contracts.rows.actors import MEMBERS, own_sheet, sheet, somebody
from tests.contracts.table import Row, everyone, signed_in
from tests.factories.actors import ActorFactory, CorrectionFactory, MembershipFactory, ProposalFactory
from tests.factories.portal import small_territory
from tests.factories.territory import DimensionFactory, ThemeFactory
from tests.pictures import picture


def known_sheet(user):
    return {"slug": ActorFactory(slug="acteur-fictif").slug}


def with_logo(user):
    """A published actor with a logo, whose file is stored once."""
    actor = ActorFactory(logo_width=40, logo_height=20, logo="aa/fictif.png")
    if not actor.logo.storage.exists("aa/fictif.png"):
        actor.logo.storage.save("aa/fictif.png", ContentFile(picture(size=(40, 20))))
    return {"slug": actor.slug}


def full_sheet(user):
    """A sheet of the user with all that its form can ask."""
    small_territory()
    ThemeFactory.create_batch(3)
    DimensionFactory()
    actor = MembershipFactory(**({"user": user} if user else {})).actor
    place = actor.municipalities_served.model.objects.of_lag().first()
    actor.municipality = place
    actor.enterprise_number = "0314595348"
    actor.save()
    return {"slug": actor.slug}


def asked(user):
    """A request of the user, that waits."""
    actor = MembershipFactory().actor
    if user:
        MembershipFactory(actor=actor, user=user, state=MembershipState.REQUESTED, statement="Trésorier.")
    return {"slug": actor.slug}


def too_late(user):
    return confirmation(user, days=-1)


def confirmation(user, days=1):
    """The question of this year, to a referent."""
    member = MembershipFactory(
        actor__confirmation_round=1, actor__confirmation_asked_at=timezone.now(), actor__summary="Des haies."
    )
    expires = timezone.now() + timedelta(days=days)
    return {"token": links.make(letters.CONFIRM, member.public_id, version=1, expires=expires)}


def confirmed(user):
    token = confirmation(user)
    Actor.objects.update(confirmed_at=timezone.now())
    return token


def proposed(user):
    small_territory()
    ThemeFactory()
    return {}


def pending(user):
    """A sheet that somebody proposed, at the desk."""
    return {"object_id": ProposalFactory().actor.pk}


BUILD = {
    Membership: lambda: MembershipFactory(state=MembershipState.REQUESTED, statement="Trésorier."),
    Correction: CorrectionFactory,
}
SHEET = "/acteurs/acteur-fictif/"

ROWS = [
    Row("actors:propose", everyone(200), build=proposed),
    Row("actors:propose", everyone(200), method="post", build=proposed, label="vide"),
    Row("actors:proposed", everyone(200)),
    Row("actors:claim", signed_in(200), build=sheet),
    Row("actors:claim", signed_in(200), build=own_sheet, label="le sien"),
    Row("actors:claim", signed_in(200), build=asked, label="déjà demandé"),
    Row("actors:claim", signed_in(200), method="post", build=sheet, label="sans phrase"),
    Row("actors:correct", everyone(200), build=sheet),
    Row(
        "actors:correct",
        everyone(SHEET),
        method="post",
        build=known_sheet,
        data={"text": "Le téléphone a changé."},
    ),
    Row("actors:logo", everyone(200), build=with_logo, page=False),
    Row("portal:actor", everyone(200), build=with_logo, label="avec un logo"),
    Row("actors:directory", everyone(200), build=lambda user: with_logo(user) and {}, label="avec un logo"),
    Row("actors:sheet", signed_in(200), build=full_sheet, label="la sienne"),
    Row("actors:sheet", signed_in(404, team=200, administrator=200), build=sheet, label="d’un autre"),
    Row(
        "actors:membership_decline",
        signed_in(404, team=MEMBERS, administrator=MEMBERS),
        method="post",
        build=somebody,
        data={"motif": "Nous ne vous connaissons pas."},
    ),
    Row("actors:confirm", everyone(200), build=confirmation),
    Row("actors:confirm", everyone(200), build=confirmed, label="déjà fait"),
    Row("actors:confirm", everyone(410), build=too_late, label="trop vieux"),
    Row(
        "portal:my_space",
        signed_in(200, team="/bureau/", administrator="/bureau/"),
        label="demandé",
        build=lambda user: asked(user) and {},
    ),
    Row(
        "admin:actors_actor_change",
        everyone(403, anonymous="login", team=200, administrator=200),
        build=pending,
        label="proposé",
    ),
]
