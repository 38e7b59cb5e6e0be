"""Figures: how sums, ratios, ranks and missing values behave, on numbers small enough to count by hand."""

from decimal import Decimal

import pytest

from territory import figures
from territory.choices import Aggregation, DenominatorBasis
from territory.figures import Point, Rank
from territory.models import Indicator
from tests.factories.territory import (
    AreaFactory,
    IndicatorFactory,
    IndicatorValueFactory,
    MunicipalityFactory,
    RatioFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """An area of two municipalities, A and B."""
    a, b = MunicipalityFactory(code="A"), MunicipalityFactory(code="B")
    return a, b, AreaFactory(code="AB", municipalities=[a, b])


def only(indicator, place, **options):
    [point] = figures.series([indicator], [place], **options)[indicator.code, place.code]
    return point


def test_a_sum_over_an_area_needs_every_municipality(pair):
    a, b, area = pair
    value = IndicatorValueFactory(municipality=a, value=10)
    assert only(value.indicator, area) == Point(2020, None, 2, 1, "Statbel", "")
    IndicatorValueFactory(indicator=value.indicator, municipality=b, value=0, source=value.source)
    assert only(value.indicator, area) == Point(2020, Decimal(10), 2, 0, "Statbel", "")


def test_a_ratio_over_an_area_is_the_ratio_of_the_sums_not_the_mean_of_the_ratios(pair):
    a, b, area = pair
    ratio = RatioFactory(factor=100)
    for municipality, above, below in ((a, 1, 2), (b, 1, 8)):
        IndicatorValueFactory(indicator=ratio.numerator, municipality=municipality, value=above)
        IndicatorValueFactory(indicator=ratio.denominator, municipality=municipality, value=below)
    assert [only(ratio, place).value for place in pair] == [50, Decimal("12.5"), 20]


def test_a_ratio_misses_a_municipality_that_lacks_its_denominator(pair):
    a, b, area = pair
    ratio = RatioFactory()
    IndicatorValueFactory(indicator=ratio.numerator, municipality=a)
    IndicatorValueFactory(indicator=ratio.numerator, municipality=b)
    IndicatorValueFactory(indicator=ratio.denominator, municipality=a)
    point = only(ratio, area)
    assert (point.value, point.missing) == (None, 1)


def test_a_ratio_to_zero_is_not_known():
    ratio = RatioFactory()
    place = IndicatorValueFactory(indicator=ratio.numerator).municipality
    IndicatorValueFactory(indicator=ratio.denominator, municipality=place, value=0)
    assert only(ratio, place).value is None


def test_a_mean_of_three_years_starts_with_the_third():
    ratio = RatioFactory(
        years_averaged=3, denominator_basis=DenominatorBasis.FIXED, denominator_year=2020, factor=1000
    )
    place = MunicipalityFactory()
    IndicatorValueFactory(indicator=ratio.denominator, municipality=place, value=500, year=2020)
    for year, value in ((2018, 2), (2019, 4), (2020, 6), (2021, 5)):
        IndicatorValueFactory(indicator=ratio.numerator, municipality=place, year=year, value=value)
    points = figures.series([ratio], [place])[ratio.code, place.code]
    assert [(point.year, point.value) for point in points] == [(2020, 8), (2021, 10)]
    assert only(ratio, place, years=[2021]).value == 10


def test_what_does_not_add_up_has_a_figure_for_an_area_only_when_one_is_published(pair):
    a, b, area = pair
    median = IndicatorFactory(aggregation=Aggregation.NONE)
    IndicatorValueFactory(indicator=median, municipality=a, value=20)
    IndicatorValueFactory(indicator=median, municipality=b, value=30)
    assert [point.value for point in figures.series([median], pair)[median.code, "AB"]] == [None]
    IndicatorValueFactory(indicator=median, municipality=None, area=area, value=24)
    assert [point.value for point in figures.series([median], pair)[median.code, "AB"]] == [24]


def test_a_figure_published_for_an_area_goes_before_our_sum(pair):
    a, b, area = pair
    value = IndicatorValueFactory(municipality=a, value=10)
    IndicatorValueFactory(indicator=value.indicator, municipality=b, value=10)
    IndicatorValueFactory(indicator=value.indicator, municipality=None, area=area, value=21)
    assert only(value.indicator, area).value == 21


def test_the_sources_of_an_area_are_all_named(pair):
    a, b, area = pair
    value = IndicatorValueFactory(municipality=a, value=10, source__credit="Commune A")
    IndicatorValueFactory(indicator=value.indicator, municipality=b, source__credit="Commune B")
    assert only(value.indicator, area).source == "Commune A\u202f; Commune B"


def test_decimals_have_the_same_digits_on_both_databases(pair):
    a, b, area = pair
    value = IndicatorValueFactory(municipality=a, value="103488747.68")
    IndicatorValueFactory(indicator=value.indicator, municipality=b, value="0.3200")
    assert [str(only(value.indicator, place).value) for place in (a, b, area)] == [
        "103488747.68",
        "0.32",
        "103488748",
    ]


def test_an_unknown_indicator_is_refused():
    with pytest.raises(Indicator.DoesNotExist, match="inconnu"):
        figures.series(["inconnu"], [])


def test_equal_values_share_the_better_rank():
    values = {"a": Decimal(5), "b": Decimal(9), "c": Decimal(5), "d": Decimal(1)}
    assert figures.ranking(values) == {"a": Rank(2, 4), "b": Rank(1, 4), "c": Rank(2, 4), "d": Rank(4, 4)}


def test_quartiles_are_interpolated_and_need_two_values():
    assert figures.quartiles(map(Decimal, [1, 2, 3, 4])) == (Decimal("1.75"), Decimal("2.5"), Decimal("3.25"))
    assert figures.quartiles([Decimal(1)]) is None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, Decimal(1), None),
        (Decimal(1), None, None),
        (Decimal(0), Decimal(5), None),
        (Decimal(4), Decimal(3), -25),
    ],
)
def test_evolution_is_a_percentage_of_the_first(first, last, expected):
    assert figures.evolution(first, last) == expected
