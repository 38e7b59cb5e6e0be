"""Fields that several forms of a session have."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from trainings import names


class NameField(forms.CharField):
    """A person's name, on one line and visible."""

    def clean(self, value):
        name = names.clean(value or "")
        return super().clean(name if names.folded(name) else "")


class OrganisationField(forms.CharField):
    """An organisation in a person's own words; the page's script proposes actors, and none need be picked."""

    def __init__(self, *, autocomplete: str, **options: Any):
        """`autocomplete` is "organization" where people write their own, "off" where staff write for them."""
        attributes = {"autocomplete": autocomplete, "data-names": reverse_lazy("actors:names")}
        super().__init__(
            label=_("Organisation"),
            max_length=200,
            required=False,
            widget=forms.TextInput(attributes),
            **options,
        )
