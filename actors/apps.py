from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActorsConfig(AppConfig):
    name = "actors"
    verbose_name = _("Acteurs et contacts")
    team_permissions = {
        "actors.actor": ("view", "add", "change"),
        "actors.membership": ("view", "add", "change"),
        "actors.contact": ("view", "add", "change", "erase"),
        "actors.proposal": ("view",),
        "actors.correction": ("view", "change"),
        "actors.consent": ("view", "add"),
        "actors.subscription": ("view", "change"),
        "actors.interaction": ("view", "add", "change"),
    }

    def ready(self) -> None:
        from actors import receivers  # noqa: F401 - connects
        from actors.refusals import why_no_digest
        from outbox import vetoes

        vetoes.register(why_no_digest)
