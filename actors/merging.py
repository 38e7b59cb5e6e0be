"""Merging two rows: whatever points to the one is made to point to the other, in every room, named by none.

The relations are read from Django's registry of models, so that a room that comes later is moved too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _


@dataclass
class Move:
    """What one relation moves, and what stays because its like is there already."""

    label: str
    moved: int = 0
    there: int = 0
    """Links that the other has too: nothing is lost with them."""
    stays: list[str] = field(default_factory=list)
    """Rows that a rule forbids to move: they stay with the merged one, and are named."""


def relations(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Yield (model, field) for every column of the database that points to `model`.

    Many-to-many links are columns of their own table, whichever side declares them.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):  # one-to-one included
            yield relation.related_model, relation.field.name


def repoint(kept: models.Model, merged: models.Model, *, aside: tuple[str, ...] = ()) -> list[Move]:
    """Make everything that points to `merged` point to `kept`; return what moved and what could not.

    `aside` names relations ("room.model.field") that the caller settles. Call it in a transaction.
    """
    moves = []
    for model, name in relations(type(kept)):
        if f"{model._meta.label_lower}.{name}" in aside:
            continue
        move = (
            _link(model, name, kept, merged) if model._meta.auto_created else _rows(model, name, kept, merged)
        )
        if move.moved or move.there or move.stays:
            moves.append(move)
    return sorted(moves, key=lambda move: move.label)


def _rows(model: type[models.Model], name: str, kept: models.Model, merged: models.Model) -> Move:
    column = model._meta.get_field(name)
    move = Move(f"{capfirst(str(model._meta.verbose_name_plural))} ({column.verbose_name})")  # type: ignore[union-attr]
    rows = model._base_manager.filter(**{name: merged}).order_by("pk")
    total = rows.count()
    if not total:
        return move
    try:
        with transaction.atomic():  # all at once, where no rule stands against it
            move.moved = rows.update(**{name: kept})
    except IntegrityError:
        for pk in list(rows.values_list("pk", flat=True)):
            try:
                with transaction.atomic():
                    move.moved += model._base_manager.filter(pk=pk).update(**{name: kept})
            except IntegrityError:
                move.stays.append(str(model._base_manager.get(pk=pk)))
    return move


def _link(through: type[models.Model], name: str, kept: models.Model, merged: models.Model) -> Move:
    other = next(
        one for one in through._meta.get_fields() if isinstance(one, models.ForeignKey) and one.name != name
    )
    label = other.related_model._meta.verbose_name_plural  # type: ignore[union-attr]
    move = Move(_("Liens avec des %s") % label)
    rows = through._base_manager.filter(**{name: merged})
    there = through._base_manager.filter(**{name: kept}).values(other.attname)
    doubles = rows.filter(**{f"{other.attname}__in": list(there.values_list(other.attname, flat=True))})
    move.there = doubles.count()
    doubles.delete()
    move.moved = rows.update(**{name: kept})
    return move


def fill(kept: models.Model, merged: models.Model, names: tuple[str, ...]) -> tuple[list[Any], list[Any]]:
    """Fill the empty fields of `kept` with what `merged` says; nothing is saved.

    Return [label, value] of what was taken, and [label, value kept, value given up] of what differs.
    """
    taken, given_up = [], []
    for name in names:
        column = type(kept)._meta.get_field(name)
        mine, theirs = getattr(kept, name), getattr(merged, name)
        label = capfirst(str(column.verbose_name))  # type: ignore[union-attr]
        if theirs in (None, "") or mine == theirs:
            continue
        if mine in (None, ""):
            setattr(kept, name, theirs)
            taken.append([label, _said(column, theirs)])
        else:
            given_up.append([label, _said(column, mine), _said(column, theirs)])
    return taken, given_up


def _said(column: Any, value: Any) -> str:
    """Return a value in words: what a choice is called, else as it is written."""
    return str(dict(column.flatchoices).get(value, value))


@dataclass
class Report:
    """What a merge does, or would do."""

    taken: list[list[str]] = field(default_factory=list)
    given_up: list[list[str]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """What two reports that say the same have in common: a confirmation names what was shown."""
        told = [f"{move.label}:{move.moved}:{move.there}:{move.stays}" for move in self.moves]
        return "|".join(map(str, [*told, *self.taken, *self.given_up, *self.remarks]))

    @property
    def counts(self) -> dict[str, int]:
        """Relation → rows moved, for the journal."""
        return {move.label: move.moved for move in self.moves if move.moved}
