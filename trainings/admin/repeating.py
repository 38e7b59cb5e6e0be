"""The desk's page that makes a session again, once or as a series: dates are shown before anything is made."""

import re
from datetime import date, timedelta
from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import get_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.nonces import NonceField
from trainings import actions
from trainings.admin.around import AroundTheDay
from trainings.models import TrainingSession

MOST_WEEKS = 12
"""Weeks between two sessions of a series, at most."""


class SeriesForm(forms.Form):
    """When a session takes place again: a first date, every so many weeks, so many times; or a list of dates."""

    first = forms.DateField(
        label=_("Première date"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Écrivez une date, par exemple 15/01/2027.")},
    )
    times = forms.IntegerField(
        label=_("Nombre de séances"),
        required=False,
        min_value=1,
        max_value=actions.MOST_SESSIONS,
        initial=1,
        help_text=_("1 : une simple copie."),
    )
    weeks = forms.IntegerField(
        label=_("Semaines entre deux séances"),
        required=False,
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
        help_text=_("1 : chaque semaine. Le jour et l’heure restent les mêmes, heure d’été ou d’hiver."),
    )
    listed = forms.CharField(
        label=_("Ou des dates au choix"),
        required=False,
        max_length=1500,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Une par ligne, par exemple 15/01/2027. Elles remplacent ce qui précède."),
    )
    nonce = NonceField()

    def clean_listed(self) -> list[date]:
        """Return the dates of the list; every line that is none is named."""
        lines = [line.strip() for line in re.split(r"[\n;,]", self.cleaned_data["listed"]) if line.strip()]
        found, wrong = [], []
        for line in lines:
            try:
                found.append(cast(date, forms.DateField(input_formats=_formats()).clean(line)))
            except forms.ValidationError:
                wrong.append(f"«\u00a0{line[:40]}\u00a0»")
        if wrong:
            raise forms.ValidationError(
                gettext("Ce n’est pas une date : {wrong}. Écrivez par exemple 15/01/2027.").format(
                    wrong=", ".join(wrong[:5])
                )
            )
        return sorted(found)

    def clean(self):
        data = super().clean() or {}
        if not self.errors and not data.get("listed") and not data.get("first"):
            self.add_error("first", gettext("Donnez une date, ou une liste de dates."))
        return data

    def starts(self) -> list[date]:
        """Return the date on which each session starts, from a valid form. Raises Refused past year 9999."""
        data = self.cleaned_data
        if data["listed"]:
            return data["listed"]
        step = timedelta(weeks=data["weeks"] or 1)
        try:
            return [data["first"] + rank * step for rank in range(data["times"] or 1)]
        except OverflowError as error:
            raise actions.Refused(gettext("Ces dates sont trop lointaines. Rien n’est créé.")) from error


class Repeating(AroundTheDay):
    """Make a session again; mixed into the session's admin."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/serie/", view(self.repeat), name="trainings_session_repeat"),
            *super().get_urls(),
        ]

    def repeat(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for dates, show them, then make the drafts."""
        session = self._session(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = SeriesForm(request.POST or None)
        planned = []
        if request.method == "POST" and form.is_valid():
            try:
                starts = form.starts()
                planned = actions.series_days(session, starts=starts) if "creer" not in request.POST else []
                if not planned:
                    nonce = form.cleaned_data["nonce"]
                    return self._made(
                        request,
                        actions.make_series(session, starts=starts, by=cast(User, request.user), nonce=nonce),
                    )
            except actions.Refused as refusal:
                form.add_error(None, str(refusal))
        taken = set(
            TrainingSession.objects.filter(
                training=session.training, days__date__in=[days[0].date for days in planned]
            ).values_list("days__date", flat=True)
        )
        context = {
            "title": gettext("Refaire cette séance"),
            "session": session,
            "form": form,
            "planned": [(days, days[0].date in taken) for days in planned],
        }
        return self._page(request, "repeat", context)

    def _made(self, request: HttpRequest, made: list[TrainingSession]) -> HttpResponse:
        said = ngettext("{n} brouillon est créé.", "{n} brouillons sont créés.", len(made))
        messages.success(request, said.format(n=len(made)))
        if len(made) == 1:
            return redirect("admin:trainings_trainingsession_change", made[0].pk)
        return redirect(f"{reverse('admin:trainings_trainingsession_changelist')}?series={made[0].series}")


def _formats() -> list[str]:
    return [*get_format("DATE_INPUT_FORMATS"), "%Y-%m-%d"]
