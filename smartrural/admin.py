"""The admin site: Django's own, in our skin, entered through allauth so that its rate limits hold.

What Django's widgets lack for accessibility is mended once, for every model: labels of dates and hours in
templates/admin/widgets, names of comboboxes and double lists in static/js/desk.js, sizes in
static/css/desk.css.
"""

from functools import wraps
from typing import cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.options import FORMFIELD_FOR_DBFIELD_DEFAULTS
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import DataError, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from portal import desk

# An address typed without its scheme is taken as https, as Django 6 will.
FORMFIELD_FOR_DBFIELD_DEFAULTS[models.URLField] = {
    **FORMFIELD_FOR_DBFIELD_DEFAULTS[models.URLField],
    "assume_scheme": "https",
}

ROOMS = [
    *("actors", "needs", "trainings", "projects", "diagnostics"),
    *("invitations", "imports", "outbox", "territory", "accounts"),
]
"""The rooms on the front page; what is not named comes last."""


class Desk(admin.AdminSite):
    """The staff's desk."""

    site_header = _("Bureau")
    site_title = _("Bureau SMART Ruralité")
    index_title = _("Bureau")
    enable_nav_sidebar = False

    def admin_view(self, view, cacheable: bool = False):
        """Let staff in; others log in first, or are told plainly that the page is not theirs."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def door(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not self.has_permission(request):
                if request.user.is_authenticated:
                    raise PermissionDenied
                return redirect_to_login(request.get_full_path())
            if any("regex" in name for name in request.GET):
                # Nobody needs one, and a long one holds a processor.
                raise BadRequest
            drawing = False
            try:
                response = inner(request, *args, **kwargs)
                if isinstance(response, TemplateResponse):
                    # What « ?contacts=12 » proposes, and what is typed for a row, is looked up only while the form
                    # is drawn.
                    drawing = request.method == "POST"
                    if request.GET or drawing:
                        response.render()
                return response
            except (OverflowError, DataError, ValueError, AttributeError) as error:
                if _asked_for(error, request, drawing=drawing):
                    raise BadRequest from error
                raise

        return door

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        """The front page: what needs doing today, then every list, room by room."""
        user = cast(User, request.user)
        waiting = desk.lines(user)
        context = {
            "waiting": waiting,
            "greeting": desk.greeting(user, waiting),
            "now": timezone.now(),
        }
        return super().index(request, {**context, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list:
        """The lists by room, in the order in which a programme goes rather than that of the alphabet."""
        rooms = super().get_app_list(request, app_label)
        return sorted(
            rooms,
            key=lambda room: ROOMS.index(room["app_label"]) if room["app_label"] in ROOMS else len(ROOMS),
        )

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Enter by the same door as everyone: codes, second factor, rate limits."""
        return secure_admin_login(super().login)(request, extra_context)

    def logout(self, request, extra_context=None):
        """Leave by the same door too."""
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        """Passwords are changed in « Mon compte »."""
        return redirect("account_change_password")


def _asked_for(error: Exception, request: HttpRequest, *, drawing: bool) -> bool:
    """Say whether an error is what the address, or the words typed in a form, asked for; else it is ours.

    « ?at__year=99999999999999999999 »: Django answers what is no number, not what no column holds; nor
    « ?contacts=x » where a new row is proposed, nor a moment, whose widget takes no text, nor a year after which
    none comes.
    """
    proposed = request.method in ("GET", "HEAD") and request.path.endswith("/add/")
    typed = drawing or any(name.endswith("__year") for name in request.GET)
    if isinstance(error, ValueError | AttributeError):
        return typed or (proposed and bool(request.GET))
    return drawing or bool(request.GET)
