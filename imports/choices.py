"""The closed lists of this room: how far an import is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far an import is."""

    COLUMNS = "columns", _("colonnes à vérifier")
    CHECKING = "checking", _("aperçu en préparation")
    READY = "ready", _("aperçu à lire")
    WRITING = "writing", _("écriture en cours")
    DONE = "done", _("terminé")
    FAILED = "failed", _("interrompu")
    DROPPED = "dropped", _("abandonné")


NEXT: dict[str, tuple[str, ...]] = {
    State.COLUMNS: (State.CHECKING, State.DROPPED),
    State.CHECKING: (State.READY, State.FAILED, State.DROPPED),
    State.READY: (State.CHECKING, State.WRITING, State.DROPPED),
    State.WRITING: (State.DONE, State.FAILED),
    State.FAILED: (State.CHECKING, State.WRITING, State.DROPPED),
    State.DONE: (),
    State.DROPPED: (),
}
"""State → states it may move to."""
AT_WORK = (State.CHECKING, State.WRITING)
LEAVE = "leave"
"""What a person decides for a possible duplicate, besides the key of the one it is and the target's choices."""
