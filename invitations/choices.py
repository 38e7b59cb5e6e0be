"""The states of a campaign and their moves; where an invitation is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a campaign is."""

    DRAFT = "draft", _("brouillon")
    SCHEDULED = "scheduled", _("programmée")
    LAUNCHING = "launching", _("en cours de lancement")
    RUNNING = "running", _("lancée")
    CLOSED = "closed", _("clôturée")
    CANCELLED = "cancelled", _("annulée")


NEXT: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.SCHEDULED, State.LAUNCHING, State.CANCELLED),
    State.SCHEDULED: (State.DRAFT, State.LAUNCHING, State.CANCELLED),
    # Launched again when people were added: only those who are new are written to.
    State.LAUNCHING: (State.RUNNING, State.CLOSED, State.CANCELLED),
    State.RUNNING: (State.LAUNCHING, State.CLOSED, State.CANCELLED),
    State.CLOSED: (),
    State.CANCELLED: (),
}
"""State → states it may move to."""

OPEN = (State.LAUNCHING, State.RUNNING)
"""States in which letters leave and links work."""


class Progress(models.TextChoices):
    """Where one invitation is; read from its dates and its letters, never stored."""

    PREPARED = "prepared", _("pas encore écrite")
    WAITING = "waiting", _("en attente d’envoi")
    SENT = "sent", _("envoyée")
    BEGUN = "begun", _("commencée")
    ANSWERED = "answered", _("répondue")
    REACHED = "reached", _("jointe autrement")
    BOUNCED = "bounced", _("adresse refusée")
    UNCERTAIN = "uncertain", _("incertaine")
    WITHHELD = "withheld", _("non partie")


class Answer(models.TextChoices):
    """What the people of another campaign have done with it."""

    INVITED = "invited", _("y étaient invitées")
    ANSWERED = "answered", _("y ont répondu")
    SILENT = "silent", _("n’y ont pas répondu")
