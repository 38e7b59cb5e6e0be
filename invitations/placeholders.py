"""The words between braces in a letter: replaced by values, never evaluated. Pure: no database."""

import re
from collections.abc import Callable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LINK = "lien"
KNOWN = ("prenom", "nom", "organisation", LINK, "date_limite")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def unknown(text: str, known: Sequence[str] = KNOWN) -> list[str]:
    """Return the names between braces that no letter knows, in order, each once."""
    return list(dict.fromkeys(name for name in _PLACEHOLDER.findall(text) if name not in known))


def uses(name: str, *texts: str) -> bool:
    """Whether one of these texts holds this placeholder."""
    return any(name in _PLACEHOLDER.findall(text) for text in texts)


def validate(text: str, known: Sequence[str] = KNOWN) -> None:
    """Refuse a text with a placeholder we do not know, or a lone brace; the message lists those that exist."""
    if wrong := unknown(text, known):
        raise ValidationError(
            _("Nous ne connaissons pas %(wrong)s. Vous pouvez écrire : %(known)s."),
            code="placeholder",
            params={"wrong": _listed(wrong), "known": _listed(known)},
        )
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        raise ValidationError(
            _("Une accolade est seule. Elles entourent un des mots que nous connaissons\u00a0: %(known)s."),
            code="lone_brace",
            params={"known": _listed(known)},
        )


def validate_subject(text: str, known: Sequence[str] = KNOWN) -> None:
    """Refuse in a subject what `validate` refuses, line breaks, and the personal link."""
    validate(text, known)
    if f"{{{LINK}}}" in text:
        raise ValidationError(
            _("Le lien personnel ne peut pas se trouver dans l’objet."), code="link_in_subject"
        )
    if any(not character.isprintable() and character != "\u00a0" for character in text):
        raise ValidationError(_("L’objet tient sur une seule ligne."), code="control_character")


def fill(text: str, values: Mapping[str, str], clean: Callable[[str], str] = str) -> str:
    """Return the text with each placeholder replaced once; what a value holds is not read again.

    `clean` is applied to what stands around the placeholders (HTML escaping); values come clean.
    """
    parts = _PLACEHOLDER.split(text)
    # The names are every second part.
    return "".join(values[part] if place % 2 else clean(part) for place, part in enumerate(parts))


def _listed(names) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
