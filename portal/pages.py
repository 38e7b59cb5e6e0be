"""What the public pages of the territory show, gathered once a minute: figures, maps, outlines.

Nothing here depends on who looks, and a territory changes a few times a year: it is kept in the shared cache.
"""

import re
from collections.abc import Callable

from django.core.cache import cache

from charts.chart import Chart
from diagnostics.models import Diagnostic
from portal import drawings, profiles
from territory.models import LAG, Municipality

KEPT = 60
"""Seconds."""
DIAGNOSTICS = 4
"""How many published diagnostics a municipality's page names: the newest."""
SLUG = re.compile(r"[a-z0-9-]{1,120}")


def kept(page: str, gather: Callable[[], dict | None]) -> dict | None:
    """Return what `gather` gives, from the cache when it is a minute old at most; None is not kept."""
    shown = cache.get(f"portal:{page}")
    if shown is None:
        shown = gather()
        if shown is not None:
            cache.set(f"portal:{page}", shown, KEPT)
    return shown


def home(wanted: str) -> dict | None:
    """Return the opening page with the map of the figure `wanted` (an indicator's code), else of the first.

    None before a territory is loaded.
    """
    code = wanted if wanted in profiles.MAPPED else profiles.MAPPED[0]
    return kept(f"home:{code}", lambda: _home(code))


def territory() -> dict | None:
    """Return the LAG's territory beside the areas beyond it; None before one is loaded."""
    return kept("territory", _territory)


def municipality(slug: str) -> dict | None:
    """Return a municipality of the LAG beside the areas around it; None for any other slug."""
    if not SLUG.fullmatch(slug):
        return None
    return kept(f"municipality:{slug}", lambda: _municipality(slug))


def _home(code: str) -> dict | None:
    lag = _lag()
    if lag is None:
        return None
    municipalities = _of_lag()
    lines = profiles.read(profiles.MAPPED, [lag.area, *municipalities]).lines()
    line = profiles.chosen(code, lines)
    total, *rows = profiles.transposed(lines, 1 + len(municipalities))
    page = {
        "area": lag.area,
        "municipalities": municipalities,
        "silhouettes": drawings.silhouettes(municipalities, on_wheat=True),
        "facts": profiles.facts(lines),
        "lines": lines,
        "line": line,
        "total": total,
        "rows": list(zip(municipalities, rows, strict=True)),
        "map": _map(lag, municipalities, line, 1),
    }
    return _drawn(page)


def _territory() -> dict | None:
    lag = _lag()
    if lag is None:
        return None
    municipalities = _of_lag()
    places: list[profiles.Place] = [lag.area, *profiles.areas_beyond(lag.area)]
    reading = profiles.read(profiles.READ, [*places, *municipalities])
    lines = reading.lines()
    line = profiles.chosen(profiles.TREND, lines)
    page = {
        "places": places,
        "sections": profiles.sections(lines, len(places)),
        "facts": profiles.facts(lines),
        "municipalities": municipalities,
        "silhouettes": drawings.silhouettes(municipalities),
        "line": line,
        "map": _map(lag, municipalities, line, len(places)),
        "trend": drawings.trend(reading, profiles.TREND, places),
    }
    return _drawn(page)


def _municipality(slug: str) -> dict | None:
    municipalities = _of_lag()
    place = next((one for one in municipalities if one.slug == slug), None)
    if place is None:
        return None
    places: list[profiles.Place] = [place, *profiles.areas_around(place)]
    reading = profiles.read(profiles.READ, places)
    lines = reading.lines()
    return {
        "municipality": place,
        "places": places,
        "sections": profiles.sections(lines, len(places)),
        "facts": profiles.facts(lines),
        "trend": drawings.trend(reading, profiles.TREND, places),
        "map": drawings.municipality_map(place, municipalities),
        "diagnostics": list(Diagnostic.objects.published().of_scope(place)[:DIAGNOSTICS]),
    }


def _drawn(page: dict) -> dict:
    """Let go of boundaries once everything is drawn: they would be most of what is kept, and read at each visit."""
    boundary = Municipality._meta.get_field("boundary")
    for place in page["municipalities"]:
        boundary.delete_cached_value(place)
    return page


def _lag() -> LAG | None:
    return LAG.objects.select_related("area").first()


def _of_lag() -> list[Municipality]:
    return list(Municipality.objects.of_lag().with_boundary().prefetch_related("localities"))


def _map(lag: LAG, municipalities: list[Municipality], line: profiles.Line | None, before: int) -> Chart:
    """Draw the map of a line whose first `before` cells are those of areas."""
    if line is None:
        return drawings.territory_map(lag, municipalities)
    cells = line.cells[before:]
    return drawings.territory_map(lag, municipalities, indicator=line.indicator, cells=cells)
