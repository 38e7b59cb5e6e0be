"""Findings: sentences say no more than their figures."""

import copy

import pytest

from diagnostics import findings, words
from diagnostics.chapters.chapter import COUNTED, DECLARED, PUBLIC
from diagnostics.chapters.portrait import findings as portrait
from tests.factories.diagnostics import frozen


@pytest.mark.parametrize(
    ("years", "told"),
    [
        ([2006, 2007, 2008, 2010], "2006–2008, 2010"),
        ([2020], "2020"),
        ([], "n.d."),
        ([None], "n.d."),
        ([2013, 2012], "2012–2013"),
    ],
)
def test_years_are_told_as_spans(years, told):
    assert words.spans(years) == told


def with_growth(mine: float, region: float) -> dict:
    data = copy.deepcopy(frozen())
    growth = [[c, mine if c == "25048" else region if c == "03000" else v] for c, v in growth_of(data)]
    data["portrait"]["population"]["growth"] = growth
    return data


def growth_of(data: dict) -> list:
    return data["portrait"]["population"]["growth"]


@pytest.mark.parametrize(
    ("mine", "region", "title"),
    [
        (13.6, 6.8, "La commune grandit plus de deux fois plus vite que la région."),
        (13.5, 6.8, "La commune grandit plus vite que la région."),
        (7.3, 6.8, "La commune évolue comme la région."),
        (2.0, 6.8, "La commune grandit moins vite que la région."),
        (-0.4, 6.8, "La commune perd des habitants."),
    ],
)
def test_more_than_twice_is_said_from_two_times_on_only(mine, region, title):
    assert portrait.of(with_growth(mine, region))[0]["title"] == title


def test_a_finding_without_its_figure_is_left_out():
    data = copy.deepcopy(frozen())
    data["portrait"]["population"]["growth"] = [[code, None] for code, _value in growth_of(data)]
    assert [finding["key"] for finding in portrait.of(data)] == [
        "building",
        "establishments",
        "age",
        "income",
    ]


def test_old_figures_are_dated_in_the_sentence_itself():
    income = portrait.of(frozen())[-1]
    assert income["title"] == "En 2013, le revenu moyen par déclaration dépassait celui de la région."


def test_ranks_are_ordinals():
    assert [words.ordinal(rank) for rank in (1, 2, 122)] == ["1er", "2e", "122e"]


def test_each_chapter_has_its_word_before_any_has_its_second_and_the_surest_come_first():
    of_chapters = [
        (PUBLIC, [{"key": "p1"}, {"key": "p2"}, {"key": "p3"}, {"key": "p4"}]),
        (DECLARED, [{"key": "d1"}]),
        (COUNTED, [{"key": "c1"}, {"key": "c2"}]),
        (COUNTED, []),
    ]
    chosen = findings.chosen(of_chapters, most=5)
    assert [(one["key"], one["basis"]) for one in chosen] == [
        ("p1", PUBLIC),
        ("p2", PUBLIC),
        ("c1", COUNTED),
        ("c2", COUNTED),
        ("d1", DECLARED),
    ]


@pytest.mark.parametrize(
    ("names", "told"), [([], ""), (["Incourt"], "Incourt"), (["A", "B", "C"], "A, B et C")]
)
def test_names_are_listed_as_people_say_them(names, told):
    assert words.listed(names) == told
