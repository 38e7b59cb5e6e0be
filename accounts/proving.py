"""Who takes personal data away has just proved to be there; the page they came from waits for them."""

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


def proven_for_file(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ask for the password before `view` gives a file, unless it was given, or somebody logged in, a few minutes ago.

    A browser that is sent on to a file stays where it was: on the password's page, as if nothing had happened.
    So it is sent back to the page with the link, which works then. Without such a page, to the file itself.
    """
    guarded = reauthentication_required(view)

    @wraps(view)
    def door(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if _has_just_logged_in(request):
            return view(request, *args, **kwargs)
        try:
            return guarded(request, *args, **kwargs)
        except ReauthenticationRequired:
            back = _page_before(request)
            if not back:
                raise
            messages.info(
                request, _("Après votre mot de passe, demandez à nouveau le fichier : il part alors.")
            )
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")

    return door


def _has_just_logged_in(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed, within the minutes for which a proof holds."""
    if not request.user.is_authenticated:
        return False
    proofs = get_authentication_records(request, request.user)
    latest = max((proof["at"] for proof in proofs), default=0)
    return time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT


def _page_before(request: HttpRequest) -> str:
    """Return the portal's page that led here, "" for none, or for a page of somebody else."""
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(before) if ours else None
    path = f"{parts.path}?{parts.query}" if parts and parts.query else (parts.path if parts else "")
    return "" if path.startswith(reverse("account_reauthenticate")) else path
