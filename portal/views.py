"""Public pages: home, the territory, a municipality."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import drawings, profiles
from territory.models import LAG, Municipality


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The opening patchwork, with the territory's map and the table of the same figures."""
    lag = LAG.objects.select_related("area").first()
    if lag is None:
        return render(request, "portal/home_empty.html")
    municipalities = _of_lag()
    lines = profiles.lines(profiles.MAPPED, [lag.area, *municipalities])
    line = profiles.chosen(request.GET.get("carte"), lines)
    total, *rows = profiles.transposed(lines, 1 + len(municipalities))
    return render(
        request,
        "portal/home.html",
        {
            "area": lag.area,
            "municipalities": municipalities,
            "silhouettes": drawings.silhouettes(municipalities),
            "facts": profiles.facts(lines),
            "lines": lines,
            "line": line,
            "total": total,
            "rows": list(zip(municipalities, rows, strict=True)),
            "map": drawings.territory_map(
                lag,
                municipalities,
                indicator=line.indicator if line else None,
                cells=line.cells[1:] if line else (),
            ),
        },
    )


@require_safe
def territory(request: HttpRequest) -> HttpResponse:
    """The LAG's territory: its figures beside those of the province and the region, and its municipalities."""
    lag = get_object_or_404(LAG.objects.select_related("area"))
    municipalities = _of_lag()
    places: list[profiles.Place] = [lag.area, *profiles.areas_beyond(lag.area)]
    lines = profiles.lines(profiles.READ, [*places, *municipalities])
    map_line = profiles.chosen("population", lines)
    return render(
        request,
        "portal/territory.html",
        {
            "places": places,
            "sections": profiles.sections(lines, len(places)),
            "facts": profiles.facts(lines),
            "municipalities": municipalities,
            "silhouettes": drawings.silhouettes(municipalities),
            "line": map_line,
            "map": drawings.territory_map(
                lag,
                municipalities,
                indicator=map_line.indicator if map_line else None,
                cells=map_line.cells[len(places) :] if map_line else (),
            ),
            "trail": [(_("Accueil"), reverse("home"))],
        },
    )


@require_safe
def municipality(request: HttpRequest, slug: str) -> HttpResponse:
    """A municipality of the LAG: its villages, its figures beside those of the areas around it."""
    lag = get_object_or_404(LAG.objects.select_related("area"))
    municipalities = _of_lag()
    place = next((one for one in municipalities if one.slug == slug), None)
    if place is None:
        raise Http404
    places: list[profiles.Place] = [place, *profiles.areas_around(place)]
    lines = profiles.lines(profiles.READ, places)
    return render(
        request,
        "portal/municipality.html",
        {
            "municipality": place,
            "places": places,
            "sections": profiles.sections(lines, len(places)),
            "facts": profiles.facts(lines),
            "map": drawings.territory_map(lag, municipalities, highlighted=place.code),
            "trail": [(_("Accueil"), reverse("home")), (_("Territoire"), reverse("portal:territory"))],
        },
    )


def _of_lag() -> list[Municipality]:
    return list(Municipality.objects.of_lag().with_boundary().prefetch_related("localities"))
