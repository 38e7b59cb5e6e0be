"""Fields that several forms of a session have."""

from django import forms

from trainings import names


class NameField(forms.CharField):
    """A person's name, on one line and visible."""

    def clean(self, value):
        return super().clean(names.clean(value or ""))
