"""Discs on a map: near their village, apart, off the names; the same for the screen and the paper."""

import math
import re

import pytest

from charts import geometry, maps
from charts.geometry import Box
from charts.maps import marks

SQUARE = geometry.read({"type": "Polygon", "coordinates": [[[4, 50], [5, 50], [5, 51], [4, 51], [4, 50]]]})
PLACE = maps.Place(code="1", name="Fictive", boundary=SQUARE, value=3, href="/fictive")
VIEW = Box(0, 0, 100, 100)


def distances(points, radii):
    return [
        math.dist(points[i], points[j]) - radii[i] - radii[j] for i in range(len(points)) for j in range(i)
    ]


def test_a_disc_alone_stays_where_its_village_is():
    assert marks.settle([(30, 40)], [5], [], VIEW, 2) == [(30, 40)]


def test_discs_of_one_place_end_apart_and_always_the_same():
    homes, radii = [(50, 50)] * 6, [8] * 6
    settled = marks.settle(homes, radii, [], VIEW, 2)
    assert min(distances(settled, radii)) > 0
    assert settled == marks.settle(homes, radii, [], VIEW, 2)


def test_a_disc_leaves_the_name_and_stays_in_the_drawing():
    name = Box(20, 40, 80, 60)
    settled = marks.settle([(50, 52), (1, 1)], [5, 5], [name], VIEW, 2)
    (x, y), corner = settled
    assert (x, y) == (50, 66)
    assert corner == (5, 5)


def test_the_area_of_a_disc_counts_and_its_number_fits():
    def sized(n):
        return marks.radius(maps.Mark("Ici", 4.5, 50.5, n), 100, size=10, unit=1)

    assert sized(0) == marks.SMALLEST
    assert sized(100) == marks.SMALLEST + marks.SPREAD
    assert sized(1) == pytest.approx(marks.SMALLEST + marks.SPREAD / 10)
    big = marks.radius(maps.Mark("Ici", 4.5, 50.5, 123_456), 10**9, size=10, unit=1)
    assert big > 7 * 10 * 0.5 / 2


def test_each_disc_is_a_link_that_says_its_name_from_north_to_south():
    chart = maps.choropleth(
        [PLACE],
        key="carte",
        title="Carte",
        marks=[
            maps.Mark("Le Bas", 4.5, 50.2, 1, "1 acteur", "/bas"),
            maps.Mark("Le Haut", 4.4, 50.8, 12, "12 acteurs", "/haut"),
        ],
    )
    assert re.findall(r'<a href="([^"]+)" aria-label="([^"]+)" class="mark"', chart.svg) == [
        ("/haut", "Le Haut : 12 acteurs"),
        ("/bas", "Le Bas : 1 acteur"),
    ]
    # One is a disc without a number.
    assert re.findall(r">(\d+)</text></a>", chart.svg) == ["12"]
    assert 'role="group"' in chart.svg
    assert chart.table.rows == (("Fictive", "3"),)


def test_a_map_with_discs_shows_each_name_once_on_screen_and_on_paper():
    for paper in ("screen", "print"):
        chart = maps.choropleth(
            [PLACE], key="carte", title="Carte", paper=paper, marks=[maps.Mark("Ici", 4.5, 50.5, 2)]
        )
        assert chart.svg.count(">Fictive</text>") == 1
        assert "chart-narrow" not in chart.svg


def test_what_people_typed_is_only_text():
    wild = maps.Mark('<script>"&', 4.5, 50.5, 2, href="/ici")
    chart = maps.choropleth([PLACE], key="carte", title="Carte", marks=[wild])
    assert "<script" not in chart.svg
    with pytest.raises(ValueError, match="links to a page"):
        maps.choropleth(
            [PLACE], key="carte", title="Carte", marks=[maps.Mark("x", 4.5, 50.5, 2, href="javascript:1")]
        )
