"""The desk's page of go or no-go: how many are registered, and both letters as they would leave."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.models import User
from trainings import actions, emails
from trainings.admin.around import AroundTheDay
from trainings.choices import SessionState
from trainings.models import Registration, TrainingSession


class Deciding(AroundTheDay):
    """Keep a session or call it off; mixed into the session's admin."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/decision/", view(self.decide), name="trainings_session_decide"),
            *super().get_urls(),
        ]

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show both letters; a POST keeps the session or calls it off."""
        session = self._session(request, pk)
        if request.method == "POST":
            if not self.has_change_permission(request, session):
                raise PermissionDenied
            try:
                messages.success(request, self._decided(request, session))
            except actions.Refused as refusal:
                messages.error(request, str(refusal))
                return redirect("admin:trainings_session_decide", pk)
            return redirect("admin:trainings_trainingsession_change", pk)
        confirmed = session.registrations.confirmed().count()
        reason = prepared_reason(session, confirmed)
        sample = emails.sample(session, name=str(request.user), email=cast(User, request.user).email)
        kept = emails.session_confirmed(sample)
        session.cancellation_reason = reason  # as the letter would say it; nothing is saved
        off = emails.session_cancelled(sample)
        context = {
            "title": gettext("Maintenir ou annuler ?"),
            "session": session,
            "confirmed": confirmed,
            "waiting": session.registrations.waiting().count(),
            "reason": reason,
            "open": session.state == SessionState.PUBLISHED,
            "overdue": session.decide_on is not None and session.decide_on < timezone.localdate(),
            "letters": [(one.subject, _to_nobody(str(one.body), sample)) for one in (kept, off) if one],
        }
        return self._page(request, "decide", context)

    def _decided(self, request: HttpRequest, session: TrainingSession) -> str:
        by = cast(User, request.user)
        match request.POST.get("faire", ""):
            case "maintenir":
                if not actions.maintain(session, tell=bool(request.POST.get("prevenir")), by=by):
                    return gettext("La séance était déjà confirmée. Rien n’est changé.")
                return gettext("La séance est confirmée.")
            case "annuler":
                if not actions.give_up(session, reason=request.POST.get("motif", ""), by=by):
                    return gettext("La séance était déjà annulée. Rien n’est changé.")
                return gettext("La séance est annulée, et chacun reçoit sa lettre.")
        raise actions.Refused(gettext("Ce bouton n’existe pas. Rien n’est changé."))


def _to_nobody(body: str, sample: Registration) -> str:
    """Return a sample letter with words in place of its personal link, which would lead to nobody."""
    return body.replace(emails.manage_url(sample), gettext("[votre lien personnel]"))


def prepared_reason(session: TrainingSession, confirmed: int) -> str:
    """Return the reason that stands ready in the letter; staff may write another."""
    return ngettext(
        "Trop peu d’inscriptions : {n} personne, pour un minimum de {minimum}.",
        "Trop peu d’inscriptions : {n} personnes, pour un minimum de {minimum}.",
        confirmed,
    ).format(n=confirmed, minimum=session.minimum)
