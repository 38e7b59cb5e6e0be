"""What a chapter is: a module that collects its matter, tells it in words and tables, and draws it.

    collect(frame) -> dict          asks the rooms below, once; plain values; raises NoMatter
    tell(data) -> Told              from the frozen values alone: conclusion, captions, tables, findings
    draw(data, *, paper) -> dict    from the frozen values alone: its figures' drawings by key ("6.1")

Its matter stands in the snapshot under its KEY. What `tell` writes is frozen with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from charts import Chart
from diagnostics.frame import Frame

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PUBLIC, COUNTED, DECLARED = "public", "counted", "declared"
"""What findings rest on, from the surest to the most fragile: statistics, the LAG's counts, what communes say."""
BASES = (PUBLIC, COUNTED, DECLARED)


class NoMatter(Exception):
    """There is nothing to tell; its argument says why, in French, for the method chapter."""


@dataclass(frozen=True)
class Told:
    """A chapter in words. `title` is its conclusion, `remark` how far to trust it."""

    title: str
    lead: str = ""
    remark: str = ""
    captions: list[dict] = field(default_factory=list)
    tables: list[dict] = field(default_factory=list)
    findings: list[dict] = field(default_factory=list)
    gaps: list[dict] = field(default_factory=list)
    sources: list[dict] = field(default_factory=list)


class Chapter(Protocol):
    """The names that a chapter's module has."""

    KEY: str
    NUMBER: int
    BASIS: str

    @property
    def NAME(self) -> "StrOrPromise": ...

    def collect(self, frame: Frame) -> dict: ...

    def tell(self, data: Mapping) -> Told: ...

    def draw(self, data: Mapping, *, paper: str) -> dict[str, Chart]: ...


def table(
    key: str,
    title: str,
    header: Sequence[str],
    rows: list[dict],
    note: str,
    *,
    text: Sequence[int] = (),
    signs: Mapping[str, str] | None = None,
) -> dict:
    """Return a printed table. Keys "A.1" stand in the annexes, "6.1" in their chapter.

    `text`: the columns of words (they may break, and stand left); `signs`: cell → the sign drawn for it.
    """
    found = {"key": key, "title": title, "header": list(header), "rows": rows, "note": note}
    return found | ({"text": list(text)} if text else {}) | ({"signs": dict(signs)} if signs else {})


def row(label: str, values: Sequence, decimals: int = 0, *, signed: bool = False) -> dict:
    """Return a row: its cells as plain values (the first is its label), and how its numbers are printed."""
    return {"cells": [label, *values], "decimals": decimals, "signed": signed}


def caption(key: str, title: str, reading: str, source: str) -> dict:
    """Return what stands around a figure: its conclusion, how to read it, its source and what is missing."""
    return {"key": key, "title": title, "reading": reading, "source": source}


def source(label: str, years: str, municipalities: int | None, publisher: str, note: str) -> dict:
    """Return a line of the table of sources."""
    return {
        "label": label,
        "years": years,
        "municipalities": municipalities,
        "publisher": publisher,
        "credits": [],
        "note": note,
    }
