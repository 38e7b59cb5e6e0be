"""What the public pages of the territory show, gathered once a minute: figures, maps, outlines.

Nothing here depends on who looks, and a territory changes a few times a year: it is kept in the shared cache.
"""

import re
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone

from actors import figures as actor_figures
from actors.choices import SLUG_OF
from charts.chart import Chart
from diagnostics.models import Diagnostic
from needs import figures as need_figures
from needs.models import SharedNeed
from portal import drawings, profiles
from projects import figures as project_figures
from projects.models import Project
from territory.models import LAG, Municipality
from trainings import figures as training_figures
from trainings.models import TrainingSession

KEPT = 60
"""Seconds."""
DIAGNOSTICS = 4
"""How many published diagnostics a municipality's page names: the newest."""
SESSIONS = 4
"""Sessions that home announces: the next."""
TEASERS = 3
"""Shared needs and projects that home names, of each: the newest."""
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


def upcoming(place: Municipality | None = None) -> dict:
    """Return the next sessions with the seats of this instant, never kept; two queries, one when none comes.

    With a place, those that are held there.
    """
    announced = TrainingSession.objects.visible_to(AnonymousUser()).upcoming().filter(cancelled_at=None)
    if place is not None:
        announced = announced.filter(municipality=place)
    drawn = announced.with_seats().select_related("training", "municipality", "locality")
    return {"sessions": list(drawn.prefetch_related("days")[:SESSIONS])}


def life(place: Municipality) -> dict | None:
    """Return what happens in a municipality: its actors, shared needs, projects and published diagnostics."""
    return kept(f"life:{place.slug}", lambda: _life(place))


def programme() -> dict | None:
    """Return the figures of the programme since January, and what was published last."""
    return kept("programme", _programme)


def _programme() -> dict:
    today = timezone.localdate()
    held = training_figures.programme(today.replace(month=1, day=1), today)
    shared = SharedNeed.objects.filter(public=True).with_communes().order_by("-created_at", "-pk")
    projects = Project.objects.published().with_lead().order_by("-published_at", "-pk")
    counts = {
        "actor_count": actor_figures.Tally.of_directory().total,
        "session_count": held.sessions_held,
        "people_count": held.people_attended,
        "shared_need_count": need_figures.count_shared(),
        "project_count": project_figures.count_published(),
    }
    return {
        **counts,
        "begun": any(counts.values()),
        "today": today,
        "shared_needs": need_figures.matrix(shared[:TEASERS], Municipality.objects.of_lag()),
        "projects": list(projects[:TEASERS]),
    }


def _life(place: Municipality) -> dict:
    shared = SharedNeed.objects.filter(public=True).concerning(place).with_communes()
    projects = Project.objects.published().in_municipality(place).with_lead().order_by("-published_at", "-pk")
    seats = actor_figures.Tally.of_directory().only(seats=[place.pk])
    return {
        "actor_count": seats.total,
        "families": [(family, SLUG_OF[family], n) for family, n in seats.by_family() if n],
        "shared_needs": need_figures.matrix(
            shared.order_by("-created_at", "-pk")[:TEASERS], Municipality.objects.of_lag()
        ),
        "projects": list(projects[:TEASERS]),
        "diagnostics": list(Diagnostic.objects.published().of_scope(place)[:DIAGNOSTICS]),
    }


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
