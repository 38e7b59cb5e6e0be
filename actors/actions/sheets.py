"""Verbs of those who keep a sheet: its words change, its logo comes and goes."""

import logging

from django.db import transaction

from accounts import journal
from accounts.models import User
from actors import sheets
from actors.models import Actor
from actors.sheets import FIELDS, KEPT_WORDS, LISTS, PLACE, TEXTS, Values
from documents import actions as documents
from documents.images import SafeImage

logger = logging.getLogger(__name__)


class Overtaken(Exception):
    """Somebody else changed the same fields meanwhile. Carries `stored` values and the `names` in question."""

    def __init__(self, stored: Values, names: list[str]):
        super().__init__(", ".join(names))
        self.stored = stored
        self.names = names


@transaction.atomic
def edit(actor: Actor, *, values: Values, seen: Values, by: User) -> list[str]:
    """Write what a member changed; return the names of the fields, none when nothing did.

    `seen` is what the sheet said when the person began. Only what they changed since is written, so that
    another field, changed meanwhile by somebody else, keeps its new words; raises Overtaken, with nothing
    written, where both changed the same one.
    """
    locked = Actor.objects.select_for_update().get(pk=actor.pk)
    stored = sheets.read(locked)
    mine = [name for name in FIELDS if values[name] != seen.get(name) and values[name] != stored[name]]
    if overtaken := [name for name in mine if stored[name] != seen.get(name)]:
        raise Overtaken(stored, overtaken)
    if not mine:
        return []
    for name in mine:
        if name in TEXTS:
            setattr(locked, name, values[name])
        elif name == PLACE:
            locked.locality_id = int(str(values[name])) if values[name] else None
        elif name in LISTS:
            getattr(locked, name).set([int(key) for key in values[name]])
    locked.save()
    before = {name: stored[name] for name in mine if name in KEPT_WORDS}
    journal.record(
        "actor.changed", locked, by=by, fields=sorted(mine), **({"before": before} if before else {})
    )
    return mine


def set_logo(actor: Actor, *, picture: SafeImage | None, by: User) -> Actor:
    """Give a sheet this logo, already written anew, or none; the former file goes once that is certain.

    Raises StorageFull, with nothing changed, when the disk is full.
    """
    with documents.new_picture(Actor.objects.filter(pk=actor.pk), "logo", picture) as locked:
        if picture or locked.had_picture:
            journal.record("actor.logo_changed" if picture else "actor.logo_removed", locked, by=by)
    return locked
