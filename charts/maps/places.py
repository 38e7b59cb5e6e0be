"""What a map is given: municipalities with their figures, villages, neighbours; and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from charts import svg
from charts.geometry import Shape
from typography import numbers


class Village(NamedTuple):
    """A village: its name and where it is, in degrees."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Place:
    """A municipality on a map. `value` decides its class; None is missing. `figure` is what people read."""

    code: str
    name: str
    boundary: Shape
    value: float | None = None
    figure: str = ""  # "54 acteurs"; by default the value
    short_figure: str = ""  # "54", where the place is narrow; by default the value
    href: str = ""
    villages: tuple[Village, ...] = ()

    def words(self) -> str:
        """Return what is written under the name."""
        return self.figure or numbers.number(self.value) if self.value is not None else numbers.MISSING

    def few_words(self) -> str:
        """Return the same without its unit."""
        return self.short_figure or numbers.number(self.value)


@dataclass(frozen=True)
class Neighbour:
    """A municipality around the territory: a faint outline with a small name."""

    name: str
    boundary: Shape


def check(places: Sequence[Place]) -> None:
    """Raise ValueError where no place has a boundary, or a value is NaN."""
    if not any(place.boundary for place in places):
        raise ValueError("a map needs at least one boundary")
    for place in places:
        svg.finite(place.value, place.name)


def sentence(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as one sentence, for readers who do not see the drawing."""
    return " ; ".join(f"{row[0]} {row[1]}" for row in rows) + "." if rows else ""
