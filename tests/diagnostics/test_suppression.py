"""Small cells are withheld, and what would give them back."""

import pytest

from diagnostics.suppression import withheld

M = "masqué"


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([12, 7, 0], [12, 7, 0]),
        ([12, 4, 0, 3], [12, M, 0, M]),
        ([12, 7, 2], [12, M, M]),  # alone, 2 would be what the total leaves
        ([12, 1, 1], [M, M, M]),  # two people in two cells: one in each
        ([12, 7, 3, 1], [12, M, M, M]),
        ([5], [5]),
        ([3], [M]),
        ([3, 0], [M, 0]),
        ([], []),
    ],
)
def test_counts_under_five_and_those_that_would_give_them_back_are_withheld(counts, shown):
    assert withheld(counts) == shown
