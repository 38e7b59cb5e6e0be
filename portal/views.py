"""Public pages: home, the territory, a municipality."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import drawings, profiles
from territory.models import LAG, Locality, Municipality


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The opening patchwork, with the territory's map and the table of the same figures."""
    lag = LAG.objects.select_related("area").first()
    if lag is None:
        return render(request, "portal/home_empty.html")
    municipalities = list(Municipality.objects.of_lag().with_boundary())
    lines = profiles.lines(profiles.MAPPED, [lag.area, *municipalities])
    line = profiles.chosen(request.GET.get("carte"), lines)
    return render(
        request,
        "portal/home.html",
        {
            "area": lag.area,
            "municipalities": municipalities,
            "silhouettes": drawings.silhouettes(municipalities),
            "lines": lines,
            "line": line,
            "rows": profiles.transposed(lines),
            "map": drawings.territory_map(lag, municipalities, line),
            "locality_count": Locality.objects.filter(municipality__in=municipalities).count(),
        },
    )


@require_safe
def territory(request: HttpRequest) -> HttpResponse:
    """The LAG's territory: its figures beside those of the province and the region, and its municipalities."""
    lag = get_object_or_404(LAG.objects.select_related("area"))
    places = [lag.area, *profiles.areas_beyond(lag.area)]
    municipalities = list(Municipality.objects.of_lag().with_boundary().prefetch_related("localities"))
    return render(
        request,
        "portal/territory.html",
        {
            "places": places,
            "sections": profiles.sections(places),
            "municipalities": municipalities,
            "silhouettes": drawings.silhouettes(municipalities),
            "trend": drawings.population_trend(places),
            "map": drawings.territory_map(lag, municipalities, None),
            "trail": [(_("Accueil"), reverse("home"))],
        },
    )


@require_safe
def municipality(request: HttpRequest, slug: str) -> HttpResponse:
    """A municipality of the LAG: its villages, its figures beside those of the areas around it."""
    place = get_object_or_404(Municipality.objects.of_lag().with_boundary(), slug=slug)
    places = [place, *profiles.areas_around(place)]
    localities = list(place.localities.all())
    return render(
        request,
        "portal/municipality.html",
        {
            "municipality": place,
            "places": places,
            "localities": localities,
            "sections": profiles.sections(places),
            "trend": drawings.population_trend(places),
            "map": drawings.municipality_map(place, localities),
            "trail": [(_("Accueil"), reverse("home")), (_("Le territoire"), reverse("portal:territory"))],
        },
    )
