"""Which findings the summary holds, and in which order. No database."""

from collections.abc import Sequence

from diagnostics.chapters.chapter import BASES

MOST = 5
"""Findings on one page."""


def chosen(of_chapters: Sequence[tuple[str, Sequence[dict]]], most: int = MOST) -> list[dict]:
    """Return at most `most` findings, from the surest to the most fragile: (basis, findings) by chapter.

    Each chapter gives its first before any gives its second, so that the portrait, which has five, leaves room.
    """
    ranked = [
        (turn, BASES.index(basis), place, finding | {"basis": basis})
        for place, (basis, findings) in enumerate(of_chapters)
        for turn, finding in enumerate(findings)
    ]
    kept = sorted(ranked, key=_first_come)[:most]
    return [finding for _turn, _basis, _place, finding in sorted(kept, key=_surest)]


def _first_come(ranked: tuple) -> tuple:
    turn, basis, place, _finding = ranked
    return turn, basis, place


def _surest(ranked: tuple) -> tuple:
    turn, basis, place, _finding = ranked
    return basis, place, turn
