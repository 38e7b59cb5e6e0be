"""How many actors: by family, municipality and theme, as plain values in a fixed order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import ngettext

from actors.choices import FAMILY_OF, Family
from actors.models import Actor
from actors.querysets import ActorQuerySet
from territory.models import Area, Municipality, Theme
from typography import numbers

DIRECTORY = "actors.figures.directory"
DIRECTORY_SECONDS = 60


def count_by_family(areas: Iterable[Area] = ()) -> list[tuple[str, int]]:
    """Return published actors by family (its value), every family, in their order; one query.

    With `areas`, only those whose seat is in one of them.
    """
    return [(family.value, n) for family, n in _published(areas).count_by_family()]


def count_by_municipality(areas: Iterable[Area] = ()) -> list[tuple[str, int]]:
    """Return published actors by municipality (its code), by slug: those of `areas`, else the LAG's."""
    places = Municipality.objects.filter(areas__in=areas) if areas else Municipality.objects.of_lag()
    counts = dict(_published(areas).count_by_municipality())
    return [(place.code, counts.get(place.pk, 0)) for place in places.distinct()]


def count_by_theme(areas: Iterable[Area] = ()) -> list[tuple[str, int]]:
    """Return published actors by theme (its code), every theme, in order; an actor counts in each."""
    counts = dict(_published(areas).count_by_theme())
    return [(theme.code, counts.get(theme.pk, 0)) for theme in Theme.objects.all()]


def _published(areas: Iterable[Area]) -> ActorQuerySet:
    actors = Actor.objects.published()
    if areas:
        seats = Municipality.objects.filter(areas__in=areas)
        actors = actors.filter(municipality__in=seats.values("pk"))
    return actors


@dataclass(frozen=True)
class Tally:
    """Published actors by kind and seat: the directory's count, families and map come from the same rows."""

    rows: Sequence[tuple[str, int | None, int]]

    @classmethod
    def of(cls, actors: ActorQuerySet) -> "Tally":
        """Count these actors; one query."""
        return cls(actors.count_by_kind_and_municipality())

    @classmethod
    def of_directory(cls) -> "Tally":
        """Count all published actors; remembered for a minute, forgotten when one comes or goes."""
        return cls(
            cache.get_or_set(
                DIRECTORY, Actor.objects.published().count_by_kind_and_municipality, DIRECTORY_SECONDS
            )
            or []
        )

    def only(self, *, family: str = "", seats: Iterable[int | None] | None = None) -> "Tally":
        """Return the rows of one family, or of some seats (None among them: unknown)."""
        kept = set(seats) if seats is not None else None
        return Tally(
            [
                row
                for row in self.rows
                if (not family or FAMILY_OF[row[0]] == family) and (kept is None or row[1] in kept)
            ]
        )

    @property
    def total(self) -> int:
        """How many actors."""
        return sum(n for _kind, _seat, n in self.rows)

    def by_family(self) -> list[tuple[Family, int]]:
        """Return every family with its number."""
        return [(family, self.only(family=family).total) for family in Family]

    def by_seat(self) -> dict[int | None, int]:
        """Return municipality's primary key (None: unknown) → number; those without any are left out."""
        counts: dict[int | None, int] = {}
        for _kind, seat, n in self.rows:
            counts[seat] = counts.get(seat, 0) + n
        return counts


def forget_directory() -> None:
    """Count the directory anew at the next visit."""
    cache.delete(DIRECTORY)


def told(n: int) -> str:
    """Return "0 acteur", "1 acteur", "1 234 acteurs" (French: zero is singular)."""
    return ngettext("%s acteur", "%s acteurs", n) % numbers.number(n)
