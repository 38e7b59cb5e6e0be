from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActorsConfig(AppConfig):
    name = "actors"
    verbose_name = _("Acteurs et contacts")
    team_permissions = {
        "actors.actor": ("view", "add", "change"),
        "actors.membership": ("view", "add", "change"),
        "actors.proposal": ("view",),
        "actors.correction": ("view", "change"),
        "actors.contact": ("view", "add", "change"),
        "actors.consent": ("view", "add"),
    }

    def ready(self) -> None:
        from actors import receivers  # noqa: F401 - connects
