"""Who comes to a session, in the desk, and the small form that gives somebody on the phone a seat."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from trainings import actions, openings, questioning
from trainings.admin import queue
from trainings.admin.around import AroundTheDay
from trainings.choices import RegistrationState
from trainings.forms import PhoneForm
from trainings.models import TrainingSession


class People(AroundTheDay):
    """Who has a seat, who waits, whom to phone; mixed into the session's admin."""

    def get_urls(self):
        people = self.admin_site.admin_view(self.people)
        return [path("<int:pk>/inscriptions/", people, name="trainings_session_people"), *super().get_urls()]

    def people(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who has a seat, who waits, who gave up, and whom to phone."""
        session = get_object_or_404(TrainingSession.objects.with_seats().select_related("training"), pk=pk)
        if not self.has_view_permission(request, session):
            return HttpResponse(status=403)
        form = PhoneForm(request.POST or None, session=session, anyway="quand_meme" in request.POST)
        form.fields["name"].widget.attrs["autofocus"] = "telephone" in request.GET
        if request.method == "POST" and self._enter(request, session, form):
            return redirect("admin:trainings_session_people", pk)
        everybody = session.registrations.select_related("actor", "municipality").order_by("position")
        people = list(everybody.prefetch_related("answers"))
        offered, waiting = queue.rows(people)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Qui vient"),
            "opts": self.opts,
            "session": session,
            "form": form,
            "why_closed": openings.why_closed(session, timezone.now()) if not form.is_bound else "",
            "confirmed": [one for one in people if one.state == "confirmed"],
            "offered": offered,
            "waiting": waiting,
            "may_seat": queue.may_act(request, session),
            "cancelled": [one for one in people if one.state == "cancelled"],
            "answers": questioning.table(session, [one for one in people if one.state != "cancelled"]),
            "to_phone": [one for one in people if not one.email and one.state != "cancelled"],
        }
        return TemplateResponse(request, "admin/trainings/trainingsession/people.html", context)

    def _enter(self, request: HttpRequest, session: TrainingSession, form: PhoneForm) -> bool:
        """Give a seat to whom staff have on the phone; False when the form says what is wrong."""
        if not request.user.has_perm("trainings.add_registration"):
            raise PermissionDenied
        if not form.is_valid():
            return False
        person = actions.Person(
            name=form.cleaned_data["name"],
            phone=form.cleaned_data["phone"],
            municipality=form.cleaned_data["municipality"],
        )
        try:
            done = actions.register(
                session=session,
                people=[person],
                by=cast(User, request.user),
                nonce=form.cleaned_data["nonce"],
            )
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
            return False
        registration = done.registrations[0]
        if registration.state == RegistrationState.CONFIRMED:
            said = gettext("{name} a une place.")
        elif registration.state == RegistrationState.OFFERED:
            said = gettext("{name} a déjà une place proposée : acceptez à sa place, plus bas.")
        else:
            said = gettext("{name} est en attente : la séance est complète.")
            if session.share_told:
                said = gettext("{name} est en attente : {share}")
        messages.success(request, said.format(name=registration.name, share=session.share_told))
        return True
