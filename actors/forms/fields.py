"""Fields that several forms of this room ask for: an enterprise number, a telephone, a logo, rows chosen by boxes."""

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


class PhoneField(forms.CharField):
    """A public telephone number as people write it, kept as typed; refused when nobody could call it.

    Eight to fifteen digits (ITU E.164 has fifteen at most), apart by what people put between them, then perhaps
    an extension.
    """

    WRITTEN = re.compile(r"[(]?[+]?([0-9 \u00a0\u202f./()-]*)(?:ext\.? ?[0-9]{1,6})?", re.IGNORECASE)
    FEWEST, MOST = 8, 15

    def __init__(self, **kwargs: Any):
        told: dict[str, Any] = {
            "label": _("Téléphone public"),
            "max_length": 30,
            "required": False,
            "widget": forms.TextInput({"autocomplete": "off", "inputmode": "tel"}),
        }
        super().__init__(**{**told, **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        written = self.WRITTEN.fullmatch(text)
        digits = sum(sign.isdigit() for sign in written[1]) if written else 0
        if text and not self.FEWEST <= digits <= self.MOST:
            raise ValidationError(
                _(
                    "Donnez un numéro de 8 à 15 chiffres, par exemple «\u00a0010 00 00 00\u00a0»\u00a0; un numéro "
                    "interne s’écrit à la fin, «\u00a0ext. 12\u00a0»."
                ),
                code="invalid",
            )
        return text


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
