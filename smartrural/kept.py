"""Public pages kept whole for a minute in the shared cache, for visitors of whom the portal knows nothing.

Who brings any cookie but the form token's is answered anew: nothing here can belong to somebody. What may be
kept, and who may get it, is decided in this module alone (docs/decisions/0012).
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from urllib.parse import urlencode
from zlib import crc32

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

WORD = re.compile(r"[a-z0-9_-]{0,60}")
NUMBER = re.compile(r"[0-9]{0,4}")
NOTHING = re.compile(r"")
"""A search is as good as unique: its page is not kept, a form's empty field is no search."""

PAGES: dict[str, dict[str, re.Pattern]] = {
    "home": {"carte": WORD},
    "portal:territory": {},
    "portal:municipality": {},
    "actors:directory": {
        "q": NOTHING,
        **dict.fromkeys(["famille", "commune", "village", "theme", "carte"], WORD),
        "page": NUMBER,
    },
    "actors:family": {"page": NUMBER},
}
"""URL name → what its query may say; with anything else in it the page is not kept."""

SHOWN = (
    "territory.LAG",
    "territory.Municipality",
    "actors.Actor",
    "trainings.Training",
    "trainings.TrainingSession",
    "trainings.SessionDay",
    "trainings.Registration",
    "needs.SharedNeed",
    "projects.Project",
    "diagnostics.Diagnostic",
)
"""What these pages show: when one is saved or deleted, every kept page is forgotten."""

SLOTS = 512
"""Pages with a query that are kept at once, at most: one slot each, the newest wins."""
GENERATION = "pages.generation"
TOKEN = b"csrfmiddlewaretoken"
"""What a page with a form of one visitor holds."""


class KeptPages:
    """The last middleware: answer a kept page, else keep what the view answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> HttpResponse | None:
        """Stand in for the view where its page may be kept; None lets Django call it."""
        address = address_of(request)
        if address is None:
            return None
        slot = _slot(address)
        known = cache.get_many([GENERATION, slot])
        generation = known.get(GENERATION, "")
        match known.get(slot):
            case (kept_of, kept_at, body) if (kept_of, kept_at) == (generation, address):
                response = HttpResponse(body)
            case _:
                response = view(request, *args, **kwargs)
                if not _is_for_everybody(request, response):
                    return response
                # Read before the view ran: a page overtaken by a change is kept under a generation nobody asks.
                page = (generation, address, response.content)
                cache.set(slot, page, settings.KEPT_PAGES_SECONDS)
        return _revalidated(request, response)


def address_of(request: HttpRequest) -> str | None:
    """Return what the page of this request is kept under; None when it may be neither kept nor answered so.

    Two requests of one address may be answered with the same bytes.
    """
    # In this process's memory alone nothing would be forgotten when another process writes.
    if not settings.KEPT_PAGES_SECONDS or not getattr(cache, "is_shared", True):
        return None
    if request.method not in ("GET", "HEAD"):
        return None
    match = request.resolver_match
    allowed = PAGES.get(match.view_name) if match else None
    if allowed is None or request.COOKIES.keys() - {settings.CSRF_COOKIE_NAME}:
        return None
    asked = []
    for name, values in sorted(request.GET.lists()):
        if name not in allowed or len(values) > 1 or not allowed[name].fullmatch(values[0]):
            return None
        if values[0]:
            asked.append((name, values[0]))
    address = f"{request.scheme}://{request.get_host()}{request.path}"
    return f"{address}?{urlencode(asked)}" if asked else address


def forget() -> None:
    """Answer no page that was kept until now."""
    cache.set(GENERATION, secrets.token_hex(8), None)


def forget_once_written(**kwargs) -> None:
    """Receive « something shown was saved or deleted »: forget when the change can be read."""
    transaction.on_commit(forget, robust=True)


def _slot(address: str) -> str:
    path, _mark, query = address.partition("?")
    name = f"query.{crc32(address.encode()) % SLOTS}" if query else hashlib.sha256(path.encode()).hexdigest()
    return f"pages.{settings.CODE_VERSION}.{name}"


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether nothing in an answer is of this visitor: no one logged in, no token, cookie or message."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Cache-Control")
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        # Who brings the token's cookie gets no new one: their form would be kept, with the token in it.
        and TOKEN not in response.content
        and not request.user.is_authenticated
        and not request.session.modified
    )


def _revalidated(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the browser ask whether it changed before it shows its copy again: a login changes the header."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return get_conditional_response(request, etag=etag, response=response) or response
