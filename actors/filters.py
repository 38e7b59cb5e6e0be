"""The directory's filters: they live in the address, so that a result can be shared."""

from urllib.parse import urlencode

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from actors.choices import FAMILY_SLUGS, OUTSIDE
from actors.models import Actor
from territory.models import Theme


class ActorFilter(django_filters.FilterSet):
    """Search, family, municipality, theme; what is wrong in the address is said and left out.

    `municipalities` are the LAG's: the choices, and what « hors du territoire » is outside of.
    """

    q = django_filters.CharFilter(
        label=_("Chercher"),
        method="search",
        max_length=200,
        help_text=_("Un nom, un village, un mot."),
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    famille = django_filters.ChoiceFilter(
        label=_("Famille"), method="in_family", empty_label=_("Toutes"), widget=forms.RadioSelect
    )
    commune = django_filters.ChoiceFilter(
        label=_("Commune"), method="in_municipality", empty_label=_("Toutes les communes")
    )
    theme = django_filters.ModelChoiceFilter(
        label=_("Thème"),
        queryset=Theme.objects.all(),
        field_name="themes",
        to_field_name="code",
        empty_label=_("Tous les thèmes"),
    )

    class Meta:
        model = Actor
        fields: list[str] = []

    def __init__(self, data, queryset, *, municipalities):
        super().__init__(data, queryset)
        self.municipalities = list(municipalities)
        fields = self.form.fields
        fields["famille"].choices = [(slug, family.label) for slug, family in FAMILY_SLUGS.items()]
        fields["commune"].choices = [
            *((place.slug, place.name) for place in self.municipalities),
            (OUTSIDE, _("Hors du territoire")),
        ]

    def search(self, actors, name, value):
        """Actors that hold every word."""
        return actors.matching(value)

    def in_family(self, actors, name, value):
        """Actors of the family that the address names."""
        return actors.of_family(FAMILY_SLUGS[value])

    def in_municipality(self, actors, name, value):
        """Actors of a municipality, or of none of them."""
        if value == OUTSIDE:
            return actors.outside(self.municipalities)
        return actors.filter(municipality__slug=value)

    @property
    def chosen(self) -> dict:
        """What is asked and understood: name → value, empty ones left out."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def without(self, *names: str):
        """Return the actors of the other filters alone: what a choice of `names` would choose among."""
        found = self.queryset.all()
        for name, value in self.chosen.items():
            if name not in names:
                found = self.filters[name].filter(found, value)
        return found

    def address(self, **changes: str) -> str:
        """Return the query of this result with other values: "?famille=communes&commune=incourt"."""
        values = {name: getattr(value, "code", value) for name, value in self.chosen.items()}
        return "?" + urlencode({name: value for name, value in (values | changes).items() if value})
