"""The directory, a page for each family, and the list to take away."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import limits
from actors.choices import FAMILY_SLUGS, Family
from actors.directory import Result
from actors.models import Actor
from documents import files
from tabular import writing
from territory.models import Municipality

FILES_AN_HOUR = 30
"""From one network."""

COLUMNS: dict[Any, Callable[[Actor], str]] = {
    gettext_lazy("Nom"): lambda actor: actor.name,
    gettext_lazy("Type"): lambda actor: actor.get_kind_display(),
    gettext_lazy("Commune"): lambda actor: str(actor.municipality or ""),
    gettext_lazy("Village"): lambda actor: actor.locality.name if actor.locality else "",
    gettext_lazy("En une phrase"): lambda actor: actor.summary,
    gettext_lazy("Thèmes"): lambda actor: ", ".join(theme.name for theme in actor.themes.all()),
    gettext_lazy("E-mail"): lambda actor: actor.email,
    gettext_lazy("Téléphone"): lambda actor: actor.phone,
    gettext_lazy("Site web"): lambda actor: actor.website,
    gettext_lazy("Numéro d’entreprise"): lambda actor: actor.enterprise_number_shown,
    gettext_lazy("Fiche"): lambda actor: settings.SITE_URL + actor.get_absolute_url(),
}
"""Title of a column → what an actor has there."""

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


@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponseBase:
    """What the directory's filters find, every page of it, as CSV: what the sheets show, nothing else."""
    if not limits.spend("directory.csv", limits.visitor(request), most=FILES_AN_HOUR, seconds=3600):
        message = _("Beaucoup de listes ont été demandées d’ici. Attendez une heure, puis recommencez.")
        return HttpResponse(message, status=429, content_type="text/plain; charset=utf-8")
    found = Result(request.GET, list(Municipality.objects.of_lag())).filter.qs.with_places()
    rows = found.prefetch_related("themes").iterator(chunk_size=500)
    cells = ([read(actor) for read in COLUMNS.values()] for actor in rows)
    response = StreamingHttpResponse(
        writing.text([str(title) for title in COLUMNS], cells), content_type="text/csv; charset=utf-8"
    )
    return files.kept_private(response, "acteurs.csv")


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
