"""A month as a grid of weeks, Monday first, with what happens on each day."""

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trainings.models import SessionDay
from typography import dates

YEARS = range(2000, 2100)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True)
class Cell:
    """A day of the grid; one that is of the month before or after is empty and not `inside`."""

    date: date
    inside: bool
    days: Sequence[SessionDay] = ()


@dataclass(frozen=True)
class Month:
    """A month: its first day, and that of the months around it (None at the ends of the calendar)."""

    first: date

    @property
    def name(self) -> str:
        """ "décembre 2026"."""
        return f"{dates.MONTHS[self.first.month - 1]} {self.first.year}"

    @property
    def last(self) -> date:
        """The last day."""
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def before(self) -> "Month | None":
        """The month before."""
        return _within(self.first - timedelta(days=1))

    @property
    def after(self) -> "Month | None":
        """The month after."""
        return _within(self.last + timedelta(days=1))

    @property
    def code(self) -> str:
        """ "2026-12", as an address says it."""
        return f"{self.first.year}-{self.first.month:02}"

    def weeks(self, days: Iterable[SessionDay]) -> list[list[Cell]]:
        """Return the weeks of the grid, with these days of sessions in them, in the order given."""
        found: dict[date, list[SessionDay]] = {}
        for day in days:
            found.setdefault(day.date, []).append(day)
        grid = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [[self._cell(one, found) for one in week] for week in grid]

    def _cell(self, one: date, found: Mapping[date, Sequence[SessionDay]]) -> Cell:
        inside = one.month == self.first.month
        return Cell(one, inside, found.get(one, ()) if inside else ())


def asked(text: str, today: date) -> Month:
    """Return the month that an address asks for ("2026-12"); today's for anything else."""
    match = _MONTH.fullmatch(text)
    if match and int(match[1]) in YEARS and 1 <= int(match[2]) <= 12:
        return Month(date(int(match[1]), int(match[2]), 1))
    return Month(today.replace(day=1))


def _within(one: date) -> Month | None:
    return Month(one.replace(day=1)) if one.year in YEARS else None
