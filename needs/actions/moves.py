"""A state changes only along its own arrows."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def move(obj, state: str, moves: dict[str, tuple[str, ...]]) -> None:
    """Change `obj.state`, unsaved. ValidationError, both states named, when the move is not allowed."""
    if state not in moves[obj.state]:
        words = type(obj)._meta.get_field("state").choices
        labels = {str(code): str(label) for code, label in words}
        raise ValidationError(
            _("« %(what)s » est « %(now)s » : cela ne peut pas devenir « %(then)s ». Rien n’a changé.")
            % {"what": obj, "now": labels[obj.state], "then": labels[state]},
            code="illegal_move",
        )
    obj.state = state
