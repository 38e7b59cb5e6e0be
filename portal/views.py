"""Public pages: home, the territory, a municipality."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import pages


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The opening patchwork, with the territory's map and the table of the same figures."""
    page = pages.home(request.GET.get("carte", ""))
    if page is None:
        return render(request, "portal/home_empty.html")
    shown = {**page, **pages.upcoming(), "programme": pages.programme()}
    return render(request, "portal/home.html", shown)


@require_safe
def territory(request: HttpRequest) -> HttpResponse:
    """The LAG's territory: its figures beside those of the province and the region, and its municipalities."""
    page = pages.territory()
    if page is None:
        raise Http404
    trail = [(_("Accueil"), reverse("home"))]
    return render(request, "portal/territory.html", {**page, "trail": trail})


@require_safe
def municipality(request: HttpRequest, slug: str) -> HttpResponse:
    """A municipality of the LAG: its villages, what happens there, its figures beside others."""
    page = pages.municipality(slug)
    if page is None:
        raise Http404
    trail = [(_("Accueil"), reverse("home")), (_("Territoire"), reverse("portal:territory"))]
    # Of the person, so never in the kept page.
    may_request = request.user.is_authenticated and request.user.is_manager
    place = page["municipality"]
    shown = {**page, **pages.upcoming(place), **(pages.life(place) or {})}
    return render(request, "portal/municipality.html", {**shown, "trail": trail, "may_request": may_request})
