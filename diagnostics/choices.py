"""States of a diagnostic and the moves between them; its status and who may read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where the work stands."""

    REQUESTED = "requested", _("demandé")
    COLLECTING = "collecting", _("rassemblement des chiffres")
    RENDERING = "rendering", _("mise en page")
    READY = "ready", _("prêt")
    FAILED = "failed", _("échoué")


NEXT: dict[str, tuple[str, ...]] = {
    State.REQUESTED: (State.COLLECTING, State.FAILED),
    State.COLLECTING: (State.RENDERING, State.FAILED),
    State.RENDERING: (State.READY, State.FAILED),
    State.READY: (),
    State.FAILED: (State.REQUESTED, State.RENDERING),
}
"""The only moves. A failed one starts again: at the beginning, or at the page layout when its figures are frozen."""

IN_PROGRESS = (State.REQUESTED, State.COLLECTING, State.RENDERING)


class Status(models.TextChoices):
    """How far the reader may trust it; printed on every page."""

    PROVISIONAL = "provisional", _("provisoire")
    VALIDATED = "validated", _("validé")


class Publication(models.TextChoices):
    """Who may read it."""

    PRIVATE = "private", _("équipe et gestionnaires")
    PUBLIC = "public", _("tout le monde")
