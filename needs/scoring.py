"""Maturity scores: pure functions from levels to scores, each formula with its source.

The six dimensions are those of Giffinger, R., Fertner, C., Kramar, H., Kalasek, R., Pichler-Milanović, N. and
Meijers, E. (2007), « Smart cities: Ranking of European medium-sized cities », Vienna University of Technology.
The formulas are the programme's own (docs/maturity.md). Scores are exact fractions from 0 to 1; a page shows
them out of 4 or out of 100 and rounds there only. None is « n.d. » : not known, never zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

TOP = 4
"""The highest level of a criterion."""
ENOUGH = Fraction(3, 4)
"""Share of the concerned criteria that must be answered for a dimension to have a score."""
BANDS = ("Semis", "Levée", "Épi", "Moisson")
"""The four bands, each a quarter wide; the lower bound belongs to the band."""
BAND_LEVELS = (0, 1, 3, 4)
"""The growth (charts.signs.growth) that stands for each band."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion as answered: `level` is None when there is no answer; not concerned, it leaves the mean."""

    dimension: str
    level: int | None = None
    weight: int = 1
    concerned: bool = True


class Mean(NamedTuple):
    """The territory's score: the mean of the communes that have one, and how many they are."""

    value: Fraction | None
    n: int


def criterion(level: int) -> Fraction:
    """Return level ÷ 4. ValueError outside 0 to 4."""
    if not 0 <= level <= TOP:
        raise ValueError(f"a level is 0 to {TOP}, not {level!r}")
    return Fraction(level, TOP)


def dimension(criteria: Iterable[Criterion]) -> Fraction | None:
    """Return Σ(weight × level ÷ 4) ÷ Σ weight over the concerned criteria that are answered.

    None when no criterion is concerned, or when fewer than 75 % of those concerned are answered (counted one
    by one, whatever their weight).
    """
    concerned = [one for one in criteria if one.concerned]
    answered = [(one.weight, criterion(one.level)) for one in concerned if one.level is not None]
    if not answered or Fraction(len(answered), len(concerned)) < ENOUGH:
        return None
    return sum((weight * score for weight, score in answered), Fraction(0)) / sum(
        weight for weight, _score in answered
    )


def dimensions(criteria: Iterable[Criterion], codes: Sequence[str]) -> dict[str, Fraction | None]:
    """Return the score of each dimension of `codes`, in their order."""
    by_code: dict[str, list[Criterion]] = {code: [] for code in codes}
    for one in criteria:
        by_code.setdefault(one.dimension, []).append(one)
    return {code: dimension(by_code[code]) for code in codes}


def overall(scores: Mapping[str, Fraction | None]) -> Fraction | None:
    """Return the unweighted mean of the dimensions; None as soon as one of them has no score."""
    known = [score for score in scores.values() if score is not None]
    if not known or len(known) < len(scores):
        return None
    return sum(known, Fraction(0)) / len(known)


def territory(scores: Iterable[Fraction | None]) -> Mean:
    """Return the mean of the communes that have a score, each counting once, and their number."""
    known = [score for score in scores if score is not None]
    return Mean(sum(known, Fraction(0)) / len(known) if known else None, len(known))


def band(score: Fraction | None) -> int | None:
    """Return the band's place in `BANDS`: under a quarter 0, under a half 1, under three quarters 2, else 3."""
    if score is None:
        return None
    if not 0 <= score <= 1:
        raise ValueError(f"a score is 0 to 1, not {score!r}")
    return min(int(score * len(BANDS)), len(BANDS) - 1)
