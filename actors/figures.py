"""How many actors: by family, municipality and theme, as plain values in a fixed order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils.translation import ngettext

from actors.choices import FAMILY_OF, Family
from actors.models import Actor
from actors.querysets import ActorQuerySet
from territory import figures as territory
from territory.models import Area, Indicator, IndicatorValue, Locality, Municipality, Theme
from typography import numbers
from typography.folding import fold

DIRECTORY = "actors.figures.places"
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
    """Published actors by kind and seat: the directory's count, families and map come from the same rows.

    A row is a kind, the primary keys of a municipality and of a village (None: unknown), and a number.
    """

    rows: Sequence[tuple[str, int | None, int | None, int]]

    @classmethod
    def of(cls, actors: ActorQuerySet) -> "Tally":
        """Count these actors; one query."""
        return cls(actors.count_by_kind_and_place())

    @classmethod
    def of_directory(cls) -> "Tally":
        """Count all published actors; remembered for a minute, forgotten when one comes or goes."""
        return cls(
            cache.get_or_set(DIRECTORY, Actor.objects.published().count_by_kind_and_place, DIRECTORY_SECONDS)
            or []
        )

    def only(
        self, *, family: str = "", seats: Iterable[int | None] | None = None, village: int | None = None
    ) -> "Tally":
        """Return the rows of one family, of some seats (None among them: unknown), or of one village."""
        kept = set(seats) if seats is not None else None
        return Tally(
            [
                row
                for row in self.rows
                if (not family or FAMILY_OF[row[0]] == family)
                and (kept is None or row[1] in kept)
                and (village is None or row[2] == village)
            ]
        )

    @property
    def total(self) -> int:
        """How many actors."""
        return sum(row[-1] for row in self.rows)

    def by_family(self) -> list[tuple[Family, int]]:
        """Return every family with its number."""
        return [(family, self.only(family=family).total) for family in Family]

    def by_seat(self) -> dict[int | None, int]:
        """Return municipality's primary key (None: unknown) → number; those without any are left out."""
        counts: dict[int | None, int] = {}
        for _kind, seat, _village, n in self.rows:
            counts[seat] = counts.get(seat, 0) + n
        return counts

    def by_village(self) -> dict[tuple[int, int | None], int]:
        """Return municipality and village (None: not said) → number; unknown seats are left out."""
        counts: dict[tuple[int, int | None], int] = {}
        for _kind, seat, village, n in self.rows:
            if seat is not None:
                counts[seat, village] = counts.get((seat, village), 0) + n
        return counts


@dataclass(frozen=True)
class Cell:
    """One figure of a municipality: exact (None when unknown), and as it is shown."""

    value: float | None
    text: str


@dataclass(frozen=True)
class Tint:
    """What a map's tints stand for: a figure of the territory, by municipality code."""

    name: str
    period: str
    source: str
    decimals: int
    cells: dict[str, Cell]


def villages(places: Sequence[Municipality]) -> list[Locality]:
    """Return the villages of these municipalities, each with its municipality, in the order of a French dictionary.

    Remembered for a minute.
    """
    found = Locality.objects.filter(municipality__in=places).select_related("municipality")
    key = f"actors.figures.villages.{_key(places)}"
    return (
        (
            cache.get_or_set(key, lambda: sorted(found, key=lambda one: fold(one.name)), DIRECTORY_SECONDS)
            or []
        )
        if places
        else []
    )


def indicators(places: Sequence[Municipality]) -> list[Indicator]:
    """Return the indicators of which a municipality has a figure, in order; remembered for a minute."""
    own = IndicatorValue.objects.filter(municipality__in=places)
    found = Indicator.objects.filter(
        Exists(own.filter(indicator=OuterRef("pk"))) | Exists(own.filter(indicator=OuterRef("numerator")))
    )
    key = f"actors.figures.indicators.{_key(places)}"
    return (cache.get_or_set(key, lambda: list(found), DIRECTORY_SECONDS) or []) if places else []


def _key(places: Sequence[Municipality]) -> str:
    return "-".join(str(place.pk) for place in places)


def tint(found: Indicator, places: Sequence[Municipality]) -> Tint:
    """Return the newest year of an indicator that has a figure for one of these municipalities; two queries.

    All are of that year: a map compares what can be compared.
    """
    series = territory.series([found], places)
    years = [point.year for points in series.values() for point in points if point.value is not None]
    year = max(years, key=lambda one: one or 0, default=None)
    points = {
        place.code: next((one for one in series[found.code, place.code] if one.year == year), None)
        for place in places
    }
    values = {key: point.value if point else None for key, point in points.items()}
    return Tint(
        name=found.name if found.names_its_unit else f"{found.name} ({found.unit})",
        period=str(year or ""),
        source=next((point.source for point in points.values() if point and point.source), ""),
        decimals=found.decimals,
        cells={
            key: Cell(None if value is None else float(value), numbers.number(value, found.decimals))
            for key, value in values.items()
        },
    )


def forget_directory() -> None:
    """Count the directory anew at the next visit."""
    cache.delete(DIRECTORY)


def told(n: int) -> str:
    """Return "0 acteur", "1 acteur", "1 234 acteurs" (French: zero is singular)."""
    return ngettext("%s acteur", "%s acteurs", n) % numbers.number(n)
