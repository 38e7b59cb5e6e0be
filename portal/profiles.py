"""What a place's page says: its figures beside those of the areas around it, and the map of one figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from territory import figures
from territory.choices import AreaKind, IndicatorGroup
from territory.models import Area, Indicator, Municipality
from typography import numbers

MAPPED = (
    "population",
    "density",
    "share_aged_60",
    "income_per_return",
    "establishments_per_1000",
    "new_dwellings_per_1000",
)
"""Indicators that the home map can show, the first by default; those that a territory did not load are left out."""

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

AROUND = (AreaKind.LAG, AreaKind.PROVINCE, AreaKind.REGION)
"""Areas set beside a municipality, from the nearest to the widest."""


@dataclass(frozen=True)
class Cell:
    """One value as it is shown: its text, and whether it is known."""

    text: str
    known: bool


@dataclass(frozen=True)
class Line:
    """One indicator of a profile: its year, one cell a place, and what one should know of it."""

    label: str
    unit: str
    year: str
    cells: list[Cell]
    source: str
    caution: str


@dataclass(frozen=True)
class Section:
    """The lines of one group of indicators."""

    label: str
    lines: list[Line]


def areas_around(municipality: Municipality) -> list[Area]:
    """The LAG, the province and the region of a municipality, in this order."""
    areas = Area.objects.containing(municipality).filter(kind__in=AROUND)
    return sorted(areas, key=lambda area: AROUND.index(area.kind))


def areas_beyond(area: Area) -> list[Area]:
    """The provinces and regions that hold the whole of an area, the nearest first."""
    areas = Area.objects.covering(area).filter(kind__in=AROUND).exclude(pk=area.pk)
    return sorted(areas, key=lambda other: AROUND.index(other.kind))


def sections(places: Sequence[figures.Place]) -> list[Section]:
    """Return the figures of `places[0]`, each with those of the other places for the same year.

    The year is the newest for which the first place has a value; an indicator without any value stays, with its reason.
    """
    indicators = Indicator.objects.filter(code__in=READ).with_parts()
    ordered = sorted(indicators, key=lambda indicator: READ.index(indicator.code))
    series = figures.series(ordered, places)
    found = []
    for group in IndicatorGroup:
        lines = [line(indicator, series, places) for indicator in ordered if indicator.group == group]
        if lines:
            found.append(Section(group.label, lines))
    return found


def line(indicator: Indicator, series: dict, places: Sequence[figures.Place]) -> Line:
    """Return one indicator as its line of a profile."""
    own = [point for point in series[indicator.code, places[0].code] if point.value is not None]
    newest = own[-1] if own else None
    cells = []
    for place in places:
        points = {point.year: point for point in series[indicator.code, place.code]}
        point = points.get(newest.year) if newest else None
        value = point.value if point else None
        cells.append(Cell(numbers.number(value, indicator.decimals), value is not None))
    return Line(
        label=indicator.name,
        unit=indicator.unit,
        year=period(indicator, newest),
        cells=cells,
        source=newest.source if newest else "",
        caution=indicator.caution if newest else indicator.unavailable,
    )


def period(indicator: Indicator, point: figures.Point | None) -> str:
    """Return when a value holds: « 2020 », « sans date », or nothing where there is no value."""
    if point is None:
        return ""
    return str(point.year) if point.year is not None else _("sans date")


def mapped(chosen: str | None) -> tuple[list[Indicator], Indicator | None]:
    """Return the indicators that the map can show and the one chosen; the first where the choice is unknown."""
    loaded = Indicator.objects.filter(code__in=MAPPED).with_parts()
    choices = sorted(loaded, key=lambda indicator: MAPPED.index(indicator.code))
    return choices, next((one for one in choices if one.code == chosen), choices[0] if choices else None)
