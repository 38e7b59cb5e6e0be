"""What staff choose: an audience, a person to preview for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.choices import Family
from territory.models import Municipality


class AudienceForm(forms.Form):
    """Families and municipalities; nothing ticked in one list asks nothing of it."""

    families = forms.MultipleChoiceField(
        label=_("Familles d’acteurs"),
        choices=Family.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    municipalities = forms.ModelMultipleChoiceField(
        label=_("Communes"),
        queryset=Municipality.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipalities"].queryset = Municipality.objects.of_lag()  # type: ignore[attr-defined]


class MomentForm(forms.Form):
    """When letters leave by themselves."""

    at = forms.DateTimeField(
        label=_("Jour et heure"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class PreviewForm(forms.Form):
    """For whom the letter is shown: one of the people invited."""

    contact: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Montrer la lettre de"), queryset=None, required=False, empty_label=_("moi-même")
    )

    def __init__(self, *args, invitations, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["contact"]
        field.queryset = invitations  # type: ignore[attr-defined]
        field.label_from_instance = lambda invitation: str(invitation.contact)  # type: ignore[attr-defined]
