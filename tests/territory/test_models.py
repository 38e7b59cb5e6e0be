"""What the database itself refuses, whoever writes; and the small questions of QuerySets."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from territory.choices import Aggregation, AreaKind, DenominatorBasis, Level, PlanKind
from territory.models import LAG, Area, Municipality, Objective, StrategicPlan
from tests.factories.territory import (
    AreaFactory,
    BoundaryFactory,
    IndicatorFactory,
    IndicatorValueFactory,
    LAGFactory,
    MunicipalityFactory,
    ObjectiveFactory,
    RatioFactory,
    StrategicPlanFactory,
)

pytestmark = pytest.mark.django_db


def refuses(constraint, write):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def test_there_is_one_lag():
    lag = LAGFactory()
    refuses("one_lag_an_installation", lambda: LAGFactory(id=2, slug="autre", area=AreaFactory()))
    assert LAG.objects.current() == lag


def test_before_loading_there_is_no_lag():
    with pytest.raises(LAG.DoesNotExist):
        LAG.objects.current()


def test_the_enterprise_number_of_the_lag_is_ten_digits():
    refuses("lag_enterprise_number_is_ten_digits", lambda: LAGFactory(enterprise_number="0314.595"))
    lag = LAGFactory(enterprise_number="0314595348", seat_postal_code="1370", seat_locality="Jodoigne")
    assert (lag.enterprise_number_shown, lag.seat) == ("0314.595.348", "1370 Jodoigne")


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("municipality_point_is_on_earth", {"lon": 181}),
        ("municipality_point_is_on_earth", {"lat": None}),
        ("municipality_point_is_on_earth", {"lon": None}),
        ("municipality_surface_is_positive", {"surface_km2": 0}),
        ("municipality_has_code_and_name", {"name": ""}),
    ],
)
def test_a_municipality_stands_somewhere_and_has_a_name(constraint, fields):
    refuses(constraint, lambda: MunicipalityFactory(**fields))


def test_a_municipality_does_not_succeed_itself():
    municipality = MunicipalityFactory()
    municipality.successor = municipality
    refuses("municipality_does_not_succeed_itself", municipality.save)


def test_a_merged_municipality_stays_and_is_no_longer_current():
    bastogne = MunicipalityFactory(name="Bastogne")
    bertogne = MunicipalityFactory(name="Bertogne", successor=bastogne)
    assert list(Municipality.objects.current()) == [bastogne]
    with pytest.raises(ProtectedError):
        bastogne.delete()
    assert list(bastogne.predecessors.all()) == [bertogne]


def test_an_area_begins_before_it_ends():
    refuses(
        "area_begins_before_it_ends",
        lambda: AreaFactory(valid_from=date(2027, 1, 1), valid_until=date(2023, 1, 1)),
    )


def test_areas_valid_on_a_day_include_both_ends():
    area = AreaFactory(valid_from=date(2023, 1, 1), valid_until=date(2027, 12, 31))
    days = [date(2022, 12, 31), date(2023, 1, 1), date(2027, 12, 31), date(2028, 1, 1)]
    assert [area in Area.objects.valid_on(day) for day in days] == [False, True, True, False]


def test_the_map_has_the_lag_and_its_neighbours_once_each():
    inside, around, elsewhere, bare = (MunicipalityFactory() for _n in range(4))
    for municipality in (inside, around, elsewhere):
        BoundaryFactory(municipality=municipality)
    lag = LAGFactory(area__municipalities=[inside, bare], neighbours=[around])
    AreaFactory(kind=AreaKind.PROVINCE, municipalities=[inside, around, elsewhere])
    AreaFactory(kind=AreaKind.LAG, name="Territoire de 2014", municipalities=[inside, elsewhere])
    assert list(Municipality.objects.of_lag()) == [inside, bare]
    assert list(Municipality.objects.of_area(lag.area)) == [inside, bare]
    assert list(Municipality.objects.neighbours()) == [around]
    assert list(Municipality.objects.on_map()) == [inside, around]


@pytest.mark.parametrize("year", [2020, None])
def test_a_place_has_one_value_a_year_dated_or_not(year):
    value = IndicatorValueFactory(year=year)
    refuses(
        "UNIQUE|unique",
        lambda: IndicatorValueFactory(indicator=value.indicator, municipality=value.municipality, year=year),
    )
    area = AreaFactory()
    IndicatorValueFactory(indicator=value.indicator, municipality=None, area=area, year=year)
    refuses(
        "UNIQUE|unique",
        lambda: IndicatorValueFactory(indicator=value.indicator, municipality=None, area=area, year=year),
    )


def test_a_value_has_a_municipality_or_an_area_and_not_both():
    refuses("value_has_one_place", lambda: IndicatorValueFactory(area=AreaFactory()))
    refuses("value_has_one_place", lambda: IndicatorValueFactory(municipality=None))


def test_a_year_is_a_year():
    refuses("value_year_is_a_year", lambda: IndicatorValueFactory(year=20))


@pytest.mark.parametrize(
    "fields", [{"numerator": None}, {"denominator": None}, {"factor": None}, {"factor": 0}]
)
def test_a_ratio_has_two_parts_and_a_factor(fields):
    refuses("indicator_ratio_has_two_parts", lambda: RatioFactory(**fields))


def test_a_sum_has_no_parts():
    refuses("indicator_ratio_has_two_parts", lambda: IndicatorFactory(factor=100))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("indicator_fixed_year_goes_with_its_basis", {"denominator_year": 2020}),
        ("indicator_fixed_year_goes_with_its_basis", {"denominator_basis": DenominatorBasis.FIXED}),
        (
            "indicator_offset_goes_with_its_basis",
            {"denominator_basis": DenominatorBasis.UNDATED, "denominator_offset": 1},
        ),
        ("indicator_averages_a_year_or_more", {"years_averaged": 0}),
    ],
)
def test_a_ratio_says_clearly_which_years_it_reads(constraint, fields):
    refuses(constraint, lambda: RatioFactory(**fields))


def test_a_ratio_of_ratios_is_refused_and_a_ratio_takes_no_value():
    ratio = RatioFactory()
    above = RatioFactory.build(numerator=ratio, denominator=ratio.denominator)
    with pytest.raises(ValidationError, match="qui s’additionne"):
        above.clean()
    with pytest.raises(ValidationError, match="se calcule"):
        IndicatorValueFactory.build(indicator=ratio).clean()
    assert ratio.aggregation == Aggregation.RATIO


def test_a_pst_belongs_to_a_municipality_and_a_strategy_to_none():
    refuses("plan_municipality_goes_with_its_kind", lambda: StrategicPlanFactory(kind=PlanKind.PST))
    refuses(
        "plan_municipality_goes_with_its_kind",
        lambda: StrategicPlanFactory(kind=PlanKind.SDL, municipality=MunicipalityFactory()),
    )
    pst = StrategicPlanFactory(kind=PlanKind.PST, municipality=MunicipalityFactory())
    assert list(StrategicPlan.objects.of_municipality(pst.municipality)) == [pst]


def test_an_objective_has_one_code_in_its_plan_and_no_loop_above_it():
    top = ObjectiveFactory(code="1")
    refuses("UNIQUE|unique", lambda: ObjectiveFactory(plan=top.plan, code="1"))
    sheet = ObjectiveFactory(plan=top.plan, parent=top, level=Level.ACTION_SHEET)
    top.parent = sheet
    with pytest.raises(ValidationError, match="se trouve sous celui-ci"):
        top.clean()
    sheet.parent = ObjectiveFactory()
    with pytest.raises(ValidationError, match="un autre plan"):
        sheet.clean()
    assert list(Objective.objects.filter(plan=top.plan).action_sheets()) == [sheet]
