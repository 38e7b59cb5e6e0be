"""What an actor does here, read from the rooms above its sheet: trainings, projects, shared needs.

Counts and things, never people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.models import User
from actors.choices import Kind
from actors.models import Actor
from needs import figures as needs_figures
from needs.models import SharedNeed
from projects.models import Partnership, Project
from territory.models import Municipality
from trainings.models import TrainingSession

MOST = 6
"""Things of each kind on a sheet: the latest."""


@dataclass(frozen=True)
class Part:
    """A project, and what the actor is to it: « porte », « partenaire »."""

    project: Project
    role: str


@dataclass(frozen=True)
class Share:
    """A shared need, in how many municipalities, and how far the actor's own goes ("" where it says nothing)."""

    shared_need: SharedNeed
    municipalities: int
    cell: str


@dataclass(frozen=True)
class Participation:
    """What an actor's sheet shows below who it is."""

    sessions: Sequence[TrainingSession]
    projects: Sequence[Part]
    shared_needs: Sequence[Share]

    def __bool__(self) -> bool:
        return bool(self.sessions or self.projects or self.shared_needs)


def of(actor: Actor, user: User | AnonymousUser) -> Participation:
    """Return what everybody may know of an actor: sessions that its people attended, projects, shared needs."""
    attended = TrainingSession.objects.visible_to(user).held().with_people_of(actor).filter(came__gt=0)
    return Participation(
        sessions=list(attended.select_related("training", "municipality", "locality")[:MOST]),
        projects=projects(actor, user, most=MOST),
        shared_needs=shared_needs(actor, user, most=MOST),
    )


def projects(actor: Actor, user: User | AnonymousUser, *, most: int) -> list[Part]:
    """Return the projects of an actor that `user` may see, with its roles; two queries."""
    own = Prefetch("partnerships", Partnership.objects.filter(actor=actor), to_attr="own_parts")
    found = Project.objects.visible_to(user).of_actors([actor.pk]).with_lead().prefetch_related(own)
    return [Part(project, _role(project, actor)) for project in found.order_by("-state_since", "pk")[:most]]


def _role(project: Project, actor: Actor) -> str:
    roles = [_("porteur")] if project.lead_id == actor.pk else []
    roles += [str(part.get_role_display()) for part in project.own_parts]  # type: ignore[attr-defined]
    return ", ".join(roles)


def shared_needs(
    actor: Actor, user: User | AnonymousUser, *, most: int, offered: bool = False
) -> list[Share]:
    """Return the shared needs in which an actor has a part, the newest first; at most six queries.

    With `offered`, those that still wait for an answer too, after its own.
    """
    visible = SharedNeed.objects.visible_to(user).with_communes().order_by("-created_at", "pk")
    found = list(visible.of_actor(actor)[:most])
    if offered:
        found += visible.open().exclude(pk__in=[one.pk for one in found])[: most - len(found)]
    places = list(Municipality.objects.of_lag())
    own = actor.municipality_id if actor.kind == Kind.MUNICIPALITY else None
    return [
        Share(
            row.shared_need,
            row.engaged,
            next((cell for place, cell in zip(places, row.cells, strict=True) if place.pk == own), ""),
        )
        for row in needs_figures.matrix(found, places)
    ]
