"""What people ask for: a place and an edition."""

from typing import cast

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diagnostics.chapters import CHAPTERS, portrait
from needs.models import Survey
from territory.choices import AreaKind
from territory.models import LAG, Area, Municipality

ALWAYS = portrait.KEY
"""The chapter that every diagnostic has: its sheet and its summary are made of it."""

CHOICES = [(chapter.KEY, chapter.NAME) for chapter in CHAPTERS if chapter.KEY != ALWAYS]


class RequestForm(forms.Form):
    """A scope, by its code, an edition, a survey, chapters. `cleaned_data["scope"]` is the municipality or the area."""

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

    survey = forms.ModelChoiceField(
        Survey.objects.none(),
        label=_("Enquête"),
        required=False,
        empty_label=_("La dernière à laquelle les communes ont répondu"),
        help_text=_("L’édition précédente est trouvée d’elle-même."),
    )
    chapters = forms.MultipleChoiceField(
        label=_("Chapitres"),
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Un chapitre sans matière est laissé de côté, et la méthode le dit. Le portrait y est toujours."
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        place = cast(forms.ChoiceField, self.fields["place"])
        place.choices = _places()
        self.fields["edition"].initial = str(timezone.localdate().year)
        survey, chapters = self.fields["survey"], self.fields["chapters"]
        cast(forms.ModelChoiceField, survey).queryset = Survey.objects.begun().of_communes()
        chapters.initial = [key for key, _name in CHOICES]

    def clean(self) -> dict:
        """Find the place that was chosen."""
        cleaned = super().clean() or {}
        kind, _separator, code = cleaned.get("place", "").partition(":")
        if kind == "commune":
            cleaned["scope"] = Municipality.objects.filter(code=code).first()
        elif kind == "zone":
            cleaned["scope"] = Area.objects.filter(code=code).first()
        if "chapters" in cleaned:
            cleaned["chapters"] = [ALWAYS, *cleaned["chapters"]]
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
