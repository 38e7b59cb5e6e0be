"""The nouns of this room: places, the frame of reading, figures."""

from territory.models.frame import Dimension, Objective, Pillar, StrategicPlan, Theme
from territory.models.indicators import Indicator, IndicatorValue, Source
from territory.models.places import LAG, Area, Boundary, Locality, Municipality

__all__ = [
    "LAG",
    "Area",
    "Boundary",
    "Dimension",
    "Indicator",
    "IndicatorValue",
    "Locality",
    "Municipality",
    "Objective",
    "Pillar",
    "Source",
    "StrategicPlan",
    "Theme",
]
