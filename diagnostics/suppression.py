"""Small cells: counts of persons under the threshold are withheld, and one more where a total would give one away."""

from collections.abc import Sequence

THRESHOLD = 5
"""Under which a count of persons could name them; 0 names nobody."""
WITHHELD = "masqué"
"""What stands in a withheld cell, on paper and in files."""


def withheld(counts: Sequence[int], threshold: int = THRESHOLD) -> list[int | str]:
    """Return the counts with the small ones withheld; with a single small one, the next smallest goes too.

    Otherwise the printed total less the others would give it back. Zeros stay: they hold nobody.
    """
    small = {place for place, n in enumerate(counts) if 0 < n < threshold}
    others = [(n, place) for place, n in enumerate(counts) if n >= threshold]
    if len(small) == 1 and others:
        small.add(min(others)[1])
    return [WITHHELD if place in small else n for place, n in enumerate(counts)]
