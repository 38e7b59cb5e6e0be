"""The closed lists of this room: kinds of areas and plans, how an indicator adds up."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AreaKind(models.TextChoices):
    """What gathers the municipalities of an area."""

    LAG = "lag", _("territoire du GAL")
    ARRONDISSEMENT = "arrondissement", _("arrondissement")
    PROVINCE = "province", _("province")
    REGION = "region", _("région")
    PEERS = "peers", _("groupe de communes comparables")


class PlanKind(models.TextChoices):
    """Whose plan it is, and under which rules it was written."""

    SDL = "sdl", _("stratégie de développement local (SDL)")
    PST = "pst", _("programme stratégique transversal (PST)")
    PCDR = "pcdr", _("programme communal de développement rural (PCDR)")
    REGIONAL = "regional", _("politique régionale")
    SDG = "sdg", _("objectifs de développement durable (ODD)")


MUNICIPAL_PLANS = (PlanKind.PST, PlanKind.PCDR)
"""Plans that one municipality owns; the others are the LAG's, the region's or everybody's."""


class Level(models.TextChoices):
    """Where an objective stands in the tree of its plan."""

    STRATEGIC = "strategic", _("objectif stratégique")
    OPERATIONAL = "operational", _("objectif opérationnel")
    ACTION = "action", _("action")
    ACTION_SHEET = "action_sheet", _("fiche-projet")


class IndicatorGroup(models.TextChoices):
    """The part of a portrait in which an indicator is read."""

    LAND = "land", _("territoire")
    POPULATION = "population", _("population")
    HOUSEHOLDS = "households", _("ménages")
    INCOME = "income", _("revenus")
    ECONOMY = "economy", _("entreprises")
    HOUSING = "housing", _("logement")
    SERVICES = "services", _("accès aux services")
    ENVIRONMENT = "environment", _("environnement et énergie")


class Aggregation(models.TextChoices):
    """How the value of an area follows from those of its municipalities."""

    SUM = "sum", _("somme des communes")
    RATIO = "ratio", _("rapport de deux sommes")
    NONE = "none", _("ne s’additionne pas")


class DenominatorBasis(models.TextChoices):
    """Which value of the denominator a ratio is read against."""

    OFFSET = "offset", _("année du numérateur, décalée s’il y a lieu")
    FIXED = "fixed", _("une année fixe")
    UNDATED = "undated", _("valeur sans date")
