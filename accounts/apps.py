from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Comptes")
    team_permissions = {
        "accounts.user": ("view",),
        "accounts.journalentry": ("view",),
        "accounts.erasure": ("view",),
    }

    def ready(self) -> None:
        from accounts import erasure, roles

        post_migrate.connect(roles.write_groups, dispatch_uid="accounts.roles.write_groups")
        roles.team_permissions()
        erasure.discover()
