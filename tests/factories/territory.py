"""Real places and figures in one line, without loading the territory's folder."""

import factory

from territory.choices import Aggregation, AreaKind, IndicatorGroup, Level, PlanKind
from territory.models import (
    LAG,
    Area,
    Boundary,
    Dimension,
    Indicator,
    IndicatorValue,
    Locality,
    Municipality,
    Objective,
    Pillar,
    Source,
    StrategicPlan,
    Theme,
)


class MunicipalityFactory(factory.django.DjangoModelFactory):
    """A municipality; its name and code follow a counter."""

    class Meta:
        model = Municipality

    code = factory.Sequence(lambda n: f"M{n:04}")
    name = factory.Sequence(lambda n: f"Commune {n:04}")
    slug = factory.Sequence(lambda n: f"commune-{n:04}")
    postal_codes = factory.LazyFunction(lambda: ["1370"])
    lon = 4.87
    lat = 50.72
    surface_km2 = 10


class BoundaryFactory(factory.django.DjangoModelFactory):
    """A square around Jodoigne."""

    class Meta:
        model = Boundary

    municipality = factory.SubFactory(MunicipalityFactory)
    geometry = factory.LazyFunction(
        lambda: {
            "type": "Polygon",
            "coordinates": [[[4.8, 50.7], [4.9, 50.7], [4.9, 50.8], [4.8, 50.8], [4.8, 50.7]]],
        }
    )


class LocalityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Locality

    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda n: f"Village {n}")
    postal_code = "1370"


class AreaFactory(factory.django.DjangoModelFactory):
    """An area; `AreaFactory(municipalities=[…])` gives it its members."""

    class Meta:
        model = Area
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"zone-{n}")
    slug = factory.SelfAttribute("code")
    name = factory.Sequence(lambda n: f"Zone {n}")
    kind = AreaKind.PEERS

    @factory.post_generation
    def municipalities(self, create, extracted, **kwargs):
        if create and extracted:
            self.municipalities.set(extracted)


class LAGFactory(factory.django.DjangoModelFactory):
    """The LAG; `LAGFactory(area__municipalities=[…], neighbours=[…])`."""

    class Meta:
        model = LAG
        skip_postgeneration_save = True

    name = "Groupe d’action locale d’essai"
    short_name = "GAL Essai"
    slug = "essai"
    programme = "SMART Ruralité"
    area = factory.SubFactory(AreaFactory, code="essai", kind=AreaKind.LAG, name="GAL Essai")

    @factory.post_generation
    def neighbours(self, create, extracted, **kwargs):
        if create and extracted:
            self.neighbours.set(extracted)


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    code = factory.Sequence(lambda n: f"theme-{n}")
    name = factory.Sequence(lambda n: f"Thème {n}")


class DimensionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Dimension

    code = factory.Sequence(lambda n: f"dimension-{n}")
    name = factory.Sequence(lambda n: f"Dimension {n}")
    colour = factory.SelfAttribute("code")


class PillarFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pillar

    code = factory.Sequence(lambda n: f"pilier-{n}")
    name = factory.Sequence(lambda n: f"Pilier {n}")


class StrategicPlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StrategicPlan

    kind = PlanKind.SDL
    code = factory.Sequence(lambda n: f"plan-{n}")
    title = factory.Sequence(lambda n: f"Plan {n}")


class ObjectiveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Objective

    plan = factory.SubFactory(StrategicPlanFactory)
    level = Level.STRATEGIC
    code = factory.Sequence(lambda n: f"{n}")
    title = factory.Sequence(lambda n: f"Objectif {n}")


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    code = factory.Sequence(lambda n: f"source-{n}")
    publisher = "Statbel"
    title = "Population"
    licence = "CC BY 4.0"
    credit = "Statbel"


class IndicatorFactory(factory.django.DjangoModelFactory):
    """An indicator that adds up."""

    class Meta:
        model = Indicator

    code = factory.Sequence(lambda n: f"indicateur-{n}")
    name = factory.Sequence(lambda n: f"Indicateur {n}")
    short_name = factory.SelfAttribute("name")
    unit = "habitants"
    group = IndicatorGroup.POPULATION
    aggregation = Aggregation.SUM


class RatioFactory(IndicatorFactory):
    """A ratio of two sums."""

    aggregation = Aggregation.RATIO
    numerator = factory.SubFactory(IndicatorFactory)
    denominator = factory.SubFactory(IndicatorFactory)
    factor = 1


class IndicatorValueFactory(factory.django.DjangoModelFactory):
    """A figure of a municipality; for an area: `municipality=None, area=…`."""

    class Meta:
        model = IndicatorValue

    indicator = factory.SubFactory(IndicatorFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    year = 2020
    value = 100
    source = factory.SubFactory(SourceFactory)
