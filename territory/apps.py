from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TerritoryConfig(AppConfig):
    name = "territory"
    verbose_name = _("Territoire")

    # What the LAG's team may do at the desk; written into its group by the room that knows roles.
    team_permissions = {
        "territory.lag": ("view", "change"),
        "territory.municipality": ("view",),
        "territory.locality": ("view", "add", "change"),
        "territory.area": ("view", "add", "change"),
        "territory.theme": ("view", "add", "change"),
        "territory.dimension": ("view",),
        "territory.pillar": ("view",),
        "territory.strategicplan": ("view", "add", "change"),
        "territory.objective": ("view", "add", "change", "delete"),
        "territory.source": ("view", "add", "change"),
        "territory.indicator": ("view", "add", "change"),
        "territory.indicatorvalue": ("view", "add", "change"),
    }
