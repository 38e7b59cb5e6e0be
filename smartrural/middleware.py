"""Security headers that Django 5.2 does not set itself; the policy is named as in Django 6."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_POLICY = "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in settings.SECURE_CSP.items())
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
)
# The admin's own jQuery assigns innerHTML; public pages do without.
_TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types 'none'"


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]):
    """Add Content-Security-Policy and Permissions-Policy to every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        policy = _POLICY
        if not request.path.startswith("/bureau/"):
            policy += _TRUSTED_TYPES
        response.setdefault("Content-Security-Policy", policy)
        response.setdefault("Permissions-Policy", _PERMISSIONS)
        return response

    return middleware
