"""The catalogue's filters: they live in the URL, and a value that means nothing is left out."""

import django_filters
from django import forms
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from actors.choices import Family
from territory.models import Municipality, Theme
from trainings import names
from trainings.choices import Format
from trainings.models import TrainingSession


class SessionFilter(django_filters.FilterSet):
    """Words, theme, municipality, audience, format, free seats."""

    q = django_filters.CharFilter(
        label=_("Chercher"),
        method="filter_words",
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    theme = django_filters.ChoiceFilter(
        label=_("Thème"),
        field_name="training__themes__code",
        empty_label=_("Tous"),
        widget=forms.RadioSelect,
    )
    commune = django_filters.ChoiceFilter(
        label=_("Commune"), field_name="municipality__slug", empty_label=_("Toutes les communes")
    )
    public = django_filters.ChoiceFilter(
        label=_("Pour qui"),
        method="filter_audience",
        choices=[(family.value, capfirst(str(family.label))) for family in Family],
        empty_label=_("Tout le monde"),
    )
    formule = django_filters.ChoiceFilter(
        label=_("Formule"),
        field_name="format",
        choices=[(value, capfirst(str(label))) for value, label in Format.choices],
        empty_label=_("Toutes les formules"),
    )
    libres = django_filters.BooleanFilter(
        label=_("Seulement avec des places libres"), method="filter_free", widget=forms.CheckboxInput
    )

    class Meta:
        model = TrainingSession
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Compared here and not in the database: whatever the URL holds, no query is made with it.
        self.filters["theme"].extra["choices"] = list(Theme.objects.values_list("code", "name"))
        self.filters["commune"].extra["choices"] = list(
            Municipality.objects.of_lag().values_list("slug", "name")
        )

    def filter_words(self, queryset, name, value):
        for word in names.folded(value).split()[:8]:
            queryset = queryset.filter(training__search_text__contains=word)
        return queryset

    def filter_audience(self, queryset, name, value):
        """Keep what is for a family of actors, and what is for all: its list of families is empty."""
        told = queryset.annotate(told_families=Cast("training__families", TextField()))
        return told.filter(Q(training__families=[]) | Q(told_families__contains=f'"{value}"'))

    def filter_free(self, queryset, name, value):
        return queryset.with_free_seats() if value else queryset

    @property
    def active(self) -> bool:
        """Whether anything is filtered."""
        return any(self.form.cleaned_data.values()) if self.form.is_valid() else True
