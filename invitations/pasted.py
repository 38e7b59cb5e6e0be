"""A list of addresses as somebody pastes it: one a line, or with semicolons, names around. Pure: no database."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.querysets import normalise_email

LONGEST = 5000
"""Lines that one list may hold."""

_PIECES = re.compile(r"[\s<>()\[\],;:\"]+")
_BREAKS = re.compile(r"[\n\r;\u2028\u2029]+")


@dataclass(frozen=True)
class Line:
    """One line: what was pasted, and its address in the form in which they are stored; "" when there is none."""

    text: str
    email: str


def read(text: str) -> list[Line]:
    """Return the lines of a list, in order; several addresses on one line are as many lines.

    « Ada Fictive <ada@exemple.invalid> » is understood, as mail programs copy it.
    """
    found: list[Line] = []
    for raw in _BREAKS.split(text):
        line = _visible(raw)
        # Cut first, then asked: one expression for both would try each sign of a long word as a beginning.
        pieces = (one.rstrip(".") for one in _PIECES.split(line))
        addresses = [one for one in pieces if "@" in one.strip("@")]
        if addresses:
            found += [Line(one, _known_form(one)) for one in addresses]
        elif line:
            found.append(Line(line, ""))
    return found


def _visible(text: str) -> str:
    """Whatever a spreadsheet or a PDF leaves in a text (tabs, zero-width signs) is a space or nothing."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text if sign not in "\u200b\ufeff\u00ad")
    return " ".join(kept.split())


def _known_form(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return normalise_email(address)
