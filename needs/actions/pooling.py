"""Needs of several communes, pooled; the stance of each, and what comes of them."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from needs import emails
from needs.actions.moves import move
from needs.choices import NEED_NEXT, SHARED_NEXT, Horizon, NeedState, SharedNeedState
from needs.models import Need, Position, SharedNeed
from territory.models import Municipality


@transaction.atomic
def pool(*, needs: Iterable[Need], title: str, by: User) -> SharedNeed:
    """Make one shared need of needs of at least two municipalities; the originals stay, with their authors.

    Needs just received are qualified on the way; their authors are told. ValidationError when they are of one
    municipality, or when one of them can no longer be pooled.
    """
    title = title.strip()
    if not title:
        raise ValidationError(_("Donnez un titre au besoin mutualisé."))
    chosen = list(
        Need.objects.select_for_update(of=("self",))
        .select_related("theme", "dimension", "author", "contact")
        .filter(pk__in=[need.pk for need in needs])
        .order_by("pk")
    )
    if len({need.municipality_id for need in chosen}) < 2:
        raise ValidationError(
            _("Un besoin mutualisé réunit au moins deux communes : choisissez-en d’une autre commune aussi.")
        )
    for need in chosen:
        if need.state == NeedState.SUBMITTED:
            move(need, NeedState.QUALIFIED, NEED_NEXT)
        if need.state != NeedState.POOLED:
            move(need, NeedState.POOLED, NEED_NEXT)
    Need.objects.filter(pk__in=[need.pk for need in chosen]).update(state=NeedState.POOLED)
    shared = SharedNeed.objects.create(
        title=title,
        slug=_free_slug(title),
        theme=_same(need.theme for need in chosen),
        dimension=_same(need.dimension for need in chosen),
        horizon=min((need.horizon for need in chosen), key=Horizon.values.index),
    )
    shared.needs.set(chosen)
    journal.record("need.pooled", shared, by=by, needs=len(chosen))
    emails.send(emails.step(chosen, shared_need=shared))
    return shared


def _same(values):
    """The value all share, or None."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _free_slug(title: str) -> str:
    base = slugify(title.replace("’", " "))[:160].strip("-") or "besoin"
    taken = set(SharedNeed.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug


@transaction.atomic
def set_position(shared_need: SharedNeed, *, municipality: Municipality, stance: str, by: User) -> Position:
    """Say how far a municipality goes with a shared need; the last word counts, saying it twice changes nothing."""
    SharedNeed.objects.select_for_update().get(pk=shared_need.pk)
    position = Position.objects.filter(shared_need=shared_need, municipality=municipality).first()
    before = position.stance if position else ""
    if position and before == stance:
        return position
    position = position or Position(shared_need=shared_need, municipality=municipality)
    position.stance, position.updated_at = stance, timezone.now()
    position.full_clean(validate_unique=False, validate_constraints=False)
    position.save()
    journal.record(
        "position.set", shared_need, by=by, municipality=municipality.code, before=before, after=stance
    )
    return position


@transaction.atomic
def advance(shared_need: SharedNeed, *, state: str, by: User | None) -> SharedNeed:
    """Move a shared need on; the needs it was made of follow (planned, answered), their authors are told."""
    locked = SharedNeed.objects.select_for_update().get(pk=shared_need.pk)
    move(locked, state, SHARED_NEXT)
    locked.save(update_fields=["state"])
    follow: dict[str, NeedState] = {
        SharedNeedState.PLANNED: NeedState.PLANNED,
        SharedNeedState.ANSWERED: NeedState.ANSWERED,
    }
    if state in follow:
        movable = [source for source, targets in NEED_NEXT.items() if follow[state] in targets]
        moved = list(
            locked.needs.select_for_update(of=("self",))
            .select_related("author", "contact")
            .filter(state__in=movable)
            .order_by("pk")
        )
        for need in moved:
            need.state = follow[state]
        Need.objects.bulk_update(moved, ["state"])
        emails.send(emails.step(moved, shared_need=locked))
    journal.record("shared_need.advanced", locked, by=by, state=str(state))
    return locked
