"""Erasure of a person (GDPR, article 17): what every room does for it, and the register that outlives a restore.

Each room says in its module `erasing`, found by `autodiscover_modules`, whom it knows and what it forgets:

- `@lists` yields each person it knows, with when it came to know them;
- `@widens` adds to a person what the room knows of them: other addresses, names, keys;
- `@erases` forgets a person, and says what it forgot and what must wait;
- `@finishes` forgets what waited, once the hold is over.

No room names another; a room that comes later is asked like the others.
"""

import json
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.module_loading import autodiscover_modules

from accounts.models import Erasure, JournalEntry
from accounts.querysets import normalise_email

logger = logging.getLogger(__name__)

NOBODY = "Personne effacée"
"""What stands where a name stood, and cannot be empty."""


NO_LIMIT = datetime.max.replace(year=9998, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Somebody, as far as rooms know: addresses in their stored form, names, and rows that are theirs alone.

    `keys` are "room.model:public_id". Rows made after `before` are left alone: when a register is replayed, a
    person may have come back.
    """

    emails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    before: datetime = NO_LIMIT

    def of(self, model: type[models.Model]) -> list[str]:
        """Return the public ids of this person's rows of a model."""
        label = model._meta.label_lower
        return [key.partition(":")[2] for key in sorted(self.keys) if key.startswith(f"{label}:")]

    def plus(
        self, *, emails: Iterable[str] = (), names: Iterable[str] = (), rows: Iterable[models.Model] = ()
    ) -> "Person":
        """Return this person with what is also known of them; `rows` have a `public_id`."""
        return replace(
            self,
            emails=self.emails | {normalise_email(email) for email in emails if email},
            names=self.names | {name for name in names if name and name != NOBODY},
            keys=self.keys | {key(row) for row in rows},
        )


@dataclass
class Part:
    """What a room forgets of one kind, and what waits until a day (`until` is the last one)."""

    label: str
    erased: int = 0
    waits: int = 0
    until: date | None = None
    remark: str = ""


@dataclass
class Report:
    """What an erasure does, or would do."""

    parts: list[Part] = field(default_factory=list)

    @property
    def erased(self) -> int:
        """Rows that say nothing of the person any more."""
        return sum(part.erased for part in self.parts)

    @property
    def holds_until(self) -> date | None:
        """Until when the last piece of evidence waits; None when nothing does."""
        return max((part.until for part in self.parts if part.until), default=None)

    @property
    def fingerprint(self) -> str:
        """What two reports that say the same have in common: a confirmation names what was shown."""
        told = [[one.label, one.erased, one.waits, str(one.until), one.remark] for one in self.parts]
        return salted_hmac("accounts.erasure.shown", json.dumps(told), algorithm="sha256").hexdigest()


Known = Iterator[tuple[Person, datetime]]
Lister = Callable[[], Known]
Widener = Callable[[Person], Person]
Eraser = Callable[[Person], list[Part]]
Finisher = Callable[[date], int]

_listers: list[Lister] = []
_wideners: list[Widener] = []
_erasers: list[Eraser] = []
_finishers: list[Finisher] = []


def lists(lister: Lister) -> Lister:
    """Register what yields the people a room knows; adding it twice changes nothing."""
    if lister not in _listers:
        _listers.append(lister)
    return lister


def widens(widener: Widener) -> Widener:
    """Register what adds to a person what a room knows of them."""
    if widener not in _wideners:
        _wideners.append(widener)
    return widener


def erases(eraser: Eraser) -> Eraser:
    """Register what forgets a person in a room. It runs in the transaction of the whole erasure, and may run
    again for somebody already erased. It raises ValidationError, in French, for whom it must not forget."""
    if eraser not in _erasers:
        _erasers.append(eraser)
    return eraser


def finishes(finisher: Finisher) -> Finisher:
    """Register what forgets what waited until the day it is given; it returns how many rows it changed."""
    if finisher not in _finishers:
        _finishers.append(finisher)
    return finisher


def discover() -> None:
    """Load what each room says."""
    autodiscover_modules("erasing")


def key(row: models.Model) -> str:
    """Return how a row with a `public_id` is named: "actors.contact:…"."""
    return f"{row._meta.label_lower}:{row.public_id}"  # type: ignore[attr-defined]


def identify(person: Person) -> Person:
    """Return the person with all that any room knows of them, until no room adds anything."""
    while True:
        wider = person
        for widen in _wideners:
            wider = widen(wider)
        if wider == person:
            return person
        person = wider


def forget(person: Person) -> list[Part]:
    """Have each room forget the person, those above first; call it in a transaction."""
    return [part for erase in reversed(_erasers) for part in erase(person) if part.erased or part.waits]


def finish(today: date) -> int:
    """Have each room forget what waited until a day before `today`; return how many rows changed."""
    return sum(end(today) for end in _finishers)


def known() -> Known:
    """Yield everybody whom any room knows, room after room."""
    for lister in _listers:
        yield from lister()


def forget_labels(rows: Iterable[models.Model]) -> None:
    """Take names out of what the journal and the desk's history call these rows."""
    for row in rows:
        public_id = str(getattr(row, "public_id", row.pk))
        JournalEntry.objects.filter(object_kind=row._meta.label_lower, object_id=public_id).update(
            object_label=NOBODY
        )
        content_type = ContentType.objects.get_for_model(row)
        LogEntry.objects.filter(content_type=content_type, object_id=str(row.pk)).update(
            object_repr=NOBODY, change_message=""
        )


def redacted(text: str, person: Person) -> str:
    """Return a text without the person's addresses, in any case, nor names as they are written."""
    for word in sorted(person.emails | person.names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "[…]", text, flags=re.IGNORECASE)
    return text


# The register --------------------------------------------------------------------------------------------


def mark(text: str, secret: str) -> str:
    """Return the keyed digest (HMAC-SHA256) of an address or of a row's key: it cannot be read back."""
    return salted_hmac("accounts.erasure", text, secret=secret, algorithm="sha256").hexdigest()


def secrets() -> list[str]:
    """Return the key of marks written today, then those that wrote marks before it."""
    return [settings.ERASURE_KEY, *settings.SECRET_KEY_FALLBACKS]


def marks(person: Person, *, secret: str | None = None) -> list[str]:
    """Return the marks of a person: one for each address and each row."""
    return sorted(mark(text, secret or settings.ERASURE_KEY) for text in person.emails | person.keys)


def asked() -> Callable[[str], bool]:
    """Return what says whether an address was erased here; the register is read once, in one query."""
    every = {one for marks in Erasure.objects.values_list("marks", flat=True) for one in marks}
    keys = secrets()
    return lambda email: bool(email) and any(mark(normalise_email(email), one) in every for one in keys)


def write_down(erasure: Erasure) -> None:
    """Add one line to the register outside the database, on the disk before this returns.

    Raises OSError where it cannot: nothing must then be erased, since a restore would undo it unnoticed.
    """
    path = Path(settings.ERASURE_REGISTER)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {"id": str(erasure.public_id), "at": erasure.at.isoformat(), "marks": erasure.marks}
    if erasure.holds_until:
        line["until"] = erasure.holds_until.isoformat()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        # A line cut short by a full disk must not swallow the next one.
        os.write(descriptor, f"\n{json.dumps(line)}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class Entry:
    """One line of the register."""

    public_id: str
    at: datetime
    marks: tuple[str, ...]
    until: date | None


def entries(path: Path) -> list[Entry]:
    """Return what a register says; a line that cannot be read is told in the log and left out."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else [], 1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
            until = date.fromisoformat(read["until"]) if read.get("until") else None
            at = datetime.fromisoformat(read["at"])
            found.append(Entry(read["id"], at, tuple(read["marks"]), until))
        except (ValueError, KeyError, TypeError):
            logger.error("register of erasures: line %d cannot be read", number)
    return found
