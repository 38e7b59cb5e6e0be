"""Views of the roof: health, and what people read when something fails."""

import logging
import sys

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers: 200, whatever its neighbours do."""
    return JsonResponse({"vif": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Send people here: 200 when the database answers and the process is not stopping, else 503."""
    facts = {"base": True, "cache": True}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("database does not answer")
        facts["base"] = False
    try:
        cache.get("sante")
    except Exception:  # a silent Redis must be told, not break the page
        logger.exception("cache does not answer")
        facts["cache"] = False
    stopping = (settings.VAR_DIR / "stopping").exists()
    facts["ouvert"] = not stopping
    return JsonResponse(facts, status=200 if facts["base"] and not stopping else 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 in plain words when a form's token is missing or stale."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 while the database is away, which a moment mends: what was begun is undone, the page says so."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        page = loader.get_template("503.html").render()
        return HttpResponse(page, status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})
    return defaults.server_error(request)
