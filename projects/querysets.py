"""Questions about projects, their partners and their milestones."""

from datetime import date
from typing import cast

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from actors.choices import MembershipState
from projects.choices import UNDER_WAY, State


class ProjectQuerySet(models.QuerySet):
    """Questions about projects, chained."""

    def published(self):
        """Projects that everybody sees."""
        return self.filter(published=True)

    def published_between(self, start, end):
        """Published projects that are so since an instant of [start, end)."""
        return self.published().filter(published_at__gte=start, published_at__lt=end)

    def visible_to(self, user):
        """Published projects; those of the actors of which the user is an active member; staff see all."""
        if not user.is_authenticated:
            return self.published()
        if user.is_staff:
            return self
        mine = user.memberships.filter(state=MembershipState.ACTIVE).values("actor")
        theirs = ProjectQuerySet(self.model, using=self.db).of_actors(mine)
        return self.filter(Q(published=True) | Q(pk__in=theirs.values("pk")))

    def of_actors(self, actors):
        """Projects that one of these actors leads, or in which it has a part."""
        partnerships: models.QuerySet = models.QuerySet(_other_end(self.model, "partnerships"), using=self.db)
        parts = partnerships.filter(actor__in=actors).values("project")
        return self.filter(Q(lead__in=actors) | Q(pk__in=parts))

    def in_municipality(self, municipality):
        """Projects that concern a municipality."""
        return self.filter(municipalities=municipality)

    def answering(self, shared_need):
        """Projects that answer a shared need."""
        return self.filter(shared_needs=shared_need)

    def under_way(self):
        """Projects that are neither over nor stopped."""
        return self.filter(state__in=UNDER_WAY)

    def late(self, today: date):
        """Projects with a milestone that is overdue on this day."""
        milestones: MilestoneQuerySet = MilestoneQuerySet(_other_end(self.model, "milestones"), using=self.db)
        return self.filter(Exists(milestones.overdue(today).filter(project=OuterRef("pk"))))

    def with_lead(self):
        """Each project with its lead, in the same query."""
        return self.select_related("lead")

    def with_places(self):
        """Each project with its municipalities: one more query."""
        return self.prefetch_related("municipalities")

    def count_by_state(self) -> list[tuple[State, int]]:
        """Return every state with its number of projects, in the states' order; one query."""
        counts = dict(self.order_by().values_list("state").annotate(n=Count("pk", distinct=True)))
        return [(state, counts.get(state.value, 0)) for state in State]

    def count_by_municipality(self) -> list[tuple[str, int]]:
        """Return municipality's code and number of projects; a project counts once in each of its own."""
        return self._counted("municipalities__code")

    def count_by_dimension(self) -> list[tuple[str, int]]:
        """Return dimension's code and number of projects; a project counts once in each of its own."""
        return self._counted("dimensions__code")

    def count_by_action_sheet(self) -> list[tuple[int, int]]:
        """Return fiche-projet's primary key and number of projects; those without one are left out."""
        return self._counted("action_sheet")

    def _counted(self, path: str) -> list[tuple]:
        rows = self.order_by().values_list(path).annotate(n=Count("pk", distinct=True))
        return sorted((code, n) for code, n in rows if code is not None)


class MilestoneQuerySet(models.QuerySet):
    """Questions about milestones, chained."""

    def waiting(self):
        """Milestones that are not reached, of projects under way."""
        return self.filter(done_on=None, project__state__in=UNDER_WAY)

    def overdue(self, today: date):
        """Milestones of projects under way whose day has passed."""
        return self.waiting().filter(due_on__lt=today)


def _other_end(model: type[models.Model], name: str) -> type[models.Model]:
    """Return the model at the other end of a relation: querysets stand below the models."""
    return cast(type[models.Model], model._meta.get_field(name).related_model)
