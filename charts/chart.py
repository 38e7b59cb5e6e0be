"""What every drawing returns: the drawing, its words, and the table that stands beside it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.safestring import SafeString


class Table(NamedTuple):
    """The figures of a drawing as text: a header and rows of the same length."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Legend(NamedTuple):
    """One line of a legend: a swatch to print, its words."""

    swatch: SafeString
    label: str


@dataclass(frozen=True)
class Chart:
    """A drawing; `{{ chart }}` in a template prints the SVG.

    Pages set `.chart { max-width: 100%; height: auto }`. Maps hold two sets of labels: `.chart-wide`, and
    `.chart-narrow` which is hidden by attribute until a page's style shows it under 40rem.
    """

    svg: SafeString
    title: str
    description: str
    table: Table
    legend: tuple[Legend, ...] = field(default=())

    def __str__(self) -> str:
        return self.svg

    def __html__(self) -> str:
        return self.svg
