"""Staff read personal data: without a second factor they see only the pages that set one up."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes alone are no second factor: they are what is left when one is lost."""
OPEN = ("/compte/", "/sante/", settings.STATIC_URL)


def require_second_factor(get_response: Callable[[HttpRequest], HttpResponse]):
    """Send administrators and the team to the second factor's page until they have one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if (
            settings.SECOND_FACTOR_REQUIRED
            and not request.path.startswith(OPEN)
            and request.user.is_authenticated
            and request.user.is_staff
            and not is_mfa_enabled(request.user, types=FACTORS)
        ):
            messages.warning(
                request,
                _(
                    "Votre compte ouvre des données personnelles\u00a0: ajoutez d’abord une seconde protection. "
                    "Rien d’autre n’est changé."
                ),
            )
            return redirect(reverse("mfa_index"))
        return get_response(request)

    return middleware
