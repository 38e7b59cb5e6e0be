"""Numbers as people here read them."""

from decimal import Decimal

import pytest

from typography import numbers


@pytest.mark.parametrize(
    ("value", "decimals", "sign", "text"),
    [
        (14357, 0, False, "14\u202f357"),
        (3645243, 0, False, "3\u202f645\u202f243"),
        (62.5, 0, False, "63"),
        (-62.5, 0, False, "\u221263"),
        (0.125, 2, False, "0,13"),
        (Decimal("16.65"), 1, True, "+16,7"),
        (-3, 0, True, "\u22123"),
        (0, 0, True, "0"),
        (-0.04, 1, False, "0,0"),
        (None, 0, False, "n.d."),
    ],
)
def test_numbers_are_written_in_french(value, decimals, sign, text):
    assert numbers.number(value, decimals, sign=sign) == text


def test_a_percentage_carries_its_sign_and_space():
    assert numbers.percent(15.44) == "15,4\u202f%"
    assert numbers.percent(None) == "n.d."


def test_small_counts_are_said_in_words():
    assert [numbers.words(n) for n in (1, 7, 16, 17)] == ["un", "sept", "seize", "17"]


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (0, "0\u00a0octets"),
        (999, "999\u00a0octets"),
        (1000, "1\u00a0ko"),
        (34_499, "34\u00a0ko"),
        (999_499, "999\u00a0ko"),
        (999_500, "1,0\u00a0Mo"),
        (10_485_760, "10,5\u00a0Mo"),
    ],
)
def test_a_file_weighs_what_people_read_in_a_folder(octets, said):
    assert numbers.weight(octets) == said
