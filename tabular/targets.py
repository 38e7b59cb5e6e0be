"""What a table can be read into: each room describes its kinds and registers them; the engine knows no model.

A room registers in its module `importing`, found by `autodiscover_modules`. A target names its fields and opens
a session for one file: the session reads a record into plain values, plans what it would do, and writes it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from tabular import cells


class Outcome(TextChoices):
    """What becomes of one record."""

    CREATE = "create", _("à créer")
    CHANGE = "change", _("à modifier")
    SAME = "same", _("sans changement")
    DUPLICATE = "duplicate", _("doublon possible")
    REFUSED = "refused", _("refusée")


LINE = "ligne:"
"""How something that an earlier line would make is named until it exists: « ligne:12 »."""
JOIN, SPREAD = "join", "spread"
"""Several columns into one field: joined by a space; or one record a column, which the title tells apart."""


@dataclass(frozen=True)
class Field:
    """One thing that a column may fill."""

    name: str
    label: Any
    read: Callable[[str], Any] = cells.text
    aliases: tuple[str, ...] = ()
    required: bool = False
    gathers: str = ""
    looks: Callable[[str], bool] | None = None
    """Say whether a cell looks like this field's, where the title tells nothing."""
    named: Callable[[str], bool] | None = None
    """Say whether a title is this field's, where no list of names could."""
    apart: bool = False
    """No two records have the same: a column that says the same twice is not proposed for it."""


Values = dict[str, Any]
"""Field → what was read: plain values that JSON keeps."""


@dataclass
class Candidate:
    """Something there that may be the same."""

    pk: str
    label: str
    why: str


@dataclass
class Plan:
    """What would be done with one record."""

    outcome: str
    label: str
    pk: str = ""
    changes: list[list[str]] = field(default_factory=list)
    """Field's label, what is there, what would be there."""
    reasons: list[str] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)


class Session(ABC):
    """The reading of one file into one kind of thing. Lookups are loaded once, so that a record asks nothing."""

    def warm(self, pks: Iterable[str]) -> None:  # noqa: B027 (may stay empty)
        """Load these objects at once; those of an earlier batch may be forgotten."""

    def remember(self, values: Values, *, line: int, pk: str) -> None:  # noqa: B027 (may stay empty)
        """Learn what an earlier line of the same file became, when the work goes on after a pause."""

    def check(self, values: Values) -> list[str]:
        """Complete values that depend on one another; return remarks. Raises ValidationError to refuse."""
        return []

    @abstractmethod
    def identity(self, values: Values) -> tuple[str, ...]:
        """Return what tells this record from the others of its source, year after year."""

    @abstractmethod
    def plan(self, values: Values, *, line: int, known: str = "", choice: str = "") -> Plan:
        """Say what would be done; `known`: what this record became before; `choice`: what a person decided."""

    @abstractmethod
    def write(self, values: Values, plan: Plan, *, line: int, by) -> str:
        """Do it, in the caller's transaction; return the primary key. Raises ValidationError to refuse."""


class Target(ABC):
    """A kind of thing that tables are read into."""

    key: str
    label: Any
    help: Any
    fields: tuple[Field, ...]
    permissions: tuple[str, ...]
    """All of these are asked of who imports."""
    form: type[forms.Form] = forms.Form
    """What is asked once for the whole file."""
    choices: tuple[tuple[str, Any], ...] = ()
    """What a person may decide for a possible duplicate, besides leaving it and taking a candidate."""

    @abstractmethod
    def open(self, options: Mapping[str, Any]) -> Session:
        """Open a session with the form's cleaned answers."""

    def field(self, name: str) -> Field:
        """Return a field by its name. Raises KeyError."""
        return {one.name: one for one in self.fields}[name]


_targets: dict[str, Target] = {}


def register(target: Target) -> None:
    """Offer a target; its key is stored with each import."""
    if _targets.setdefault(target.key, target) is not target:
        raise ValueError(target.key)


def every() -> list[Target]:
    """Return the targets, by label."""
    return sorted(_targets.values(), key=lambda target: str(target.label))


def get(key: str) -> Target:
    """Return a target. Raises KeyError."""
    return _targets[key]


# Records ---------------------------------------------------------------------------------------------------


def records(
    target: Target, columns: list[str], mapping: Mapping[str, str], row: tuple[str, ...]
) -> Iterable[tuple[str, dict[str, str]]]:
    """Return the records of one line: (part, text by field). A line is one record, but for spread columns."""
    joined: dict[str, list[str]] = {}
    spread: list[tuple[str, str, str]] = []
    for column, cell in zip(columns, row, strict=True):
        name = mapping.get(column)
        if not name:
            continue
        if target.field(name).gathers == SPREAD:
            spread.append((column, name, cell))
        elif not cells.is_nothing(cell):
            joined.setdefault(name, []).append(cell)
    base = {
        name: " ".join(texts) if target.field(name).gathers == JOIN else texts[0]
        for name, texts in joined.items()
    }
    if not spread:
        return [("", base)]
    return [
        (column, {**base, name: cell, "title": column})
        for column, name, cell in spread
        if not cells.is_nothing(cell)
    ]


def read(target: Target, record: Mapping[str, str], *, lenient: bool) -> tuple[Values, list[str], list[str]]:
    """Read a record's texts: (values, faults, remarks). `lenient`: an unreadable cell of a field that is not
    required is left out, and remarked, instead of refusing the record."""
    values: Values = {}
    faults: list[str] = []
    remarks: list[str] = []
    for one in target.fields:
        cell = record.get(one.name, "")
        if not cell:
            if one.required:
                faults.append(_gettext("« %s » manque") % one.label)
            continue
        try:
            values[one.name] = one.read(cell)
        except ValidationError as error:
            told = f"{one.label}\u00a0: {' '.join(error.messages)}"
            (remarks if lenient and not one.required else faults).append(told)
    if "title" in record:
        values["title"] = record["title"]
    return values, faults, remarks
