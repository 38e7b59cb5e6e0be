"""The minute after a session: what a person says of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from territory.models import Municipality
from trainings import names
from trainings.choices import CRITERIA

SCORES = [(5, "5"), (4, "4"), (3, "3"), (2, "2"), (1, "1")]


class EvaluationForm(forms.Form):
    """A minute after the session: three scores, and what one wants to add."""

    field_order = [*CRITERIA, "remarks", "missing", "as_need"]

    remarks = forms.CharField(
        label=_("Une remarque, une idée ?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
    missing = forms.CharField(
        label=_("Ce qui me manque"),
        required=False,
        max_length=2000,
        help_text=_("Un sujet à apprendre, un coup de main, un outil. N’écrivez pas votre nom ici."),
        widget=forms.Textarea({"rows": 4}),
    )

    as_need = forms.BooleanField(
        label=_("J’accepte que le GAL en fasse un besoin à suivre."),
        required=False,
        help_text=_(
            "Il est alors gardé avec votre commune, sans votre nom, et lu même s’il y a peu d’avis\u00a0; d’autres "
            "communes ont peut-être le même."
        ),
    )

    def __init__(self, *args, place: Municipality | None, **kwargs):
        """`place`: the person's municipality, whose need it would be."""
        super().__init__(*args, **kwargs)
        if place is None:
            del self.fields["as_need"]
        for name, label in CRITERIA.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                choices=SCORES,
                coerce=int,
                widget=forms.RadioSelect,
                help_text=_("De 5, tout à fait, à 1, pas du tout."),
                error_messages={
                    "required": _("Choisissez de 5 à 1."),
                    "invalid_choice": _("Choisissez de 5 à 1."),
                },
            )
        self.order_fields(self.field_order)

    def opinion(self) -> dict[str, Any]:
        """Return what `actions.evaluate` takes, from a valid form."""
        data = self.cleaned_data
        words = {
            name: "\n".join(filter(None, map(names.clean, data[name].splitlines())))
            for name in ("remarks", "missing")
        }
        return {name: data[name] for name in CRITERIA} | words | {"as_need": data.get("as_need", False)}
