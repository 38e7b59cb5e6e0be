"""Figures of municipalities and areas: the one place where they are computed.

Plain values come out, exact: units and rounding belong to display (`typography.numbers`). A figure that
cannot be complete is None, never 0 and never a partial sum. A place is a Municipality or an Area; its key is
its `code`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import quantiles
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from territory.choices import Aggregation, DenominatorBasis
from territory.models import Area, Indicator, IndicatorValue, Municipality

Place = Municipality | Area
Year = int | None
"""None stands for a figure that its source does not date."""


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: its year, its exact value or None, of how many municipalities, how many of them lack it."""

    year: Year
    value: Decimal | None
    members: int
    missing: int
    source: str
    note: str


class Rank(NamedTuple):
    """A rank among so many; 1 is the highest value, which is neither good nor bad."""

    rank: int
    among: int


@dataclass(slots=True)
class _Cell:
    """What is published for a place and a year: the sum so far, of how many municipalities, from where.

    `own` when it was published for the place itself.
    """

    total: Decimal = Decimal(0)
    count: int = 0
    sources: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    own: bool = False


def series(
    indicators: Iterable[Indicator | str], places: Iterable[Place], *, years: Iterable[Year] | None = None
) -> dict[tuple[str, str], list[Point]]:
    """Return the points of each indicator at each place, oldest first, in at most four queries.

    Every pair (indicator code, place code) is a key. All places of an indicator have the same years: those in
    which one of them has something published, or exactly `years` when given; where a place has nothing, its
    value is None.

    - A sum over an area needs every one of its municipalities that year; `missing` says how many lack.
    - A ratio is factor × Σ numerator ÷ Σ denominator over the area, never the mean of its municipalities'
      ratios (Indicator says which years of both are read). It needs both sums complete; `missing` is then the
      greater of the two.
    - A figure published for an area itself goes before our sum, and is the only one for what does not add up.

    Raises Indicator.DoesNotExist for an unknown code.
    """
    found = _indicators(indicators)
    places = list(places)
    wanted = None if years is None else list(years)
    cells, sizes = _cells(found, places, wanted)
    result = {}
    for indicator in found:
        computed = {place.code: _points(indicator, _identity(place), sizes, cells) for place in places}
        shown = wanted
        if shown is None:
            shown = sorted({year for points in computed.values() for year in points}, key=_oldest_first)
        for place in places:
            empty = _Cell()
            size = sizes[_identity(place)]
            result[indicator.code, place.code] = [
                computed[place.code].get(year) or _point(year, None, size, [empty]) for year in shown
            ]
    return result


def latest(
    indicators: Iterable[Indicator | str], places: Iterable[Place]
) -> dict[tuple[str, str], Point | None]:
    """Return the newest point that has a value, for each indicator and place; None where there is none."""
    return {
        key: next((point for point in reversed(points) if point.value is not None), None)
        for key, points in series(indicators, places).items()
    }


def growth(
    indicator: Indicator | str, places: Iterable[Place], start: int, end: int
) -> dict[str, Decimal | None]:
    """Return the evolution from `start` to `end` in percent, by place code; None where one is missing."""
    return {
        place: evolution(first.value, last.value)
        for (_code, place), (first, last) in series([indicator], places, years=[start, end]).items()
    }


def cumulated(
    indicator: Indicator | str, places: Iterable[Place], start: int, end: int
) -> dict[str, Decimal | None]:
    """Return the total of the years `start` to `end`, both included; None where a year is missing."""
    totals: dict[str, Decimal | None] = {}
    for (_code, place), points in series([indicator], places, years=range(start, end + 1)).items():
        values = [point.value for point in points if point.value is not None]
        totals[place] = sum(values, Decimal(0)) if len(values) == len(points) else None
    return totals


def distribution(indicator: Indicator | str, year: Year, *, among: Area) -> dict[str, Decimal]:
    """Return the value of each municipality of an area that has one, by municipality code."""
    points = series([indicator], among.municipalities.all(), years=[year])
    return {place: point.value for (_code, place), [point] in points.items() if point.value is not None}


def growth_distribution(
    indicator: Indicator | str, start: int, end: int, *, among: Area
) -> dict[str, Decimal]:
    """Return the evolution in percent of each municipality of an area that has both years."""
    values = growth(indicator, among.municipalities.all(), start, end)
    return {place: value for place, value in values.items() if value is not None}


def ranks(indicator: Indicator | str, year: Year, *, among: Area) -> dict[str, Rank]:
    """Return the rank of each municipality of an area by value: 1 is the highest, ties share a rank."""
    return ranking(distribution(indicator, year, among=among))


def growth_ranks(indicator: Indicator | str, start: int, end: int, *, among: Area) -> dict[str, Rank]:
    """Return the rank of each municipality of an area by an indicator's evolution."""
    return ranking(growth_distribution(indicator, start, end, among=among))


# Arithmetic ----------------------------------------------------------------------------------------------


def evolution(first: Decimal | None, last: Decimal | None) -> Decimal | None:
    """Return (last − first) ÷ first × 100, exact; None when one is missing or the first is 0."""
    if first is None or last is None or first == 0:
        return None
    return (last - first) / first * 100


def ranking(values: Mapping[str, Decimal]) -> dict[str, Rank]:
    """Rank values from the highest; equal values share the better rank ("competition" ranks: 1, 2, 2, 4)."""
    ordered = sorted(values.values(), reverse=True)
    first: dict[Decimal, int] = {}
    for position, value in enumerate(ordered, start=1):
        first.setdefault(value, position)
    return {place: Rank(first[value], len(ordered)) for place, value in values.items()}


def quartiles(values: Iterable[Decimal]) -> tuple[Decimal, Decimal, Decimal] | None:
    """Return the three quartiles, interpolated, both ends included (Hyndman and Fan, 1996, definition 7).

    None for fewer than two values.
    """
    known = list(values)
    if len(known) < 2:
        return None
    low, median, high = quantiles(known, n=4, method="inclusive")
    return low, median, high


# Reading -------------------------------------------------------------------------------------------------

_Identity = tuple[bool, int]
_Cells = dict[tuple[int | None, _Identity], dict[Year, _Cell]]


def _identity(place: Place) -> _Identity:
    return isinstance(place, Area), place.pk


def _oldest_first(year: Year) -> int:
    return year or 0


def _indicators(indicators: Iterable[Indicator | str]) -> list[Indicator]:
    """The indicators asked, in order, each with its two parts."""
    codes = [indicator if isinstance(indicator, str) else indicator.code for indicator in indicators]
    known = {indicator.code: indicator for indicator in Indicator.objects.with_parts().filter(code__in=codes)}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Indicator.DoesNotExist(", ".join(unknown))
    return [known[code] for code in codes]


def _cells(
    indicators: list[Indicator], places: list[Place], years: list[Year] | None
) -> tuple[_Cells, dict[_Identity, int]]:
    """What is published for the places, summed over areas by the database, and the size of each place."""
    areas = [place.pk for place in places if isinstance(place, Area)]
    municipalities = [place.pk for place in places if isinstance(place, Municipality)]
    sizes: dict[_Identity, int] = {(False, pk): 1 for pk in municipalities} | {(True, pk): 0 for pk in areas}
    read = {part.pk for one in indicators for part in (one.numerator, one.denominator) if part}
    read |= {one.pk for one in indicators}
    published = IndicatorValue.objects.filter(_years_read(indicators, years), indicator__in=read).order_by()
    cells: _Cells = defaultdict(lambda: defaultdict(_Cell))

    def add(
        indicator: int, identity: _Identity, year: Year, credit: str, note: str, total, count: int
    ) -> None:
        cell = cells[indicator, identity][year]
        cell.total += _plain(total)
        cell.count += count
        cell.sources.add(credit)
        if note:
            cell.notes.add(note)

    if areas:
        members = Area.municipalities.through.objects.filter(area__in=areas)
        for pk, size in members.values_list("area_id").annotate(Count("pk")).order_by():
            sizes[True, pk] = size
        sums = (
            published.filter(municipality__areas__in=areas)
            .values_list("indicator_id", "municipality__areas", "year", "source__credit", "note")
            .annotate(Sum("value"), Count("pk"))
        )
        for indicator, area, year, credit, note, total, count in sums:
            add(indicator, (True, area), year, credit, note, total, count)
    own = published.filter(Q(municipality__in=municipalities) | Q(area__in=areas))
    for indicator, municipality, area, year, credit, note, value in own.values_list(
        "indicator_id", "municipality_id", "area_id", "year", "source__credit", "note", "value"
    ):
        identity = (True, area) if municipality is None else (False, municipality)
        # What was published for the area itself takes the place of our sum.
        cells[indicator, identity].pop(year, None)
        add(indicator, identity, year, credit, note, value, sizes[identity])
        cells[indicator, identity][year].own = True
    return cells, sizes


def _years_read(indicators: list[Indicator], years: list[Year] | None) -> Q:
    """The years of values that figures of these years are made of, undated ones always."""
    if years is None:
        return Q()
    dated = [year for year in years if year is not None]
    read = set(dated)
    for one in indicators:
        read |= {year - before for year in dated for before in range(one.years_averaged)}
        read |= {year + one.denominator_offset for year in dated}
        if one.denominator_year:
            read.add(one.denominator_year)
    return Q(year=None) | Q(year__in=sorted(read))


def _points(
    indicator: Indicator, identity: _Identity, sizes: dict[_Identity, int], cells: _Cells
) -> dict[Year, Point]:
    """What is known of one indicator at one place, by year, whether complete or not."""
    size = sizes[identity]
    if indicator.aggregation != Aggregation.RATIO:
        found = cells[indicator.pk, identity]
        adds_up = indicator.aggregation == Aggregation.SUM
        return {
            year: _point(year, cell.total, size, [cell])
            for year, cell in found.items()
            if adds_up or cell.own
        }
    above, below = cells[indicator.numerator_id, identity], cells[indicator.denominator_id, identity]
    points = {}
    for year in above:
        window = _window(indicator, year)
        against = _denominator_year(indicator, year)
        if against not in below or any(before not in above for before in window):
            continue
        parts = [*(above[before] for before in window), below[against]]
        value = None
        if below[against].total:
            mean = sum((part.total for part in parts[:-1]), Decimal(0)) / len(window)
            value = (indicator.factor or 1) * mean / below[against].total
        points[year] = _point(year, value, size, parts)
    return points


def _window(indicator: Indicator, year: Year) -> list[Year]:
    """The years of the numerator that are averaged."""
    if year is None:
        return [None]
    return list(range(year - indicator.years_averaged + 1, year + 1))


def _denominator_year(indicator: Indicator, year: Year) -> Year:
    """The year at which the denominator is read."""
    if indicator.denominator_basis == DenominatorBasis.FIXED:
        return indicator.denominator_year
    if indicator.denominator_basis == DenominatorBasis.UNDATED or year is None:
        return None
    return year + indicator.denominator_offset


def _point(year: Year, value: Decimal | None, size: int, parts: list[_Cell]) -> Point:
    """A point whose value stands only if every municipality has every part."""
    missing = size - min(part.count for part in parts)
    return Point(
        year=year,
        value=None if missing or value is None else value,
        members=size,
        missing=missing,
        source=" ; ".join(sorted({credit for part in parts for credit in part.sources})),
        note=" ".join(sorted({note for part in parts for note in part.notes})),
    )


def _plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros, so that both databases give the same digits."""
    exact = Decimal(value).quantize(Decimal("0.0001")).normalize()
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
