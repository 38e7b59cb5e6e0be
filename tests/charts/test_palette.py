"""Colours are held to what the design promises, by computation."""

from itertools import combinations

import pytest

from charts import palette

LIGHT, DARK = 0, 1
SCHEMES = pytest.mark.parametrize("scheme", [LIGHT, DARK])


def test_contrast_of_black_on_white_is_21():
    assert round(palette.contrast("#000000", "#ffffff"), 2) == 21


def test_lab_of_pure_red_is_the_published_value():
    assert [round(part, 1) for part in palette.lab("#ff0000")] == [53.2, 80.1, 67.2]


@SCHEMES
@pytest.mark.parametrize("vision", sorted(palette.VISIONS))
def test_six_dimensions_stay_25_apart_for_every_eye(scheme, vision):
    near = [
        (first, second)
        for first, second in combinations(palette.DIMENSIONS, 2)
        if palette.distance(palette.DIMENSIONS[first][scheme], palette.DIMENSIONS[second][scheme], vision)
        < 25
    ]
    assert near == []


@SCHEMES
def test_ink_reads_on_every_step_of_a_map(scheme):
    pale = [
        step
        for step in palette.SCREEN.steps
        if palette.contrast(palette.SCREEN.ink[scheme], step[scheme]) < 5.3
    ]
    assert pale == []


@SCHEMES
@pytest.mark.parametrize("paper", [palette.SCREEN, palette.PRINT], ids=lambda paper: paper.name)
def test_text_reads_and_signs_show_on_paper(paper, scheme):
    sheet = paper.sheet[scheme]
    for text in (paper.ink, paper.ink_2, paper.field, paper.beet):
        assert palette.contrast(text[scheme], sheet) >= 4.5
    assert palette.contrast(paper.on_field[scheme], paper.field[scheme]) >= 4.5
    assert palette.contrast(paper.wheat_edge[scheme], sheet) >= 3


@SCHEMES
@pytest.mark.parametrize("paper", [palette.SCREEN, palette.PRINT], ids=lambda paper: paper.name)
def test_each_dimension_and_family_shows_on_paper_by_its_fill_or_its_edge(paper, scheme):
    faint = []
    for name in (*palette.DIMENSIONS, *palette.FAMILIES):
        colours = [palette.colour(name, paper)]
        if palette.edge(name, paper):
            colours.append(palette.edge(name, paper))
        if max(palette.contrast(one[scheme], paper.sheet[scheme]) for one in colours) < 3:
            faint.append(name)
    assert faint == []


def test_a_pair_follows_the_scheme_and_one_colour_stays_one():
    assert str(palette.Pair("#111111", "#eeeeee")) == "light-dark(#111111,#eeeeee)"
    assert str(palette.Pair("#111111", "#111111")) == "#111111"


def test_print_knows_no_dark():
    pairs = [value for value in vars(palette.PRINT).values() if isinstance(value, palette.Pair)]
    assert [pair for pair in pairs if pair.light != pair.dark] == []


def test_an_unknown_colour_or_paper_is_refused():
    with pytest.raises(ValueError, match="no colour"):
        palette.colour("pink", palette.SCREEN)
    with pytest.raises(ValueError, match="screen or print"):
        palette.paper_named("wall")
