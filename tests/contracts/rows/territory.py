"""The territory has no address of its own; what the desk shows of it."""

from territory import models
from tests.factories import territory

BUILD = {
    models.LAG: territory.LAGFactory,
    models.Municipality: territory.MunicipalityFactory,
    models.Locality: territory.LocalityFactory,
    models.Area: territory.AreaFactory,
    models.Theme: territory.ThemeFactory,
    models.Dimension: territory.DimensionFactory,
    models.Pillar: territory.PillarFactory,
    models.StrategicPlan: territory.StrategicPlanFactory,
    models.Objective: territory.ObjectiveFactory,
    models.Source: territory.SourceFactory,
    models.Indicator: territory.IndicatorFactory,
    models.IndicatorValue: territory.IndicatorValueFactory,
}
