from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = _("Imports")
    team_permissions = {"imports.import": ("view", "add", "change")}

    def ready(self) -> None:
        # Each room describes in `importing` what its tables are read into; none is named here.
        autodiscover_modules("importing")
