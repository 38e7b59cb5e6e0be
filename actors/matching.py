"""The same or another: organisations whose names are close, in one municipality."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from typography.folding import fold

CLOSE = 0.87
"""Likeness (Ratcliff and Obershelp, as in difflib) from which two folded names are worth a person's look."""
MOST_COMPARED = 60
STEM = 5
"""Letters by which words find one another: « jardin » and « jardins » do."""
_EMPTY = frozenset(
    fold("a au aux d de des du en et l la le les of the asbl vzw sprl srl bv sa nv scrl sc").split()
)

_TELLS_APART = re.compile(r"\d+|[ivx]+|premiere?|seconde?|deuxieme|troisieme|nord|sud|est|ouest")


def words_of(name: str) -> frozenset[str]:
    """Return the folded words of a name that tell something: articles and legal forms aside."""
    said = frozenset(fold(name).split())
    return said - _EMPTY or said


def is_close(one: str, other: str) -> bool:
    """Say whether two names may be one organisation's: the same words, or letters nearly alike."""
    mine, theirs = words_of(one), words_of(other)
    if mine == theirs:
        return True
    if any(_TELLS_APART.fullmatch(word) for word in mine ^ theirs):
        return False  # « Justice de paix de Huy I » is not « Huy II »
    if min(len(mine), len(theirs)) >= 2 and (mine < theirs or theirs < mine):
        return True
    left, right = " ".join(sorted(mine)), " ".join(sorted(theirs))
    match = SequenceMatcher(None, left, right)
    return match.quick_ratio() >= CLOSE and match.ratio() >= CLOSE


@dataclass
class Names:
    """Names by place, found by a word they share: a name is compared with few others, however many there are."""

    names: dict[str, str] = field(default_factory=dict)
    words: dict[tuple[int | None, str], list[str]] = field(default_factory=dict)

    def add(self, key: str, name: str, place: int | None) -> None:
        """Remember a name under a key."""
        self.names[key] = name
        for word in words_of(name):
            self.words.setdefault((place, word[:STEM]), []).append(key)

    def close_to(self, name: str, place: int | None) -> Iterable[str]:
        """Return the keys of the close names of a place, in order, rarest shared words first."""
        shared = sorted(
            (found for word in words_of(name) if (found := self.words.get((place, word[:STEM])))), key=len
        )
        keys = list(dict.fromkeys(key for found in shared for key in found[:MOST_COMPARED]))
        return [key for key in keys[:MOST_COMPARED] if is_close(name, self.names[key])]
