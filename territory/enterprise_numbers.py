"""Belgian enterprise numbers (BCE/KBO): ten digits, the last two of which check the first eight.

Rule: the last two digits are 97 minus the remainder of the first eight divided by 97; an enterprise number
starts with 0 or 1 (Crossroads Bank for Enterprises; the arithmetic is python-stdnum's `stdnum.be.vat`).
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.be import vat
from stdnum.exceptions import ValidationError as BadNumber

_TYPED_AROUND = re.compile(r"[\s.,()/_\-\u2010-\u2015]|^BE", re.IGNORECASE)


def normalise(text: str) -> str:
    """Return the ten digits of a number as people type it ("BE 0314.595.348", "314595348"); "" for nothing.

    Raises ValidationError, in French, for what is not an enterprise number.
    """
    digits = _TYPED_AROUND.sub("", text.strip())
    digits = _TYPED_AROUND.sub("", digits)
    if not digits:
        return ""
    if len(digits) == 9:
        digits = f"0{digits}"
    try:
        if len(digits) != 10 or not digits.isascii() or not digits.isdigit() or digits[0] not in "01":
            raise BadNumber
        vat.validate(digits)
    except BadNumber:
        raise ValidationError(
            _(
                "« %(number)s » n’est pas un numéro d’entreprise : dix chiffres attendus, "
                "par exemple 0314.595.348."
            ),
            code="enterprise_number",
            params={"number": text},
        ) from None
    return digits


def validate(value: str) -> None:
    """Refuse, as a model validator, what is not the ten digits of an enterprise number."""
    if normalise(value) != value:
        raise ValidationError(
            _("Écrivez les dix chiffres du numéro d’entreprise, sans point ni espace."),
            code="enterprise_number",
        )


def shown(value: str) -> str:
    """Return "0314.595.348" for "0314595348"; "" for nothing."""
    return f"{value[:4]}.{value[4:7]}.{value[7:]}" if value else ""
