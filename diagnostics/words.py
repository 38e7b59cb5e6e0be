"""Words that several chapters share: spans of years, ranks, what the scope is called, who stands around it. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from typography import dates, elision, numbers


def spans(years: Iterable[int | None]) -> str:
    """Return "2006–2014, 2018–2020" for a series of years; "n.d." when there is none or it is not dated."""
    known = sorted(year for year in years if year is not None)
    if not known:
        return numbers.MISSING
    starts = [known[0], *(after for before, after in pairwise(known) if after != before + 1)]
    ends = [*(before for before, after in pairwise(known) if after != before + 1), known[-1]]
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in zip(starts, ends, strict=True))


def ordinal(rank: int) -> str:
    """Return "1er", "2e"."""
    return f"{numbers.number(rank)}{'er' if rank == 1 else 'e'}"


def titled(name: str, *, municipal: bool) -> str:
    """Return what a diagnostic of this place is called."""
    if municipal:
        return _("Diagnostic territorial {of_name}").format(of_name=elision.of(name))
    return _("Diagnostic territorial\u00a0: {name}").format(name=name)


def subject(data: Mapping) -> str:
    """What a sentence calls the scope."""
    return _("La commune") if data["scope"]["kind"] == "municipality" else _("Le territoire")


def value(pairs: Iterable, code: str):
    """Return what stands beside a place's code in a list of pairs; None when it does not stand there."""
    return next((found for place, found in pairs if place == code), None)


def aggregates(data: Mapping) -> list[dict]:
    """Return the areas around the scope, in order."""
    return [place for place in data["places"] if place["role"] in ("group", "province", "region")]


def day(iso: str) -> str:
    """Return "12 janvier 2027" for the day that a snapshot holds as "2027-01-12"."""
    return dates.day(date.fromisoformat(iso), weekday=False)


def listed(names: Iterable[str]) -> str:
    """Return "Incourt, Jodoigne et Perwez"."""
    *first, last = list(names) or [""]
    return _("{first} et {last}").format(first=", ".join(first), last=last) if first else last


def last_year(data: Mapping) -> int | None:
    """The last year of the population series."""
    return next(reversed(data["portrait"]["population"]["years"]), None)
