"""From one state of an import to the next."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from imports.choices import NEXT, State
from imports.models import Import


def move(run: Import, state: State) -> None:
    """Take an import to another state. Raises ValidationError where no way leads there."""
    if state not in NEXT[run.state]:
        raise ValidationError(
            _("Cet import est « %(now)s » : il ne peut pas devenir « %(then)s ».")
            % {"now": run.get_state_display(), "then": state.label},
            code="illegal_move",
        )
    run.state = state
