"""Words of a search that name a place or a theme: an actor is found by its village, as it is called today.

An actor's `search_text` holds its own words alone: name, sentence, description. The names of places and themes are
not copied into it. They are few (some hundreds of villages for fifty thousand actors), so a search looks up here which
municipalities and themes a word names, and asks for actors whose words hold it *or* whose seat is there. So
« Folx-les-Caves » finds everybody in Orp-Jauche, the village's own first; a village that is renamed is found by its
new name at once, without one actor being written; and both halves of the question are read from an index
(`actor_search`, by trigrams, and the seat's), which PostgreSQL joins in one bitmap.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from territory.models import Municipality, Theme
from typography.folding import fold

NAMES, THEMES = "actors.naming.places", "actors.naming.themes"
SECONDS = 300
SHORTEST = 3
"""Letters under which a word names nothing: « de » would be half of the territory's places."""
TELLING = 4
"""Letters of the longest word without which no village is meant: « les » is in too many of their names."""


class Place(NamedTuple):
    """A municipality: its primary key, all its names and codes folded, and its villages' keys and folded names."""

    pk: int
    known: str
    villages: list[tuple[int, str]]


def holds(word: str, *, of_theme: Callable[[list[int]], Any]) -> Q:
    """Return the condition that an actor's own words hold a folded word, or its municipality's names, or its themes'.

    `of_theme` returns the actors of some themes as a subquery. No query but for the names, which are remembered.
    """
    condition = Q(search_text__contains=word)
    if len(word) < SHORTEST:
        return condition
    places = [place.pk for place in _places() if word in place.known]
    named = [theme.pk for theme in themes() if word in fold(theme.name)]
    if places:
        # The seat first: where it says yes, the text need not be read.
        condition = Q(municipality__in=places) | condition
    if named:
        condition |= Q(pk__in=of_theme(named))
    return condition


def villages(words: list[str]) -> list[int]:
    """Return the villages that folded words mean: their whole name is among them, or they are all in their name."""
    if max(map(len, words), default=0) < TELLING:
        return []
    typed = set(words)
    return [
        pk
        for place in _places()
        for pk, name in place.villages
        if typed.issuperset(name.split()) or all(word in name for word in words)
    ]


def themes() -> list[Theme]:
    """Return every theme, in order; remembered like the names."""
    return cache.get_or_set(THEMES, lambda: list(Theme.objects.all()), SECONDS) or []


def forget(**kwargs) -> None:
    """Receive « a place or a theme was written »: read the names anew, now and once others can see it."""

    def forget_now() -> None:
        cache.delete_many([NAMES, THEMES])

    forget_now()
    transaction.on_commit(forget_now, robust=True)


def _places() -> list[Place]:
    return cache.get_or_set(NAMES, _read, SECONDS) or _read()


def _read() -> list[Place]:
    """Return every municipality with its names and villages; one query."""
    rows = Municipality.objects.values_list(
        "pk", "name", "postal_codes", "localities__pk", "localities__name", "localities__postal_code"
    )
    words: dict[int, list[str]] = {}
    villages: dict[int, list[tuple[int, str]]] = {}
    for pk, name, codes, key, village, code in rows.order_by():
        words.setdefault(pk, [name, *codes])
        if key:
            words[pk] += [village, code]
            villages.setdefault(pk, []).append((key, fold(village)))
    return [Place(pk, fold(" ".join(known)), villages.get(pk, [])) for pk, known in words.items()]
