"""From values to places on the paper: linear and logarithmic scales, round ticks, labels pushed apart."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from . import svg


def known(values: Iterable[float | None]) -> list[float]:
    """Return the values that are there; raise ValueError for NaN, infinities and text."""
    return [value for value in (svg.finite(value) for value in values) if value is not None]


class Linear(NamedTuple):
    """Straight from `low`–`high` to `start`–`end`. Equal bounds put everything in the middle."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float | None) -> float:
        """Return where a value stands; ValueError for None: what is missing has no place, not zero's."""
        if value is None:
            raise ValueError("a missing value has no place on a scale")
        span = float(self.high) - float(self.low)
        part = (float(value) - float(self.low)) / span if span else 0.5
        return self.start + part * (self.end - self.start)


class Log(NamedTuple):
    """The same by powers: for positive values only."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        low, high = math.log10(self.low), math.log10(self.high)
        part = (math.log10(value) - low) / (high - low) if high != low else 0.5
        return self.start + part * (self.end - self.start)


def ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Return at most `most` + 1 round values (steps of 1, 2, 5 × a power of ten) between low and high."""
    low, high = float(low), float(high)
    if not high > low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def decimals_of(values: Sequence[float]) -> int:
    """Return how many decimals (0 to 3) tell ticks apart."""
    for decimals in range(3):
        if all(math.isclose(value, round(value, decimals), abs_tol=1e-9) for value in values):
            return decimals
    return 3


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions at least `gap` apart, in order, near those wanted, between low and high if they fit.

    Labels that touch form a block that stands at the mean of what its members want.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    blocks: list[list[float]] = []  # middle wanted for the first member, sum, count
    for i in order:
        blocks.append([wanted[i], 1])
        while len(blocks) > 1:
            (above, n), (below, m) = blocks[-2], blocks[-1]
            if above + (n - 1) * gap / 2 + gap <= below - (m - 1) * gap / 2 + 1e-9:
                break
            blocks[-2:] = [[(above * n + below * m) / (n + m), n + m]]
    placed: list[float] = []
    for middle, count in blocks:
        placed += [middle - (count - 1) * gap / 2 + i * gap for i in range(int(count))]
    if placed:
        for i in range(len(placed)):  # pushed down from the top, then up from the bottom
            placed[i] = max(placed[i], low + i * gap)
        for i in range(len(placed)):
            back = len(placed) - 1 - i
            placed[back] = min(placed[back], max(high, low + (len(placed) - 1) * gap) - i * gap)
    found = [0.0] * len(wanted)
    for position, i in zip(placed, order, strict=True):
        found[i] = position
    return found
