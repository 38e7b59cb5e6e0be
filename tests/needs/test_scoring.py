"""Maturity, by hand: examples computed on paper, then what must hold for any answers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needs import scoring
from needs.scoring import Criterion

CODES = ("living", "mobility", "environment", "economy", "people", "governance")


def criteria(*levels, weight=1):
    return [Criterion("living", level, weight) for level in levels]


def test_a_criterion_is_its_level_over_four():
    assert [scoring.criterion(level) for level in range(5)] == [
        *(Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1)),
    ]


@pytest.mark.parametrize("level", [-1, 5])
def test_a_level_is_from_0_to_4(level):
    with pytest.raises(ValueError, match="0 to 4"):
        scoring.criterion(level)


def test_a_dimension_is_the_mean_of_its_criteria():
    # (3 + 1 + 2 + 4) ÷ 4 = 2.5 levels, over 4
    assert scoring.dimension(criteria(3, 1, 2, 4)) == Fraction(5, 8)


def test_a_heavier_criterion_counts_for_more():
    # (3 × 4/4 + 1 × 0/4) ÷ 4
    assert scoring.dimension([Criterion("living", 4, 3), Criterion("living", 0, 1)]) == Fraction(3, 4)


def test_three_answers_of_four_are_enough():
    assert scoring.dimension(criteria(4, 2, 3, None)) == Fraction(3, 4)


def test_two_answers_of_four_give_no_score():
    assert scoring.dimension(criteria(4, 2, None, None)) is None


def test_a_criterion_that_does_not_concern_leaves_the_mean_and_the_count():
    out = Criterion("living", None, concerned=False)
    assert scoring.dimension([*criteria(4, 2, 3), out]) == Fraction(3, 4)
    assert scoring.dimension([*criteria(4, 2), out, out]) == Fraction(3, 4)
    assert scoring.dimension([out, out]) is None


def test_zero_everywhere_is_a_score_and_not_a_gap():
    assert scoring.dimension(criteria(0, 0, 0, 0)) == 0


def test_the_whole_is_the_unweighted_mean_of_the_six():
    scores = dict(zip(CODES, map(Fraction, (1, 0, "1/2", "1/4", "3/4", "1/2")), strict=True))
    assert scoring.overall(scores) == Fraction(1, 2)


def test_the_whole_is_not_known_when_a_dimension_is_not():
    assert scoring.overall({**dict.fromkeys(CODES, Fraction(1, 2)), "people": None}) is None


def test_the_territory_is_the_mean_of_the_communes_that_have_a_score():
    # Seven communes, one n.d.: 37,5 % is the mean of the six others.
    values = [Fraction(level, 8) for level in (1, 2, 3, 4, 5, 3)]
    assert scoring.territory([*values, None]) == (Fraction(3, 8), 6)
    assert scoring.territory([None]) == (None, 0)


def test_the_four_bands_begin_at_each_quarter():
    shares = ("0", "0.2499", "0.25", "0.4", "0.5", "0.6", "0.75", "0.775", "1")
    assert [scoring.BANDS[scoring.band(Fraction(share))] for share in shares] == [
        *("Semis", "Semis", "Levée", "Levée", "Épi", "Épi", "Moisson", "Moisson", "Moisson"),
    ]
    assert scoring.band(None) is None


one = st.builds(
    Criterion,
    dimension=st.sampled_from(CODES),
    level=st.none() | st.integers(0, 4),
    weight=st.integers(1, 9),
    concerned=st.booleans(),
)


@given(st.lists(one, max_size=40))
def test_a_score_is_between_the_lowest_and_the_highest_answer(answers):
    for code, score in scoring.dimensions(answers, CODES).items():
        given = [a.level for a in answers if a.dimension == code and a.concerned and a.level is not None]
        assert score is None or Fraction(min(given), 4) <= score <= Fraction(max(given), 4)


@given(st.lists(one, max_size=40), st.randoms())
def test_the_order_of_answers_changes_nothing(answers, random):
    before = scoring.dimensions(answers, CODES)
    random.shuffle(answers)
    assert scoring.dimensions(answers, CODES) == before


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(1, 9))
def test_weights_that_are_all_the_same_change_nothing(levels, weight):
    assert scoring.dimension(criteria(*levels, weight=weight)) == scoring.dimension(criteria(*levels))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.data())
def test_a_level_gained_never_lowers_a_score(levels, data):
    place = data.draw(st.integers(0, len(levels) - 1))
    higher = [level + (n == place) for n, level in enumerate(levels)]
    assert scoring.dimension(criteria(*higher)) > scoring.dimension(criteria(*levels))
