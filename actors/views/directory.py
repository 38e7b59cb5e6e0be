"""The directory, and a page for each family."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actors.choices import FAMILY_SLUGS, Family
from actors.directory import Result
from territory.models import Municipality

OFFER = {
    Family.MUNICIPALITIES: gettext_lazy(
        "Des formations pour les agents et les mandataires, une enquête pour dire où en est la commune, "
        "un diagnostic à montrer au Collège, et des projets menés à plusieurs."
    ),
    Family.ASSOCIATIONS: gettext_lazy(
        "Des ateliers près de chez vous, une place pour dire ce qui manque, et des communes avec qui "
        "monter un projet."
    ),
    Family.ENTERPRISES: gettext_lazy(
        "Des petits déjeuners et des formations courtes, des voisins qui cherchent la même chose, et une "
        "place sur la carte."
    ),
    Family.PARTNERS: gettext_lazy(
        "Les besoins du terrain, réunis et chiffrés, et des projets auxquels apporter un métier, une "
        "recherche, un réseau."
    ),
}
"""What the programme offers each family."""


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """The directory: filters, the actors found, the map and the table of the same."""
    result = Result(request.GET, list(Municipality.objects.of_lag()))
    return render(
        request,
        "actors/directory.html",
        {
            "result": result,
            "filter": result.filter,
            "family": result.filter.chosen.get("famille", ""),
            "trail": [(_("Accueil"), reverse("home"))],
        },
    )


@require_safe
def family(request: HttpRequest, family: str) -> HttpResponse:
    """A family of actors: what the programme offers it, who is there and where."""
    if family not in FAMILY_SLUGS:
        raise Http404
    data = {"famille": family, "page": request.GET.get("page", "1")}
    return render(
        request,
        "actors/family.html",
        {
            "family": FAMILY_SLUGS[family],
            "offer": OFFER[FAMILY_SLUGS[family]],
            "result": Result(data, list(Municipality.objects.of_lag())),
            "trail": [(_("Accueil"), reverse("home")), (_("Acteurs"), reverse("actors:directory"))],
        },
    )
