"""The desk around the day: the roll call, the sheet to sign, and what follows; every act calls an action."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.proving import proven_for_file
from documents import files, pdf
from documents.storage import StorageFull
from trainings import actions, figures, names, printing, proof
from trainings.choices import OPEN
from trainings.models import Certificate, SessionDay, TrainingSession

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as Base
else:
    Base = object

PRESENT, ABSENT, UNKNOWN = "present", "absent", "inconnu"
STATES: dict[str, bool | None] = {PRESENT: True, ABSENT: False, UNKNOWN: None}
"""What a tap says → what is kept."""


class AroundTheDay(Base):
    """The pages of a session before, on and after its day; mixed into the session's admin."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/appel/", view(self.roll_call), name="trainings_session_roll_call"),
            path("<int:pk>/feuille/", view(require_safe(self.sheet)), name="trainings_session_sheet"),
            path("<int:pk>/apres/", view(require_safe(self.after)), name="trainings_session_after"),
            path("<int:pk>/suites/", view(require_POST(self.follow)), name="trainings_session_follow"),
            path("<int:pk>/preuves/", view(require_safe(self.proof)), name="trainings_session_proof"),
            path(
                "<int:pk>/feuille-signee/",
                view(require_safe(self.signed_sheet)),
                name="trainings_session_signed_sheet",
            ),
            *super().get_urls(),
        ]

    # The roll call --------------------------------------------------------------------------------------

    def roll_call(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who is there, day by day. A tap posts the state that is wanted: sent twice, it is one."""
        session = self._session(request, pk)
        if request.method == "POST":
            return self._mark(request, session)
        days = session.announced_days
        day = _chosen(days, request.GET.get("jour", ""))
        marks = _marks(day) if day else {}
        if wants_json(request):
            return JsonResponse(told(session, day))
        people = session.registrations.confirmed().select_related("actor").order_by("folded_name", "position")
        states = [
            (PRESENT, gettext("Présent")),
            (ABSENT, gettext("Absent")),
            (UNKNOWN, gettext("À dire")),
        ]
        rows = [(one, marks.get(str(one.public_id), UNKNOWN)) for one in people]
        context = {
            "title": gettext("Appel"),
            "session": session,
            "days": session.named_days,
            "day": day,
            "arrival": self._arrival(),
            "open": day is not None and not session.cancelled_at and day.date <= timezone.localdate(),
            "rows": rows,
            "states": states,
            "counted": _counted([state for _one, state in rows]),
        }
        return self._page(request, "roll_call", context)

    def _arrival(self) -> Any:
        """Return the form for who comes unannounced; none where nobody may be added."""
        return None

    def _mark(self, request: HttpRequest, session: TrainingSession) -> HttpResponse:
        if not self.has_change_permission(request, session):
            raise PermissionDenied
        day = next(
            (one for one in session.announced_days if str(one.public_id) == request.POST.get("jour")), None
        )
        who, _space, wanted = request.POST.get("marque", "").partition(" ")
        refusal = ""
        known = identifier(who)
        registration = session.registrations.filter(public_id=known).first() if known else None
        if day is None or registration is None or wanted not in STATES:
            refusal = gettext("Cette personne ou ce jour n’est plus sur la liste. Rien n’est changé.")
        else:
            try:
                actions.mark_attendance(
                    registration, day=day, attended=STATES[wanted], by=cast(User, request.user)
                )
            except actions.Refused as refused:
                refusal = str(refused)
        if not wants_json(request):
            if refusal:
                messages.error(request, refusal)
            where = f"?jour={day.public_id}#p-{who}" if day else ""
            return redirect(reverse("admin:trainings_session_roll_call", args=[session.pk]) + where)
        return JsonResponse(told(session, day, refusal), status=409 if refusal else 200)

    # Papers ---------------------------------------------------------------------------------------------

    def sheet(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The sheet to sign, as a PDF."""
        session = self._session(request, pk)
        try:
            content = printing.sheet(session, created=timezone.now())
        except pdf.NotPrinted as error:
            messages.error(request, str(error))
            return redirect("admin:trainings_session_after", pk)
        response = HttpResponse(content, content_type="application/pdf")
        return files.kept_private(response, proof.file_name(session, "feuille", "pdf"), inline=True)

    @method_decorator(proven_for_file)
    def proof(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The proof file of the session, as a ZIP; names and signatures leave by who has just proved to be there."""
        session = self._session(request, pk)
        content = actions.export_proof(session, by=cast(User, request.user))
        response = HttpResponse(content, content_type="application/zip")
        return files.kept_private(response, proof.file_name(session, "preuves", "zip"))

    def signed_sheet(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The scan that was kept last, to read; earlier ones stay among the documents."""
        kept = self._session(request, pk).signed_sheet
        if kept is None:
            raise Http404
        try:
            return files.serve(kept.file, kept.name, content_type=kept.content_type, inline=True)
        except FileNotFoundError as error:
            raise Http404 from error

    # What follows ---------------------------------------------------------------------------------------

    def after(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What exists of a session's proofs and what is missing, certificates, opinions."""
        session = self._session(request, pk)
        opinion = figures.opinion(session)
        certificates = list(Certificate.objects.of_session(session))
        over = session.ends_at is not None and session.ends_at <= timezone.now() and not session.cancelled_at
        context = {
            "title": gettext("Après la séance"),
            "session": session,
            "pieces": proof.pieces(session),
            "over": over,
            "to_hold": over and session.state in OPEN,
            "uncalled": session.registrations.not_called_each_day(len(session.announced_days)).count(),
            "to_certify": session.registrations.without_certificate().count(),
            "to_ask": session.registrations.to_ask_for_an_evaluation().count(),
            "certificates": certificates,
            "opinion": opinion,
            "fewest": figures.FEWEST,
            "may_change": self.has_change_permission(request, session),
        }
        return self._page(request, "after", context)

    def follow(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Issue or withdraw certificates, ask what people thought, keep the signed sheet."""
        session = self._session(request, pk)
        if not self.has_change_permission(request, session):
            raise PermissionDenied
        by = cast(User, request.user)
        try:
            said = self._follow(request, session, by)
        except (actions.Refused, StorageFull) as refusal:
            messages.error(request, str(refusal))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, said)
        return redirect("admin:trainings_session_after", pk)

    def _follow(self, request: HttpRequest, session: TrainingSession, by: User) -> str:
        match request.POST.get("faire", ""):
            case "delivrer":
                n = len(actions.issue_certificates(session, by=by))
                return ngettext(
                    "{n} attestation est délivrée.", "{n} attestations sont délivrées.", n
                ).format(n=n)
            case "retirer":
                wanted = Certificate.objects.of_session(session).filter(
                    number=names.clean(request.POST.get("numero", ""))
                )
                certificate = get_object_or_404(wanted)
                actions.withdraw_certificate(certificate, reason=request.POST.get("motif", ""), by=by)
                return gettext("L’attestation {number} est retirée.").format(number=certificate.number)
            case "demander":
                n = actions.ask_evaluations(session, by=by)
                return ngettext("{n} lettre part.", "{n} lettres partent.", n).format(n=n)
            case "feuille":
                if "fichier" not in request.FILES:
                    raise actions.Refused(gettext("Choisissez d’abord un fichier. Rien n’est changé."))
                actions.keep_signed_sheet(session, upload=request.FILES["fichier"], by=by)
                return gettext("La feuille signée est gardée.")
        raise actions.Refused(gettext("Ce bouton n’existe pas. Rien n’est changé."))

    # Inside ---------------------------------------------------------------------------------------------

    def _session(self, request: HttpRequest, pk: int) -> TrainingSession:
        sessions = TrainingSession.objects.select_related(
            "training__action_sheet", "municipality", "locality", "signed_sheet"
        )
        session = get_object_or_404(sessions.with_proof().prefetch_related("days"), pk=pk)
        if not self.has_view_permission(request, session):
            raise PermissionDenied
        return session

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = self.admin_site.each_context(request)
        return TemplateResponse(
            request,
            f"admin/trainings/trainingsession/{name}.html",
            {**shared, "opts": self.opts, **context},
        )


def _chosen(days: list[SessionDay], wanted: str) -> SessionDay | None:
    """Return the day asked for (its identifier, or "2027-01-12"); else today's, else the last, else the first.

    Of two half-days of today, the afternoon is on from an hour before it starts.
    """
    now, today = timezone.now(), timezone.localdate()
    asked = [day for day in days if wanted in (str(day.public_id), day.date.isoformat())]
    begun = [day for day in days if day.starts_at <= now + timedelta(hours=1)]
    of_today = [day for day in days if day.date == today]
    late = begun[-1:] if begun and begun[-1].date == today else []
    return next(iter([*asked, *late, *of_today, *reversed(begun), *days]), None)


def _marks(day: SessionDay) -> dict[str, str]:
    """Return each person's state on a day, by public identifier; who was not spoken of is not in it."""
    rows = day.marks.values_list("registration__public_id", "attended")
    return {str(public_id): PRESENT if attended else ABSENT for public_id, attended in rows}


def _counted(states: list[str]) -> str:
    there, missing, unknown = (states.count(state) for state in (PRESENT, ABSENT, UNKNOWN))
    return gettext("Présents : {there} · absents : {missing} · à dire : {unknown}").format(
        there=there, missing=missing, unknown=unknown
    )


def told(session: TrainingSession, day: SessionDay | None, refusal: str = "") -> dict[str, Any]:
    """Return everybody's mark of a day, not only the last one: two phones that hold a list agree after each tap."""
    marks = _marks(day) if day else {}
    people = session.registrations.confirmed().values_list("public_id", flat=True)
    told = {str(one): marks.get(str(one), UNKNOWN) for one in people}
    return {"marks": told, "text": refusal or _counted(list(told.values())), "late": bool(refusal)}


def wants_json(request: HttpRequest) -> bool:
    """Whether the roll call's script asks, rather than a form."""
    return "application/json" in request.headers.get("Accept", "")


def identifier(text: str) -> uuid.UUID | None:
    """Return the public identifier that a form names, None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
