"""The real territory: what its folder gives, and its figures against the printed report."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from territory import actions, figures
from territory.figures import Point, Rank
from territory.models import LAG, Indicator, Municipality, Objective
from typography.numbers import rounded

pytestmark = pytest.mark.django_db


def shown(points, decimals=0):
    """Rounded values by place code, as a table would print them."""
    return {
        place: None if point is None else str(rounded(point.value, decimals))
        for (_i, place), point in points.items()
    }


@pytest.fixture
def places(lag_area, brabant, wallonia):
    return [*Municipality.objects.of_lag(), lag_area, brabant, wallonia]


COLUMNS = ["25048", "25005", "25118", "25043", "25120", "25084", "25122", "culturalite", "20002", "03000"]


@pytest.mark.parametrize(
    ("indicator", "year", "decimals", "row"),
    [
        ("population", 2020, 0, "14357 7205 3644 5522 8981 9461 6548 55718 406019 3645243"),
        ("density", 2020, 0, "196 187 219 142 178 186 135 176 372 216"),
        ("share_aged_60", 2020, 1, "24.5 24.5 22.1 22.6 23.5 22.4 22.9 23.4 25.7 25.3"),
        ("income_per_return", 2013, 0, "32819 37908 32139 35702 33539 34235 35179 34334 35533 28794"),
        ("establishments", 2023, 0, "2045 1063 313 839 909 1394 790 7353 61928 377596"),
        ("dwellings", 2025, 0, "6468 3033 1631 2395 3752 4303 2732 24314 190646 1812272"),
        ("share_one_person_households", None, 1, "30.2 23.1 29.2 25.6 25.1 24.6 23.4 26.3 29.5 35.1"),
    ],
)
def test_each_line_of_the_portrait_is_what_the_printed_report_says(places, indicator, year, decimals, row):
    points = figures.latest([indicator], places)
    assert {point.year for point in points.values()} == {year}
    assert shown(points, decimals) == dict(zip(COLUMNS, row.split(), strict=True))


GROWTH = ["15.4", "10.4", "18.8", "20.4", "14.1", "26.4", "13.8", "16.7", "10.8", "6.8"]


def test_population_growth_is_computed_before_rounding(places):
    growth = figures.growth("population", places, 2006, 2020)
    assert {code: str(rounded(value, 1)) for code, value in growth.items()} == dict(
        zip(COLUMNS, GROWTH, strict=True)
    )
    # Jodoigne counted 12 440 inhabitants on 1 January 2006.
    assert growth["25048"] == Decimal(14357 - 12440) / Decimal(12440) * 100


def test_ranks_among_the_walloon_municipalities_are_those_of_the_printed_sheet(wallonia):
    assert {
        "density": figures.ranks("density", 2020, among=wallonia)["25048"],
        "share_under_20": figures.ranks("share_under_20", 2020, among=wallonia)["25048"],
        "share_aged_60": figures.ranks("share_aged_60", 2020, among=wallonia)["25048"],
        "income_per_return": figures.ranks("income_per_return", 2013, among=wallonia)["25048"],
        "establishments_per_1000": figures.ranks("establishments_per_1000", 2019, among=wallonia)["25048"],
        "new_dwellings_per_1000": figures.ranks("new_dwellings_per_1000", 2024, among=wallonia)["25048"],
        "share_dwellings_apartment": figures.ranks("share_dwellings_apartment", 2025, among=wallonia)[
            "25048"
        ],
        "growth": figures.growth_ranks("population", 2006, 2020, among=wallonia)["25048"],
        "growth of establishments": figures.growth_ranks("establishments", 2018, 2023, among=wallonia)[
            "25048"
        ],
    } == {
        "density": Rank(122, 261),
        "share_under_20": Rank(101, 261),
        "share_aged_60": Rank(160, 261),
        "income_per_return": Rank(73, 261),
        "establishments_per_1000": Rank(53, 261),
        "new_dwellings_per_1000": Rank(47, 261),
        "share_dwellings_apartment": Rank(65, 261),
        "growth": Rank(34, 261),
        "growth of establishments": Rank(35, 261),
    }


def test_permits_of_ten_years_add_up(jodoigne, lag_area):
    assert figures.cumulated("new_dwellings", [jodoigne, lag_area], 2015, 2024) == {
        "25048": 735,
        "culturalite": 2297,
    }
    assert figures.cumulated("new_apartments", [jodoigne], 2015, 2024) == {"25048": 288}
    assert figures.cumulated("new_houses", [jodoigne], 2015, 2024) == {"25048": 735 - 288}


def test_establishments_of_the_end_of_2019_are_read_against_the_first_of_january_2020(jodoigne):
    [point] = figures.series(["establishments_per_1000"], [jodoigne], years=[2019])[
        "establishments_per_1000", "25048"
    ]
    assert point.value == Decimal(1000) * 1779 / 14357


def test_years_that_nobody_published_are_absent_and_nothing_is_interpolated(jodoigne):
    points = figures.series(["population"], [jodoigne])["population", "25048"]
    assert [point.year for point in points] == [*range(2006, 2015), 2018, 2019, 2020]
    asked = figures.series(["population"], [jodoigne], years=[2014, 2015])["population", "25048"]
    assert [(point.year, point.value, point.missing) for point in asked] == [
        (2014, 13593, 0),
        (2015, None, 1),
    ]


def test_the_legal_population_of_wallonia_is_not_known_from_50_municipalities(jodoigne, wallonia):
    points = figures.series(["population_legal"], [jodoigne, wallonia])
    source = "Arrêté du Gouvernement wallon du 23 février 2024"
    assert points == {
        ("population_legal", "25048"): [Point(2024, Decimal(14886), 1, 0, source, "")],
        ("population_legal", "03000"): [Point(2024, None, 261, 211, source, "")],
    }


def test_a_household_figure_says_that_its_source_has_no_date(jodoigne):
    point = figures.latest(["households"], [jodoigne])["households", "25048"]
    note = "Sans date dans la source\u202f; sans doute Census du 1er janvier 2011."
    assert point == Point(None, Decimal(5352), 1, 0, "Statbel, ménages", note)


def test_broadband_has_no_figure_and_says_why(jodoigne):
    assert figures.series(["broadband_coverage"], [jodoigne]) == {("broadband_coverage", "25048"): []}
    assert figures.latest(["broadband_coverage"], [jodoigne]) == {("broadband_coverage", "25048"): None}
    assert (
        Indicator.objects.get(code="broadband_coverage").unavailable
        == "Non publié par commune en accès libre."
    )


def test_a_whole_portrait_takes_as_many_queries_as_one_figure(places, jodoigne, wallonia):
    with CaptureQueriesContext(
        connection,
    ) as one:
        figures.series(["population"], [jodoigne, wallonia])
    with CaptureQueriesContext(connection) as all_of_them:
        figures.series([indicator.code for indicator in Indicator.objects.all()], places)
    assert len(one) == 4
    assert len(all_of_them) == 4 + 1  # the list of indicators itself


def test_the_projects_own_folder_gives_wallonia_its_neighbours_and_their_figures(real_territory):
    assert {kind: tally.created for kind, tally in real_territory.items()} == {
        "communes": 266,
        "contours de communes": 266,
        "localités": 111,
        "zones": 27,
        "thèmes": 12,
        "dimensions": 6,
        "piliers": 3,
        "plans stratégiques": 1,
        "objectifs": 17,
        "sources": 9,
        "indicateurs": 62,
        "valeurs d’indicateurs": 50684,
        "GAL": 1,
    }
    lag = LAG.objects.current()
    assert (lag.name, lag.phone, lag.enterprise_number) == ("Culturalité en Hesbaye brabançonne", "", "")
    assert [m.name for m in Municipality.objects.of_lag()] == [
        *("Beauvechain", "Hélécine", "Incourt", "Jodoigne", "Orp-Jauche", "Perwez", "Ramillies")
    ]
    assert Municipality.objects.neighbours().count() == 13
    assert Municipality.objects.on_map().count() == 20
    assert list(Objective.objects.of_kind("sdg").values_list("code", flat=True)[:3]) == ["1", "2", "3"]


def test_loading_the_same_folder_again_changes_nothing(real_territory, settings):
    report = actions.load_folder(settings.BASE_DIR / "data")
    assert [kind for kind, tally in report.items() if tally.changes] == []


def test_an_outline_without_figures_belongs_to_no_area_of_ours(real_territory):
    hoegaarden = Municipality.objects.get(code="24041")
    assert list(hoegaarden.areas.all()) == []
    assert not hoegaarden.indicator_values.exists()


def test_the_map_reads_municipalities_and_boundaries_in_one_query(real_territory, django_assert_num_queries):
    with django_assert_num_queries(1):
        kinds = {municipality.boundary.geometry["type"] for municipality in Municipality.objects.on_map()}
    assert kinds == {"Polygon"}


def test_a_postal_code_finds_its_municipality(real_territory):
    assert [m.name for m in Municipality.objects.with_postal_code("1370")] == ["Jodoigne"]
