"""The closed lists of this room: kinds of projects, states and their moves, roles of partners."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a project makes."""

    TOOL = "tool", _("outil ou plateforme")
    SERVICE = "service", _("service")
    EVENT = "event", _("événement")
    INFRASTRUCTURE = "infrastructure", _("infrastructure")
    LOCAL_ACTION = "local_action", _("action locale existante")


class State(models.TextChoices):
    """Where a project stands."""

    ANNOUNCED = "announced", _("annoncé")
    DESIGN = "design", _("en conception")
    APPROVED = "approved", _("approuvé")
    RUNNING = "running", _("en cours")
    COMPLETED = "completed", _("terminé")
    EVALUATED = "evaluated", _("évalué")
    PAUSED = "paused", _("en pause")
    ABANDONED = "abandoned", _("abandonné")


NEXT: dict[str, tuple[str, ...]] = {
    State.ANNOUNCED: (State.DESIGN, State.ABANDONED),
    State.DESIGN: (State.APPROVED, State.PAUSED, State.ABANDONED),
    State.APPROVED: (State.RUNNING, State.PAUSED, State.ABANDONED),
    State.RUNNING: (State.COMPLETED, State.PAUSED, State.ABANDONED),
    State.COMPLETED: (State.EVALUATED,),
    State.EVALUATED: (),
    State.PAUSED: (State.DESIGN, State.APPROVED, State.RUNNING, State.ABANDONED),
    State.ABANDONED: (State.DESIGN,),
}
"""State → states it may move to; a paused or abandoned project may be taken up again."""

EXPLAINED = (State.PAUSED, State.ABANDONED)
"""States that say why."""

UNDER_WAY = (State.ANNOUNCED, State.DESIGN, State.APPROVED, State.RUNNING)
"""States in which a milestone may be late."""

STATE_ICONS: dict[str, str] = {
    State.ANNOUNCED: "seed",
    State.DESIGN: "shoot",
    State.APPROVED: "stem",
    State.RUNNING: "ear",
    State.COMPLETED: "sheaf",
    State.EVALUATED: "chart",
    State.PAUSED: "clock",
    State.ABANDONED: "voice",
}
"""The sign of each state, as symbols of img/icons.svg: a project grows."""

STATE_TAGS: dict[str, str] = {
    State.RUNNING: "fine",
    State.COMPLETED: "fine",
    State.EVALUATED: "fine",
}
"""The colour of a state's tag; the others are neutral."""


class PartnerRole(models.TextChoices):
    """What an actor is to a project, besides leading it."""

    PARTNER = "partner", _("partenaire")
    FUNDER = "funder", _("financeur")
    SUPPLIER = "supplier", _("fournisseur")
    USER = "user", _("utilisateur")


ROLE_HEADS: dict[str, object] = {
    PartnerRole.PARTNER: _("Partenaires"),
    PartnerRole.FUNDER: _("Financeurs"),
    PartnerRole.SUPPLIER: _("Fournisseurs"),
    PartnerRole.USER: _("Utilisateurs"),
}
"""What stands above the actors of a role."""
