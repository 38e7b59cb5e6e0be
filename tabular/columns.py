"""Which column goes where: proposed from titles, then from contents; a person may change it."""

from collections.abc import Mapping

from tabular.targets import JOIN, SPREAD, Field, Target
from typography.folding import fold

EXACT = 80
"""From this score on, the title is one of the field’s own names."""


def propose(target: Target, columns: list[str], samples: list[list[str]]) -> dict[str, str]:
    """Return column → field: the title's best match first, then what the contents look like.

    A field that gathers columns may be given several; any other has one, the likeliest.
    """
    scored = sorted(
        (
            (score, -place, column, one)
            for place, (column, cells) in enumerate(zip(columns, samples, strict=True))
            for one in target.fields
            if (score := _score(one, column, cells)) > 0
        ),
        key=lambda entry: entry[:2],
        reverse=True,
    )
    chosen: dict[str, str] = {}
    best: dict[str, int] = {}
    for score, _place, column, one in scored:
        if column in chosen:
            continue
        if one.name in best and not (one.gathers in (JOIN, SPREAD) and score >= EXACT):
            continue
        chosen[column] = one.name
        best.setdefault(one.name, score)
    return {column: chosen[column] for column in columns if column in chosen}


def _score(one: Field, column: str, cells: list[str]) -> int:
    """Return how well a column suits a field, 0 to 100; contents that do not read as the field's spoil it."""
    title = fold(column)
    words = set(title.split())
    aliases = [fold(alias) for alias in (one.name, str(one.label), *one.aliases)]
    score = 90 if one.named and one.named(column) else 0
    for rank, alias in enumerate(aliases):
        if title == alias:
            score = max(score, 100 - min(rank, 20))
        elif set(alias.split()) <= words:
            score = max(score, 70 - min(rank, 20) - min(10, len(words)))
    if one.looks is None:
        return score
    like = sum(map(one.looks, cells)) / len(cells) if cells else 0
    if score:
        return score if not cells or like >= 0.5 or score >= EXACT else 0
    return round(40 * like) if like > 0.6 else 0


def remembered(mapping: Mapping[str, str], target: Target, columns: list[str]) -> dict[str, str]:
    """Return what is left of an earlier mapping: columns and fields that are still there."""
    names = {one.name for one in target.fields}
    return {column: name for column, name in mapping.items() if column in columns and name in names}
