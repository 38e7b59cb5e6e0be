"""What a place's page says: its figures beside those of the areas around it, and the map of one figure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from territory import figures
from territory.choices import AreaKind, IndicatorGroup
from territory.models import Area, Indicator, Municipality
from typography import numbers

Place = Municipality | Area

MAPPED = (
    "population",
    "density",
    "share_aged_60",
    "income_per_return",
    "establishments_per_1000",
    "new_dwellings_per_1000",
)
"""Indicators that a map can show, the first by default; those that a territory did not load are left out."""

READ = (
    "surface",
    "population",
    "population_legal",
    "density",
    "share_under_20",
    "share_aged_60",
    "share_one_person_households",
    "income_per_return",
    "establishments",
    "establishments_per_1000",
    "dwellings",
    "share_dwellings_detached",
    "share_dwellings_apartment",
    "new_dwellings_per_1000",
    "broadband_coverage",
)
"""Indicators read on a place's page, in the order of their groups."""

KEY = ("population", "density", "share_aged_60", "establishments_per_1000")
"""Indicators told in large figures."""

TREND = "population"
"""The indicator whose evolution is drawn."""

AROUND = (AreaKind.LAG, AreaKind.PROVINCE, AreaKind.REGION)
"""Areas set beside a municipality, from the nearest to the widest."""


@dataclass(frozen=True)
class Cell:
    """One value: exact (None when unknown), and as it is shown."""

    value: Decimal | None
    text: str


@dataclass(frozen=True)
class Line:
    """One indicator: when it was measured, one cell a place, where it comes from and what to know of it."""

    indicator: Indicator
    period: str
    cells: list[Cell]
    source: str
    caution: str


@dataclass(frozen=True)
class Section:
    """The lines of one group of indicators."""

    label: str
    lines: list[Line]


def areas_around(municipality: Municipality) -> list[Area]:
    """Return the LAG, the province and the region of a municipality, in this order."""
    return _from_nearest(Area.objects.containing(municipality))


def areas_beyond(area: Area) -> list[Area]:
    """Return the provinces and regions that hold the whole of an area, the nearest first."""
    return _from_nearest(Area.objects.covering(area))


def _from_nearest(areas) -> list[Area]:
    return sorted(areas.filter(kind__in=AROUND), key=lambda area: AROUND.index(AreaKind(area.kind)))


@dataclass(frozen=True)
class Reading:
    """The series of some indicators for some places, read at once."""

    indicators: list[Indicator]
    places: Sequence[Place]
    series: dict[tuple[str, str], list[figures.Point]]

    def indicator(self, code: str) -> Indicator | None:
        """Return the indicator of this code, None when it is not loaded."""
        return next((one for one in self.indicators if one.code == code), None)

    def lines(self) -> list[Line]:
        """Return one line an indicator.

        The year is the newest for which the first place has a value, and the same for all places; an
        indicator without any value stays, with its reason.
        """
        return [self._line(indicator) for indicator in self.indicators]

    def _line(self, indicator: Indicator) -> Line:
        own = [point for point in self.series[indicator.code, self.places[0].code] if point.value is not None]
        newest = own[-1] if own else None
        cells = []
        for place in self.places:
            points = {point.year: point.value for point in self.series[indicator.code, place.code]}
            value = points.get(newest.year) if newest else None
            cells.append(Cell(value, numbers.number(value, indicator.decimals)))
        return Line(
            indicator=indicator,
            period=_period(newest),
            cells=cells,
            source=newest.source if newest else "",
            caution=indicator.caution if newest else indicator.unavailable,
        )


def read(codes: Sequence[str], places: Sequence[Place]) -> Reading:
    """Read the loaded indicators of these codes, in this order, for places."""
    loaded = Indicator.objects.filter(code__in=codes).with_parts()
    indicators = sorted(loaded, key=lambda indicator: codes.index(indicator.code))
    return Reading(indicators, places, figures.series(indicators, places))


def sections(read: Sequence[Line], width: int) -> list[Section]:
    """Return lines by group of indicators, each with its first `width` cells (those of the page's table)."""
    groups = [
        Section(
            str(group.label),
            [replace(line, cells=line.cells[:width]) for line in read if line.indicator.group == group],
        )
        for group in IndicatorGroup
    ]
    return [section for section in groups if section.lines]


def facts(read: Sequence[Line]) -> list[Line]:
    """Return the key figures of the first place: those known among `KEY`."""
    by_code = {line.indicator.code: line for line in read if line.cells[0].value is not None}
    return [by_code[code] for code in KEY if code in by_code]


def chosen(wanted: str | None, offered: Sequence[Line]) -> Line | None:
    """Return the line whose indicator is wanted, else the first; None where nothing is loaded."""
    by_code = {line.indicator.code: line for line in offered}
    return by_code.get(wanted or "") or next(iter(offered), None)


def transposed(read: Sequence[Line], width: int) -> list[list[Cell]]:
    """Return the cells of `lines` as one row for each of the `width` places."""
    return [[line.cells[column] for line in read] for column in range(width)]


def _period(point: figures.Point | None) -> str:
    if point is None:
        return ""
    return str(point.year) if point.year is not None else _("sans date")
