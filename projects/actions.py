"""Verbs: a project is made of a shared need, moves on, gains partners, reaches its steps, is published."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from actors.models import Actor
from needs import actions as need_actions
from needs.choices import SharedNeedState
from needs.models import SharedNeed
from projects import figures
from projects.choices import EXPLAINED, NEXT, Kind, PartnerRole, State
from projects.models import Milestone, Partnership, Project, ProjectSlug
from territory.models import Objective, Pillar

ANSWERABLE = (SharedNeedState.STUDIED, SharedNeedState.PLANNED)
"""Shared needs that still wait for an answer."""


@transaction.atomic
def create_from_shared_need(
    shared_need: SharedNeed,
    *,
    title: str,
    lead: Actor,
    action_sheet: Objective | None = None,
    kind: str = Kind.TOOL,
    by: User | None,
) -> Project:
    """Announce a project that answers a shared need; it takes over places, theme, dimension and horizon.

    The shared need becomes planned, and the needs it was made of with it. Asked twice with the same title and
    lead, the same project comes back. Raises ValidationError without a title, or for a need that no longer
    waits for an answer.
    """
    title = title.strip()
    if not title:
        raise ValidationError(_("Donnez un titre au projet."), code="no_title")
    # The need is locked first: a button pressed twice finds the project of the first press.
    locked = SharedNeed.objects.select_for_update(of=("self",)).get(pk=shared_need.pk)
    if existing := locked.projects.filter(title=title, lead=lead).first():
        return existing
    if locked.state not in ANSWERABLE:
        raise ValidationError(
            _("« %(need)s » est « %(state)s » : on n’en fait plus de projet. Rien n’a changé."),
            code="need_over",
            params={"need": locked, "state": locked.get_state_display()},
        )
    project = Project(
        title=title,
        slug=free_slug(title),
        kind=kind,
        lead=lead,
        action_sheet=action_sheet,
        horizon=locked.horizon,
    )
    project.full_clean()
    project.save()
    project.shared_needs.add(locked)
    project.municipalities.set(figures.municipalities_of([locked]))
    project.themes.set([locked.theme] if locked.theme else [])
    project.dimensions.set([locked.dimension] if locked.dimension else [])
    project.pillars.set(Pillar.objects.filter(needs__shared_needs=locked).distinct())
    journal.record("project.created", project, by=by, shared_need=str(locked.public_id))
    if locked.state == SharedNeedState.STUDIED:
        need_actions.advance(locked, state=SharedNeedState.PLANNED, by=by)
    return project


def free_slug(title: str) -> str:
    """Return the address made of a title, or the first of "…-2", "…-3" that no project has or had."""
    base = slugify(title.replace("’", " "))[:160].strip("-") or "projet"
    slug, number = base, 1
    while Project.objects.filter(slug=slug).exists() or ProjectSlug.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def save(project: Project, *, by: User | None, changed: Iterable[str] = ()) -> Project:
    """Save a sheet that was typed; its former address goes on leading to it.

    `changed` names the fields, for the journal.
    """
    before = Project.objects.select_for_update().filter(pk=project.pk).values_list("slug", flat=True).first()
    project.save()
    if before is None:
        journal.record("project.created", project, by=by)
        return project
    if before != project.slug:
        ProjectSlug.objects.filter(slug=project.slug, project=project).delete()
        ProjectSlug.objects.get_or_create(slug=before, defaults={"project": project})
    if names := sorted(changed):
        journal.record("project.changed", project, by=by, fields=names)
    return project


@transaction.atomic
def move(project: Project, *, to: str, reason: str = "", by: User | None) -> Project:
    """Move a project to another state; asked twice, nothing more happens.

    Raises ValidationError where that is no legal move, and without a reason to pause or to abandon.
    """
    to, reason = State(to), reason.strip()
    locked = Project.objects.select_for_update().get(pk=project.pk)
    if locked.state != to:
        if to not in NEXT[locked.state]:
            raise ValidationError(
                _("« %(project)s » est « %(before)s » : cela ne peut pas devenir « %(after)s »."),
                code="illegal_move",
                params={"project": locked, "before": locked.get_state_display(), "after": to.label},
            )
        if to in EXPLAINED and not reason:
            raise ValidationError(
                _("Donnez le motif : la page du projet le dira."),
                code="no_reason",
            )
        before, locked.state = locked.state, to
        locked.state_since = timezone.localdate()
        locked.reason = reason if to in EXPLAINED else ""
        locked.save(update_fields=["state", "state_since", "reason", "updated_at"])
        journal.record(f"project.{to.value}", locked, by=by, before=before)
    project.state, project.state_since, project.reason = locked.state, locked.state_since, locked.reason
    return locked


@transaction.atomic
def publish(project: Project, *, by: User | None) -> Project:
    """Show a project to everybody; asked twice, nothing more happens."""
    return _show(project, True, by=by)


@transaction.atomic
def withdraw(project: Project, *, by: User | None) -> Project:
    """Take a project off the public pages; it can be published again."""
    return _show(project, False, by=by)


def _show(project: Project, published: bool, *, by: User | None) -> Project:
    locked = Project.objects.select_for_update().get(pk=project.pk)
    if locked.published != published:
        locked.published = published
        locked.published_at = timezone.now() if published else None
        locked.save(update_fields=["published", "published_at", "updated_at"])
        journal.record("project.published" if published else "project.withdrawn", locked, by=by)
    project.published, project.published_at = locked.published, locked.published_at
    return locked


@transaction.atomic
def add_partner(project: Project, *, actor: Actor, role: str, by: User | None) -> Partnership:
    """Give an actor a part in a project; the part it has already, when asked twice.

    Raises ValueError for an unknown role.
    """
    part, created = Partnership.objects.get_or_create(project=project, actor=actor, role=PartnerRole(role))
    if created:
        journal.record("project.partner_added", project, by=by, actor=str(actor), role=part.role)
    return part


@transaction.atomic
def reach_milestone(milestone: Milestone, *, on: date | None = None, by: User | None) -> Milestone:
    """Say that a step is reached, today or `on` a day that has come; asked twice, the first day stays.

    Raises ValidationError for a day to come.
    """
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError(_("Cette étape ne peut pas être franchie demain : choisissez un jour venu."))
    locked = Milestone.objects.select_for_update(of=("self",)).select_related("project").get(pk=milestone.pk)
    if locked.done_on is None:
        locked.done_on = day
        locked.save(update_fields=["done_on"])
        journal.record("project.milestone_reached", locked.project, by=by, step=locked.title, on=str(day))
    milestone.done_on = locked.done_on
    return locked


@transaction.atomic
def save_milestone(milestone: Milestone, *, by: User | None) -> Milestone:
    """Save a step that was typed; the journal says when it is reached, and when that is taken back."""
    before = (
        Milestone.objects.select_for_update()
        .filter(pk=milestone.pk)
        .values_list("done_on", flat=True)
        .first()
    )
    day = milestone.done_on
    if day and before is None:
        milestone.done_on = None
        milestone.save()
        return reach_milestone(milestone, on=day, by=by)
    milestone.save()
    if before and day is None:
        journal.record("project.milestone_reopened", milestone.project, by=by, step=milestone.title)
    return milestone
