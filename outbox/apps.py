from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = _("Lettres")
    team_permissions = {"outbox.letter": ("view", "resend", "cancel")}
    """What the LAG's team may do here, model by model."""
