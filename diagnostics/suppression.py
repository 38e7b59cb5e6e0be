"""Small cells: counts of persons under the threshold are withheld, and more where a total would give one away."""

from collections.abc import Sequence

THRESHOLD = 5
"""Under which a count of persons could name them; 0 names nobody."""
WITHHELD = "masqué"
"""What stands in a withheld cell, on paper and in files."""


def withheld(counts: Sequence[int], threshold: int = THRESHOLD) -> list[int | str]:
    """Return the counts with the small ones withheld, then the next smallest until two or more hide `threshold`.

    Otherwise the printed total less the others would give them back: one alone is the rest, and of two that
    make 2 each is 1. Zeros stay: they hold nobody. A total is withheld like a count: give it alone.
    """
    small = {place for place, n in enumerate(counts) if 0 < n < threshold}
    others = sorted((n, place) for place, n in enumerate(counts) if n >= threshold)
    while small and others and (len(small) == 1 or sum(counts[place] for place in small) < threshold):
        small.add(others.pop(0)[1])
    return [WITHHELD if place in small else n for place, n in enumerate(counts)]
