"""The stored roles. Member, trainer and assessor are derived from relations, in the rooms that own them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is to the LAG; empty for everybody else."""

    ADMINISTRATOR = "administrator", _("Administrateur")
    TEAM = "team", _("Équipe GAL")
    MANAGER = "manager", _("Gestionnaire")


STAFF = (Role.ADMINISTRATOR, Role.TEAM)
"""Roles that enter the desk, with a second factor."""
