"""The filters of the list of projects: they live in the address, so that a result can be shared."""

from urllib.parse import urlencode

import django_filters
from django.utils.translation import gettext_lazy as _

from projects.choices import State
from projects.models import Project
from territory.models import Dimension, Municipality, Theme

UNKNOWN = {"invalid_choice": _("Ce choix n’existe pas : il est laissé de côté.")}
"""Django's own words would repeat what came with the address, control characters too."""


class ProjectFilter(django_filters.FilterSet):
    """State, municipality, theme, dimension; what is wrong in the address is said and left out."""

    etat = django_filters.ChoiceFilter(
        label=_("État"),
        field_name="state",
        choices=State,
        empty_label=_("Tous les états"),
        error_messages=UNKNOWN,
    )
    commune = django_filters.ModelChoiceFilter(
        label=_("Commune"),
        queryset=lambda request: Municipality.objects.of_lag(),
        field_name="municipalities",
        to_field_name="slug",
        empty_label=_("Toutes les communes"),
        error_messages=UNKNOWN,
    )
    theme = django_filters.ModelChoiceFilter(
        label=_("Thème"),
        queryset=Theme.objects.all(),
        field_name="themes",
        to_field_name="code",
        empty_label=_("Tous les thèmes"),
        error_messages=UNKNOWN,
    )
    dimension = django_filters.ModelChoiceFilter(
        label=_("Dimension"),
        queryset=Dimension.objects.all(),
        field_name="dimensions",
        to_field_name="code",
        empty_label=_("Toutes les dimensions"),
        error_messages=UNKNOWN,
    )

    class Meta:
        model = Project
        fields: list[str] = []

    @property
    def chosen(self) -> dict:
        """What is asked and understood: name → value, empty ones left out."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def found(self):
        """Return the projects that answer to what is understood."""
        projects = self.queryset.all()
        for name, value in self.chosen.items():
            projects = self.filters[name].filter(projects, value)
        return projects

    def address(self, **changes: str) -> str:
        """Return the query of this result with other values: "?commune=incourt&vue=tableau"."""
        keys = {"commune": "slug", "theme": "code", "dimension": "code"}
        values = {name: getattr(value, keys.get(name, ""), value) for name, value in self.chosen.items()}
        query = urlencode({name: value for name, value in (values | changes).items() if value})
        return f"?{query}" if query else "?"
