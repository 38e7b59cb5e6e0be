"""What kinds of letters are called. Rooms write a kind in a header and never know this one: the roof names them."""

from collections.abc import Mapping

from django.utils.functional import Promise

_names: dict[str, str | Promise] = {}


def name(names: Mapping[str, str | Promise]) -> None:
    """Give kinds their names; "invitation.reminder" also names "invitation.reminder.2"."""
    _names.update(names)


def called(kind: str) -> str:
    """Return the name of a kind, or the kind itself where nobody named it; "invitation.reminder.2" → "relance 2"."""
    if kind in _names:
        return str(_names[kind])
    family, _dot, number = kind.rpartition(".")
    return f"{_names[family]} {number}" if family in _names else kind
