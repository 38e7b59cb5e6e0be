"""Questions about diagnostics."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from actors.choices import Kind
from actors.models import Actor
from diagnostics.choices import IN_PROGRESS, Publication, State


class DiagnosticQuerySet(models.QuerySet):
    """Questions about diagnostics, chained."""

    def visible_to(self, user):
        """Staff and managers see all; who speaks for a commune, its own made ones too; anybody, the published."""
        if not (user.is_authenticated and user.is_active):
            return self.published()
        if user.is_manager:
            return self.all()
        communes = Actor.objects.of_member(user).filter(kind=Kind.MUNICIPALITY).values("municipality")
        return self.filter(
            Q(publication=Publication.PUBLIC) | Q(municipality__in=communes), state=State.READY
        )

    def published(self):
        """Those that everybody may read: nothing here depends on who asks."""
        return self.filter(publication=Publication.PUBLIC, state=State.READY)

    def of_scope(self, scope):
        """Diagnostics of one municipality or one area."""
        return self.filter(**scope_fields(scope))

    def in_progress(self):
        """Diagnostics that a worker has, or will have, to work on."""
        return self.filter(state__in=IN_PROGRESS)

    def free(self, now):
        """Those in progress that no worker holds: never taken, or the worker that held them fell silent."""
        return self.in_progress().filter(Q(leased_until=None) | Q(leased_until__lt=now))

    def to_review(self):
        """Those that are made and not published, the newest version of their place and edition alone."""
        same = Q(municipality=OuterRef("municipality")) | Q(area=OuterRef("area"))
        newer = self.model._default_manager.filter(
            same, edition=OuterRef("edition"), version__gt=OuterRef("version"), state=State.READY
        )
        return self.filter(state=State.READY, publication=Publication.PRIVATE).exclude(Exists(newer))

    def with_scope(self):
        """Each with what its title names, in the same query."""
        return self.select_related("municipality", "area", "requested_by")


class SnapshotQuerySet(models.QuerySet):
    """Frozen figures: read, written once, never changed."""

    def update(self, **fields):
        """Refuse: what is frozen is not changed. A correction is a new version."""
        raise TypeError("a snapshot is frozen: make a new version of the diagnostic")


def scope_fields(scope) -> dict:
    """Return the two fields that name a scope: {"municipality": …, "area": None} or the reverse."""
    if scope._meta.label == "territory.Municipality":
        return {"municipality": scope, "area": None}
    return {"municipality": None, "area": scope}
