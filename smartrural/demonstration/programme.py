"""The whole demonstration, in one transaction: loaded once, refused wherever somebody real might be."""

from pathlib import Path
from random import Random

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import demonstration, journal
from accounts.demonstration import DOMAIN
from accounts.models import JournalEntry, User
from actors.choices import Kind
from actors.models import Actor, Contact, Membership, Subscription
from outbox import actions as outbox
from smartrural.demonstration import (
    cast,
    courses,
    exchanges,
    plans,
    pooling,
    portraits,
    post,
    readers,
    surveys,
    works,
)
from smartrural.demonstration.scene import Scene
from territory.models import LAG
from trainings.emails import manage_url
from trainings.models import Registration

LOADED = "demonstration.loaded"
"""The line of the journal by which a second run knows that there is nothing to do."""
SEED = 2027


class Refused(Exception):
    """Why the demonstration is not loaded; in French, for the person at the terminal."""


def is_loaded() -> bool:
    """Say whether the demonstration was loaded, whatever people did to it since."""
    return JournalEntry.objects.filter(verb=LOADED).exists()


def load(folder: Path | None = None) -> int:
    """Load the demonstration of a territory's folder; return how many rows were written, 0 when it is there.

    Nothing leaves by mail, and nothing stays queued. Raises Refused, with nothing written, outside a
    demonstration, before the territory is loaded, for a folder without a story, and for a database that holds
    somebody real.
    """
    try:
        demonstration.check()
    except demonstration.NotADemonstration as refusal:
        raise Refused(str(refusal)) from None
    folder = (folder or settings.TERRITORY_DIR) / "demonstration"
    with transaction.atomic():
        # The LAG's row is locked: of two who load at once, the second finds everything there.
        lag = LAG.objects.select_for_update().first()
        if lag is None:
            raise Refused("Chargez d’abord le territoire : manage.py load_territory. Rien n’a changé.")
        if is_loaded():
            return 0
        if not folder.is_dir():
            raise Refused("Ce territoire n’a pas de dossier « demonstration ». Rien n’a changé.")
        if real := somebody_real():
            raise Refused(
                f"Refusé : cette base contient {real}. La démonstration se charge dans une base neuve. "
                "Rien n’a changé."
            )
        before = _rows()
        with post.paper():
            _tell(folder)
        journal.record(LOADED, lag, by=None)
        outbox.empty_bodies()
        return _rows() - before


FICTITIOUS = {"email": "bonjour@exemple.invalid", "phone": "010 00 00 00"}
"""How one reaches a LAG that gives neither, so that the demonstration's letters and papers say it somewhere."""


def _tell(folder: Path) -> None:
    LAG.objects.filter(email="", phone="").update(**FICTITIOUS)
    accounts: dict[str, User] = {
        str(role): User.objects.filter(email=email).first()
        or demonstration.open_account(role=role, email=email, name=name, password=password)
        for role, email, name, password in demonstration.ACCOUNTS
    }
    scene = Scene(
        folder=folder,
        today=timezone.localdate(),
        team=accounts["team"],
        manager=accounts["manager"],
        chance=Random(SEED),  # noqa: S311 - the same story for everybody
    )
    for story in (cast, plans, courses, surveys, pooling, works, readers, portraits, exchanges):
        story.tell(scene)


def doors() -> list[str]:
    """Return how to enter as a commune, as a citizen, and as somebody without an account, one line each."""
    lines = []
    speakers = Membership.objects.referents().filter(user__email__startswith=cast.REFERENT)
    for speaker in speakers.select_related("actor", "user").order_by("pk"):
        what, commune = speaker.get_role_display(), speaker.actor
        assert speaker.user is not None  # an active member is somebody
        lines.append(demonstration.line(f"{what}, {commune}", speaker.user.email, f"fictif-{commune.slug}"))
    email, _name, password = cast.CITIZEN
    if User.objects.filter(email=email).exists():
        lines.append(demonstration.line("citoyen", email, password))
    unknown = Registration.objects.confirmed().filter(user=None, session__starts_at__gt=timezone.now())
    if visitor := unknown.select_related("session").order_by("session__starts_at", "position").first():
        lines.append(f"  sans compte ({visitor.name})\u00a0: {manage_url(visitor)}")
    return lines


def somebody_real() -> str:
    """Return, in French, what this database holds that is not fictitious; "" for nothing."""
    fictitious = f"@{DOMAIN}"
    found = {
        "des comptes": User.objects.exclude(email__endswith=fictitious),
        "des contacts": Contact.objects.exclude(email__endswith=fictitious),
        "des acteurs": Actor.objects.exclude(kind=Kind.MUNICIPALITY).exclude(
            description__endswith=cast.FICTITIOUS
        ),
        "des inscriptions": Registration.objects.exclude(email__endswith=fictitious),
        "des abonnements": Subscription.objects.exclude(email__endswith=fictitious),
    }
    told = " et ".join(what for what, rows in found.items() if rows.exists())
    return told and f"{told} qui ne sont pas fictifs"


def _rows() -> int:
    ours = {config.label for config in apps.get_app_configs() if (settings.BASE_DIR / config.name).is_dir()}
    return sum(model._default_manager.count() for model in apps.get_models() if model._meta.app_label in ours)
