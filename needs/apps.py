"""Surveys, maturity and needs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    name = "needs"
    verbose_name = _("Enquêtes et besoins")
    team_permissions = {
        "needs.questionnaire": ("view", "add", "change"),
        "needs.section": ("view", "add", "change", "delete"),
        "needs.question": ("view", "add", "change", "delete"),
        "needs.choice": ("view", "add", "change", "delete"),
        "needs.survey": ("view", "add", "change"),
        "needs.response": ("view",),
        "needs.answer": ("view",),
        "needs.need": ("view", "add", "change"),
        "needs.sharedneed": ("view", "add", "change"),
        "needs.position": ("view", "add", "change"),
    }
