"""The territory at the desk: what staff change, and what they only read."""

import json

from django.contrib import admin
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from territory.models import (
    LAG,
    Area,
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
from typography import numbers


class Kept(admin.ModelAdmin):
    """What other rooms point to is never deleted at the desk."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(LAG)
class LAGAdmin(Kept):
    """The one LAG: loaded from the territory's folder, its texts edited here."""

    list_display = ["short_name", "name", "programme", "area"]
    readonly_fields = ["slug", "area"]
    autocomplete_fields = ["neighbours"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "slug", "programme", "area", "neighbours"]}),
        (
            _("Identité légale"),
            {
                "fields": [
                    *("legal_form", "enterprise_number", "legal_court"),
                    *("seat_street", "seat_postal_code", "seat_locality"),
                    *("email", "phone", "website"),
                ]
            },
        ),
        (_("Financeurs et crédits"), {"fields": ["funders", "statistics_credit"]}),
        (
            _("Textes légaux"),
            {"fields": ["legal_notice", "privacy_notice", "accessibility_statement", "complaint_contacts"]},
        ),
    ]

    def has_add_permission(self, request):
        return False


@admin.register(Municipality)
class MunicipalityAdmin(Kept):
    """Municipalities, read: the territory's folder is their truth."""

    list_display = ["name", "code", "postal_codes_shown", "surface_km2", "successor"]
    list_filter = [("areas", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name", "slug", "code", "postal_codes"]
    autocomplete_fields = ["successor"]
    list_select_related = ["successor"]
    readonly_fields = ["boundary_shown"]

    @admin.display(description=_("codes postaux"))
    def postal_codes_shown(self, municipality: Municipality) -> str:
        return ", ".join(municipality.postal_codes)

    @admin.display(description=_("contour (GeoJSON)"))
    def boundary_shown(self, municipality: Municipality) -> str:
        boundary = getattr(municipality, "boundary", None)
        return Truncator(json.dumps(boundary.geometry)).chars(400) if boundary else "–"


@admin.register(Locality)
class LocalityAdmin(admin.ModelAdmin):
    list_display = ["name", "postal_code", "municipality"]
    list_filter = [("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name", "postal_code", "municipality__name"]
    autocomplete_fields = ["municipality"]
    list_select_related = ["municipality"]


@admin.register(Area)
class AreaAdmin(Kept):
    list_display = ["name", "kind", "code", "valid_from", "valid_until"]
    list_filter = ["kind"]
    search_fields = ["name", "slug", "code"]
    autocomplete_fields = ["municipalities"]
    prepopulated_fields = {"slug": ["name"]}


class EntryAdmin(Kept):
    list_display = ["name", "code", "order"]
    search_fields = ["name", "code"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []


@admin.register(Theme)
class ThemeAdmin(EntryAdmin):
    pass


@admin.register(Dimension)
class DimensionAdmin(EntryAdmin):
    list_display = ["name", "code", "colour", "order"]


@admin.register(Pillar)
class PillarAdmin(EntryAdmin):
    pass


@admin.register(StrategicPlan)
class StrategicPlanAdmin(Kept):
    list_display = ["title", "kind", "municipality", "start_year", "end_year", "adopted_by_council"]
    list_filter = ["kind", ("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "code", "municipality__name"]
    autocomplete_fields = ["municipality"]
    list_select_related = ["municipality"]


@admin.register(Objective)
class ObjectiveAdmin(admin.ModelAdmin):
    list_display = ["title", "code", "plan", "level", "parent"]
    list_filter = ["level", "plan__kind", "plan"]
    search_fields = ["code", "title", "plan__title"]
    autocomplete_fields = ["plan", "parent"]
    list_select_related = ["plan", "parent"]


@admin.register(Source)
class SourceAdmin(Kept):
    list_display = ["code", "publisher", "title", "licence"]
    list_filter = ["publisher"]
    search_fields = ["code", "title", "publisher", "credit"]


@admin.register(Indicator)
class IndicatorAdmin(Kept):
    list_display = ["name", "code", "group", "unit", "aggregation"]
    list_filter = ["group", "aggregation"]
    search_fields = ["name", "short_name", "code"]
    autocomplete_fields = ["numerator", "denominator"]
    fieldsets = [
        (None, {"fields": ["code", "name", "short_name", "unit", "decimals", "period", "group", "order"]}),
        (_("Ce qu’il faut en dire"), {"fields": ["caution", "unavailable"]}),
        (
            _("Calcul"),
            {
                "fields": [
                    *("aggregation", "numerator", "denominator", "factor", "years_averaged"),
                    *("denominator_basis", "denominator_offset", "denominator_year"),
                ]
            },
        ),
    ]


@admin.register(IndicatorValue)
class IndicatorValueAdmin(admin.ModelAdmin):
    """Values: those of a file are read, those typed here may be changed."""

    list_display = ["indicator", "place", "year", "value_shown", "source", "file"]
    list_filter = ["indicator__group", "year", "source"]
    search_fields = ["indicator__name", "indicator__code", "municipality__name", "area__name"]
    autocomplete_fields = ["indicator", "municipality", "area", "source"]
    list_select_related = ["indicator", "municipality", "area", "source"]
    readonly_fields = ["file"]
    show_full_result_count = False

    @admin.display(description=_("lieu"), ordering="municipality__slug")
    def place(self, value: IndicatorValue) -> str:
        return str(value.municipality or value.area)

    @admin.display(description=_("valeur"), ordering="value")
    def value_shown(self, value: IndicatorValue) -> str:
        return f"{numbers.number(value.value, value.indicator.decimals)} {value.indicator.unit}"

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.file)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.file)
