"""Lists and papers of a session's people: the table to take away, whom to phone, a confirmation on paper."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.proving import proven_for_file
from documents import files, pdf
from trainings import actions, printing, proof
from trainings.admin.around import AroundTheDay
from trainings.choices import OPEN
from trainings.models import Registration, TrainingSession

SOON = 20
"""Sessions shown to who has somebody on the phone."""


class Listing(AroundTheDay):
    """Take away or print who comes; mixed into the session's admin."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("telephone/", view(require_safe(self.phone)), name="trainings_phone"),
            path(
                "<int:pk>/inscriptions.csv", view(require_safe(self.export)), name="trainings_session_export"
            ),
            path("<int:pk>/appels/", view(require_safe(self.calls)), name="trainings_session_calls"),
            path(
                "<int:pk>/papier/<uuid:public_id>/",
                view(require_safe(self.paper)),
                name="trainings_session_paper",
            ),
            *super().get_urls(),
        ]

    def phone(self, request: HttpRequest) -> HttpResponse:
        """Somebody phones: for which session? Each leads to a name and a number, ready to be typed."""
        if not request.user.has_perm("trainings.add_registration"):
            raise PermissionDenied
        soon = TrainingSession.objects.filter(state__in=OPEN, starts_at__gt=timezone.now()).with_seats()
        sessions = soon.select_related("training", "municipality", "locality").prefetch_related("days")
        context = {
            "title": gettext("Quelqu’un téléphone"),
            "sessions": sessions.order_by("starts_at", "pk")[:SOON],
        }
        return self._page(request, "phone", context)

    @method_decorator(proven_for_file)
    def export(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everybody of a session, as CSV; people are taken away by who has just proved to be there."""
        session = self._session(request, pk)
        response = HttpResponse(
            actions.export_people(session, by=cast(User, request.user)),
            content_type="text/csv; charset=utf-8",
        )
        return files.kept_private(response, proof.file_name(session, "inscriptions", "csv"))

    def calls(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whom to phone, to print: a box to tick a person."""
        session = self._session(request, pk)
        name = proof.file_name(session, "appels", "pdf")
        return self._printed(request, session, lambda: printing.calls(session, created=timezone.now()), name)

    def paper(self, request: HttpRequest, pk: int, public_id) -> HttpResponse:
        """A confirmation on paper, for somebody without an address."""
        session = self._session(request, pk)
        found: Registration = get_object_or_404(
            session.registrations.live().select_related("actor"), public_id=public_id
        )
        found.session = session
        name = proof.file_name(session, "confirmation", "pdf")
        return self._printed(
            request, session, lambda: printing.confirmation(found, created=timezone.now()), name
        )

    def _printed(
        self, request: HttpRequest, session: TrainingSession, make: Callable[[], bytes], name: str
    ) -> HttpResponse:
        try:
            content = make()
        except pdf.NotPrinted as error:
            messages.error(request, str(error))
            return redirect("admin:trainings_session_people", session.pk)
        return files.kept_private(HttpResponse(content, content_type="application/pdf"), name, inline=True)
