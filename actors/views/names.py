"""Names of actors proposed while one types: the directory's own, and nothing else of them."""

from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts import limits
from actors.models import Actor

MOST = 10
"""Names proposed at once."""
ASKED_AN_HOUR = 1200
"""From one network: some hundred people of a commune's office who type at once."""
KEPT = 300
"""Seconds for which a browser, or a proxy, need not ask again."""


@require_safe
def proposed(request: HttpRequest) -> JsonResponse:
    """The names of published actors that hold the words of `q`, whatever accents, case and hyphens."""
    if not limits.spend("actors.names", limits.visitor(request), most=ASKED_AN_HOUR, seconds=3600):
        return JsonResponse({"names": []}, status=429)
    found = Actor.objects.published().named(request.GET.get("q", ""))
    # Two actors of one name are one line: picked, it is neither, as if written by hand.
    names = dict.fromkeys(found.values_list("name", flat=True)[:MOST])
    response = JsonResponse({"names": list(names)}, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=KEPT)
    return response
