"""What people ask for: a place and an edition."""

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from territory.choices import AreaKind
from territory.models import LAG, Area, Municipality


class RequestForm(forms.Form):
    """A scope, by its code, and an edition. `cleaned_data["scope"]` is the municipality or the area."""

    place = forms.ChoiceField(
        label=_("Territoire"), help_text=_("Une commune, le territoire du GAL, une province ou la région.")
    )
    edition = forms.CharField(
        label=_("Édition"),
        max_length=4,
        help_text=_("L’année à imprimer, par exemple 2026."),
        validators=[RegexValidator(r"^(19|20|21)[0-9]{2}$", _("Donnez une année en quatre chiffres."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = _places()
        self.fields["edition"].initial = str(timezone.localdate().year)

    def clean(self) -> dict:
        """Find the place that was chosen."""
        cleaned = super().clean() or {}
        kind, _separator, code = cleaned.get("place", "").partition(":")
        model = {"commune": Municipality, "zone": Area}.get(kind)
        if model:
            cleaned["scope"] = model.objects.filter(code=code).first()
        return cleaned


def _places() -> list:
    """The choices: the LAG and its municipalities first, then larger areas."""
    lag = LAG.objects.select_related("area").first()
    groups = []
    if lag:
        members = Municipality.objects.current().of_area(lag.area)
        own = [(f"zone:{lag.area.code}", lag.name)]
        groups.append(
            (_("Le territoire"), own + [(f"commune:{place.code}", place.name) for place in members])
        )
    areas = Area.objects.exclude(kind=AreaKind.LAG).exclude(municipalities=None).order_by("kind", "slug")
    if areas:
        groups.append((_("Autres zones"), [(f"zone:{area.code}", area.name) for area in areas]))
    return groups
