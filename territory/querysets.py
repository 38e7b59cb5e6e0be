"""Questions about the place: municipalities, areas, plans, indicators."""

from datetime import date

from django.db import models
from django.db.models import Count, Q

from territory.choices import Level, PlanKind


class LAGManager(models.Manager):
    """The one LAG this installation serves."""

    def current(self):
        """Return the LAG with its area. Raises LAG.DoesNotExist before `manage.py load_territory`."""
        return self.select_related("area").get()


class MunicipalityQuerySet(models.QuerySet):
    """Questions about municipalities, chained."""

    def current(self):
        """Municipalities that exist today: not merged into another."""
        return self.filter(successor=None)

    def of_lag(self):
        """Municipalities of the LAG's own territory."""
        return self.filter(areas__lag__isnull=False)

    def of_area_kind(self, kind: str):
        """Municipalities that belong to an area of this kind."""
        return self.filter(areas__kind=kind)

    def of_area(self, area):
        """Municipalities of one area."""
        return self.filter(areas=area)

    def neighbours(self):
        """Municipalities around the LAG's territory, drawn on its map."""
        return self.filter(neighbour_of__isnull=False)

    def on_map(self):
        """The LAG's municipalities and their neighbours, each with its boundary."""
        everywhere: MunicipalityQuerySet = MunicipalityQuerySet(self.model)
        lag = Q(pk__in=everywhere.of_lag().values("pk"))
        around = Q(pk__in=everywhere.neighbours().values("pk"))
        return self.filter(lag | around).with_boundary()

    def with_boundary(self):
        """Each municipality with its boundary, in the same query."""
        return self.filter(boundary__isnull=False).select_related("boundary")

    def with_postal_code(self, code: str):
        """Municipalities that a postal code serves (a few codes serve two)."""
        return self.filter(postal_codes__icontains=f'"{code}"')


class AreaQuerySet(models.QuerySet):
    """Questions about areas, chained."""

    def valid_on(self, day: date):
        """Areas that hold on this day; an open end holds for ever."""
        started = Q(valid_from=None) | Q(valid_from__lte=day)
        not_ended = Q(valid_until=None) | Q(valid_until__gte=day)
        return self.filter(started & not_ended)

    def containing(self, municipality):
        """Areas to which a municipality belongs."""
        return self.filter(municipalities=municipality)

    def covering(self, area):
        """Areas that hold every municipality of this one, itself aside."""
        members = area.municipalities.values("pk")
        held = Count("municipalities", filter=Q(municipalities__in=members))
        return self.exclude(pk=area.pk).alias(held=held).filter(held=members.count(), held__gt=0)


class StrategicPlanQuerySet(models.QuerySet):
    """Questions about plans, chained."""

    def of_lag(self):
        """The LAG's own strategies."""
        return self.filter(kind=PlanKind.SDL)

    def of_municipality(self, municipality):
        """The plans that one municipality owns."""
        return self.filter(municipality=municipality)

    def sdg(self):
        """The Sustainable Development Goals."""
        return self.filter(kind=PlanKind.SDG)


class ObjectiveQuerySet(models.QuerySet):
    """Questions about objectives, chained."""

    def roots(self):
        """Objectives at the top of their plan."""
        return self.filter(parent=None)

    def action_sheets(self):
        """The « fiches-projets »: what the funder accounts by."""
        return self.filter(level=Level.ACTION_SHEET)

    def of_kind(self, kind: str):
        """Objectives of the plans of one kind."""
        return self.filter(plan__kind=kind)


class IndicatorQuerySet(models.QuerySet):
    """Questions about indicators, chained."""

    def of_group(self, group: str):
        """Indicators read in one part of a portrait."""
        return self.filter(group=group)

    def with_parts(self):
        """Each indicator with its numerator and denominator, in the same query."""
        return self.select_related("numerator", "denominator")
