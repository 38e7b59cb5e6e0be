"""Co-built projects."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projets")
    team_permissions = {
        "projects.project": ("view", "add", "change"),
        "projects.partnership": ("view", "add", "change", "delete"),
        "projects.milestone": ("view", "add", "change", "delete"),
    }
