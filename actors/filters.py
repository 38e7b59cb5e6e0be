"""The directory's filters: they live in the address, so that a result can be shared."""

from urllib.parse import urlencode

import django_filters
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from actors import naming
from actors.choices import FAMILY_SLUGS, OUTSIDE
from actors.models import Actor
from territory.models import Locality


def address_of(village: Locality) -> str:
    """Return what an address calls a village: "folx-les-caves-1350"."""
    return f"{slugify(village.name)}-{village.postal_code}"


class ActorFilter(django_filters.FilterSet):
    """Search, family, municipality, village, theme, and what the map shows; what is wrong is said and left out.

    `municipalities` are the LAG's: the choices, and what « hors du territoire » is outside of; `villages` theirs,
    `indicators` those that a map may show.
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
    theme = django_filters.ChoiceFilter(
        label=_("Thème"), field_name="themes__code", empty_label=_("Tous les thèmes")
    )
    village = django_filters.ChoiceFilter(
        label=_("Village"), method="in_village", empty_label=_("Tous les villages")
    )
    carte = django_filters.ChoiceFilter(
        label=_("La carte montre"), method="shown", empty_label=_("le nombre d’acteurs")
    )

    class Meta:
        model = Actor
        fields: list[str] = []

    def __init__(self, data, queryset, *, municipalities, villages=(), indicators=()):
        super().__init__(data, queryset)
        self.municipalities = list(municipalities)
        self.villages = {address_of(village): village for village in villages}
        groups: dict[str, list[tuple[str, str]]] = {}
        for address, village in self.villages.items():
            groups.setdefault(str(village.municipality), []).append((address, village.name))
        self.form.fields["theme"].choices = [(theme.code, theme.name) for theme in naming.themes()]
        self.form.fields["village"].choices = sorted(groups.items())
        self.form.fields["carte"].choices = [(one.code, one.short_name) for one in indicators]
        fields = self.form.fields
        fields["famille"].choices = [(slug, family.label) for slug, family in FAMILY_SLUGS.items()]
        fields["commune"].choices = [
            *((place.slug, place.name) for place in self.municipalities),
            (OUTSIDE, _("Hors du territoire")),
        ]

    def search(self, actors, name, value):
        """Actors that hold every word, those of a village that is named first."""
        return actors.matching(value).nearest_first(value)

    def in_family(self, actors, name, value):
        """Actors of the family that the address names."""
        return actors.of_family(FAMILY_SLUGS[value])

    def in_municipality(self, actors, name, value):
        """Actors of a municipality, or of none of them."""
        if value == OUTSIDE:
            return actors.outside(self.municipalities)
        return actors.filter(municipality__slug=value)

    def in_village(self, actors, name, value):
        """Actors of one village."""
        return actors.filter(locality=self.villages[value])

    def shown(self, actors, name, value):
        """All of them: what the map shows chooses nobody."""
        return actors

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
        return "?" + urlencode({name: value for name, value in (self.chosen | changes).items() if value})
