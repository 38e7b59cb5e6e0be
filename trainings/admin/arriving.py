"""The roll call's small form for somebody who came unannounced; sent again over a bad network, it is one person."""

from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.nonces import NonceField
from territory.models import Municipality
from trainings import actions, names
from trainings.admin.around import AroundTheDay, told, wants_json
from trainings.forms import NameField, OrganisationField, actor_named
from trainings.models import Registration


class ArrivalForm(forms.Form):
    """A name is enough; what else is known is useful to whoever counts families and municipalities."""

    name = NameField(
        label=_("Nom"), max_length=150, error_messages={"required": _("Quel est le nom de la personne ?")}
    )
    email = forms.EmailField(
        label=_("Adresse e-mail"),
        required=False,
        widget=forms.EmailInput({"inputmode": "email", "autocomplete": "off"}),
        error_messages={"invalid": _("Cette adresse n’est pas complète, par exemple « nom@exemple.be ».")},
    )
    organisation = OrganisationField(autocomplete="off")
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=_("Commune"),
        required=False,
        to_field_name="slug",
        empty_label=_("Inconnue, ou hors du territoire"),
    )
    nonce = NonceField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["municipality"]).queryset = Municipality.objects.of_lag()
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def person(self) -> actions.Person:
        """Return who came, from a valid form."""
        data = self.cleaned_data
        organisation = names.clean(data["organisation"])
        return actions.Person(
            name=data["name"],
            email=data["email"],
            organisation=organisation,
            actor=actor_named(organisation),
            municipality=data["municipality"],
        )


class Arriving(AroundTheDay):
    """Add who came unannounced; mixed into the session's admin."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/arrivee/", view(require_POST(self.arrive)), name="trainings_session_arrive"),
            *super().get_urls(),
        ]

    def _arrival(self) -> ArrivalForm:
        return ArrivalForm(auto_id="arrivee_%s")

    def arrive(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add one person, present on the day that is called."""
        session = self._session(request, pk)
        allowed = self.has_change_permission(request, session)
        if not allowed or not request.user.has_perm("trainings.add_registration"):
            raise PermissionDenied
        day = next(
            (one for one in session.announced_days if str(one.public_id) == request.POST.get("jour")), None
        )
        form, refusal, said, was_known = ArrivalForm(request.POST), "", "", False
        if day is None:
            refusal = gettext("Ce jour n’est plus un jour de cette séance. Rien n’est changé.")
        elif not form.is_valid():
            refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
        else:
            try:
                came = actions.arrive(
                    session,
                    person=form.person(),
                    day=day,
                    nonce=form.cleaned_data["nonce"],
                    by=cast(User, request.user),
                )
                # Who bears another form's mark was on the list before.
                was_known = came.nonce != form.cleaned_data["nonce"]
                said = _said(came, was_known)
            except actions.Refused as refused:
                refusal = str(refused)
        if wants_json(request):
            if was_known:
                # A new line would show itself; this is said when the script loads the page again.
                messages.info(request, said)
            return JsonResponse(told(session, day, refusal), status=409 if refusal else 200)
        if refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, said)
        where = f"?jour={day.public_id}" if day else ""
        return redirect(reverse("admin:trainings_session_roll_call", args=[session.pk]) + where)


def _said(came: Registration, was_known: bool) -> str:
    text = gettext("{name} est sur la liste, et présent.")
    if was_known:
        text = gettext("{name} : cette personne était déjà inscrite, elle est marquée présente.")
    return text.format(name=came.name)
