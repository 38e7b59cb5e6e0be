"""Fields that several forms of this room ask for: an enterprise number, a logo, rows chosen by boxes."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.forms import PictureField
from territory import enterprise_numbers


class EnterpriseNumberField(forms.CharField):
    """An enterprise number as people write it; cleaned, its ten digits, or ""."""

    def __init__(self, **kwargs: Any):
        told: dict[str, Any] = {"label": _("Numéro d’entreprise"), "max_length": 30, "required": False}
        super().__init__(**{**told, **kwargs})

    def clean(self, value: Any) -> str:
        return enterprise_numbers.normalise(super().clean(value))


class LogoField(PictureField):
    """A logo, written anew; SVG is refused with advice. Twice as wide as any page shows it, for fine pixels."""

    width = 320


class SeveralField(forms.ModelMultipleChoiceField):
    """Rows chosen by boxes; a number that no column holds is no choice."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        for key in value or ():
            if not re.fullmatch(r"[0-9]{1,18}", str(key)):
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        return super().clean(value)
