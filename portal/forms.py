"""What one asks the portal for: the activity of a period; at the desk, what is held of a person."""

from datetime import date
from typing import cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.querysets import normalise_email
from portal.activity import Period
from territory.models import Objective

MOST_YEARS = 10
_CENTURY = [
    MinValueValidator(date(2000, 1, 1), gettext_lazy("Donnez une date à partir de l’an 2000.")),
    MaxValueValidator(date(2099, 12, 31), gettext_lazy("Donnez une date d’avant 2100.")),
]


class ActivityForm(forms.Form):
    """Which activity to report; it lives in the address, so that a report can be asked for again."""

    fiche = forms.ModelChoiceField(
        Objective.objects.none(),
        label=gettext_lazy("Fiche-projet"),
        required=False,
        empty_label=gettext_lazy("Toutes, et ce qui n’en a pas"),
        error_messages={
            "invalid_choice": gettext_lazy("Cette fiche-projet n’existe pas\u00a0: choisissez-en une.")
        },
    )
    du = forms.DateField(
        label=gettext_lazy("Du"),
        validators=_CENTURY,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Donnez le premier jour."),
            "invalid": gettext_lazy("Cette date n’existe pas, par exemple 01/01/2027."),
        },
    )
    au = forms.DateField(
        label=gettext_lazy("Au"),
        validators=_CENTURY,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Donnez le dernier jour."),
            "invalid": gettext_lazy("Cette date n’existe pas, par exemple 31/12/2027."),
        },
    )

    def __init__(self, data=None):
        """Take an address; one that asks nothing asks for this year until today, under all sheets."""
        today = timezone.localdate()
        asked = {name: data.get(name, "") for name in ("fiche", "du", "au")} if data else {}
        if not any(asked.values()):
            asked = {"fiche": "", "du": today.replace(month=1, day=1).isoformat(), "au": today.isoformat()}
        super().__init__(asked)
        sheets = Objective.objects.action_sheets().select_related("plan").order_by("plan", "order", "code")
        cast(forms.ModelChoiceField, self.fields["fiche"]).queryset = sheets

    def clean(self) -> dict:
        data = super().clean() or {}
        start, end = data.get("du"), data.get("au")
        if start and end:
            if end < start:
                self.add_error("au", _("Le dernier jour vient avant le premier."))
            elif end.year - start.year > MOST_YEARS:
                self.add_error("au", _("Une période de {n} ans au plus.").format(n=MOST_YEARS))
        return data

    @property
    def period(self) -> Period:
        """The period asked for, of a valid form."""
        return Period(self.cleaned_data["du"], self.cleaned_data["au"])


class AddressForm(forms.Form):
    """An address; and the name that tells apart those who share it, which a page of ours sends back."""

    email = forms.EmailField(
        label=gettext_lazy("Adresse e-mail"),
        max_length=254,
        help_text=gettext_lazy("Celle que donne la personne qui demande ses données, ou leur effacement."),
        widget=forms.EmailInput({"autocomplete": "off", "inputmode": "email"}),
    )
    name = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    def clean_email(self) -> str:
        """Return the address as it is stored."""
        return normalise_email(self.cleaned_data["email"])
