"""Geometry: borders stay shared, labels stay inside, furrows measure what they say."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charts import geometry
from tests.charts.gallery import GROUND

SQUARE = ((((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)),),)
SHAPES = [geometry.read(one) for one in GROUND["features"]]


def test_real_borders_stay_shared_after_simplification():
    before = geometry.cut(SHAPES)
    simplified, _arcs, owners = geometry.simplify(SHAPES, [0.002] * len(SHAPES))
    shared_before = sum(len(owned) == 2 for owned in before.owners)
    assert shared_before == sum(len(owned) == 2 for owned in owners)
    assert shared_before > 20
    # No gap and no overlap: the areas still sum to the area inside the outer border.
    again = geometry.cut(simplified)
    for arc, owned in zip(again.arcs, again.owners, strict=True):
        assert len(owned) in (1, 2), arc
    total = sum(map(geometry.area, simplified))
    outer = [arc for arc, owned in zip(again.arcs, again.owners, strict=True) if len(owned) == 1]
    assert sum(len(arc) - 1 for arc in outer) < sum(len(ring) for shape in simplified for (ring,) in shape)
    assert total == pytest.approx(sum(map(geometry.area, SHAPES)), rel=0.01)


def test_simplification_drops_most_points():
    simplified, *_rest = geometry.simplify(SHAPES, [0.002] * len(SHAPES))
    before, after = (
        sum(len(ring) for shape in shapes for (ring,) in shape) for shapes in (SHAPES, simplified)
    )
    assert after < before / 3


@settings(deadline=None)
@given(st.lists(st.floats(-2, 2), min_size=1, max_size=30), st.floats(0, 3))
def test_two_sides_of_a_wandering_border_stay_one(wander, tolerance):
    border = [(5 + dx, 1 + 8 * i / len(wander)) for i, dx in enumerate(wander)]
    left = (((0.0, 0.0), (5.0, 0.0), *border, (5.0, 10.0), (0.0, 10.0)),)
    right = (((5.0, 0.0), (10.0, 0.0), (10.0, 10.0), (5.0, 10.0), *border[::-1]),)
    shapes, _arcs, _owners = geometry.simplify([(left,), (right,)], [tolerance, tolerance])

    def between(shape):
        return [point for point in shape[0][0] if point in border]

    assert between(shapes[0]) == between(shapes[1])[::-1]


@settings(deadline=None)
@given(st.lists(st.floats(0.3, 10), min_size=3, max_size=24), st.floats(0.3, 4))
def test_the_label_point_lies_inside(radii, wide):
    ring = tuple(
        (r * math.cos(2 * math.pi * i / len(radii)), r * math.sin(2 * math.pi * i / len(radii)))
        for i, r in enumerate(radii)
    )
    x, y = geometry.label_point((ring,), wide=wide, precision=0.05)
    assert geometry.inside(x, y, (ring,))


def test_real_label_points_lie_inside():
    for shape in SHAPES:
        polygon = geometry.largest(shape)
        assert geometry.clearance(*geometry.label_point(polygon, precision=0.001), polygon) > 0


def test_the_label_point_of_a_square_is_its_middle():
    assert geometry.label_point(SQUARE[0], precision=0.01) == pytest.approx((5, 5), abs=0.05)


def test_areas_count_holes_out():
    hole = ((4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0))
    assert geometry.area(SQUARE) == 100
    assert geometry.area(((SQUARE[0][0], hole),)) == 96


@settings(deadline=None)
@given(st.floats(-90, 90), st.floats(0.2, 2))
def test_furrows_together_are_the_area_over_their_spacing(angle, spacing):
    lines = geometry.furrows(SQUARE, angle=angle, spacing=spacing)
    length = sum(math.dist(a, b) for a, b in lines)
    assert length * spacing == pytest.approx(100, abs=spacing * 14.2)


def test_furrows_of_a_square_are_these():
    lines = geometry.furrows(SQUARE, angle=0, spacing=4)
    assert lines == [((0, 2), (10, 2)), ((0, 6), (10, 6))]


def test_clipping_cuts_at_the_box():
    (ring,) = geometry.clip(SQUARE[0], geometry.Box(5, -5, 20, 5))
    assert geometry.ring_area(ring) == 25
    assert geometry.clip(SQUARE[0], geometry.Box(50, 50, 60, 60)) == ()


def test_paths_are_short_and_do_not_drift():
    ring = ((0.04, 0.04), (0.08, 0.08), (10.0, 0.5), (9.51, -3.0))
    assert geometry.path([ring]) == "M0 0l.1 .1 9.9 .4-.5-3.5z"


def test_projection_keeps_shape_at_the_middle_parallel():
    ground = geometry.Box(4.5, 50.5, 5.5, 51.5)
    projection = geometry.Projection.fit(ground, geometry.Box(0, 0, 100, 100))
    across = projection.point(5.5, 51)[0] - projection.point(4.5, 51)[0]
    along = projection.point(5, 50.5)[1] - projection.point(5, 51.5)[1]
    assert across / along == pytest.approx(math.cos(math.radians(51)))


@pytest.mark.parametrize("point", [(float("nan"), 50), (4, float("inf")), (181, 50), (4, 91)])
def test_coordinates_that_are_no_degrees_are_refused(point):
    with pytest.raises(ValueError, match="not a longitude"):
        geometry.read({"type": "Polygon", "coordinates": [[[4, 50], [5, 50], point]]})


def test_no_boundary_and_a_boundary_without_area_are_empty_shapes():
    assert geometry.read(None) == ()
    assert geometry.read({"type": "Polygon", "coordinates": [[[4, 50], [5, 50], [4, 50]]]}) == ()
    with pytest.raises(ValueError, match="not 'Point'"):
        geometry.read({"type": "Point", "coordinates": [4, 50]})
