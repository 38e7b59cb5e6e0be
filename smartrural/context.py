"""What every page knows: the LAG it belongs to, and where one can go."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from territory.models import LAG

NAVIGATION = [
    (_("Accueil"), "home"),
    (_("Formations"), "trainings:session_list"),
    (_("Acteurs"), "actors:directory"),
    (_("Besoins"), "needs:shared_need_list"),
    (_("Projets"), "projects:project_list"),
    (_("Territoire"), "portal:territory"),
    (_("Diagnostics"), "diagnostics:diagnostic_list"),
]
"""Label and URL name of each entry of the main navigation; only pages that exist."""

FOOTER = [
    (
        _("Participer"),
        [
            (_("Choisir une formation"), "trainings:session_list"),
            (_("Répondre à une enquête"), "needs:survey_list"),
            (_("Voir les besoins partagés"), "needs:shared_need_list"),
            (_("Me tenir au courant"), "actors:subscribe"),
            (_("Proposer un acteur"), "actors:propose"),
        ],
    ),
    (
        _("Retrouver"),
        [
            (_("Les projets"), "projects:project_list"),
            (_("L’annuaire des acteurs"), "actors:directory"),
            (_("Les séances passées"), "trainings:archive"),
        ],
    ),
]
"""Columns of the footer: what each is called, and the label and URL name of its entries."""


KEPT_LAG = "context.lag"


def site(request: HttpRequest) -> dict:
    """Return `lag` (None before a territory is loaded), `navigation`, `footer`, `entrance` and `demonstration`.

    Asked of the database only by a page that shows them.
    """
    return {
        "lag": SimpleLazyObject(lag),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "footer": SimpleLazyObject(footer),
        "entrance": SimpleLazyObject(lambda: entrance(request)),
        "demonstration": settings.DEMONSTRATION,
    }


def lag() -> LAG | None:
    """Return the LAG with its area, as it was a minute ago at most; None before a territory is loaded."""
    found = cache.get(KEPT_LAG) if settings.KEPT_PAGES_SECONDS else None
    if found is None:
        found = LAG.objects.select_related("area").first()
        if found and settings.KEPT_PAGES_SECONDS:
            cache.set(KEPT_LAG, found, settings.KEPT_PAGES_SECONDS)
    return found


def forget_lag(**kwargs) -> None:
    """Receive « the LAG was saved or deleted »: read it anew when the change can be read."""
    transaction.on_commit(lambda: cache.delete(KEPT_LAG), robust=True)


def navigation(request: HttpRequest) -> list[dict]:
    """Return the entries of the main navigation; the current one is marked, its sub-pages too."""
    entries: list[dict] = [{"label": label, "url": reverse(name)} for label, name in NAVIGATION]
    for entry in entries:
        home = entry["url"] == "/"
        entry["current"] = request.path == "/" if home else request.path.startswith(entry["url"])
    return entries


def footer() -> list[dict]:
    """Return the columns of the footer, as its template shows them."""
    return [
        {"label": label, "entries": [{"label": words, "url": reverse(name)} for words, name in entries]}
        for label, entries in FOOTER
    ]


def entrance(request: HttpRequest) -> str:
    """Return where one logs in to come back to this page; from home and the account’s pages, to go home."""
    address = reverse("account_login")
    if request.path == "/" or request.path.startswith(reverse("account_home")):
        return address
    return f"{address}?{urlencode({'next': request.get_full_path()})}"
