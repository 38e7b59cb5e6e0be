from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvitationsConfig(AppConfig):
    name = "invitations"
    verbose_name = _("Invitations")
    team_permissions = {"invitations.campaign": ("view", "add", "change")}

    def ready(self) -> None:
        from invitations import receivers  # noqa: F401 - connects
        from invitations.refusals import why_not
        from outbox import vetoes

        vetoes.register(why_not)
