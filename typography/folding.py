"""Text folded for searching and sorting: without accents, case, hyphens or punctuation. Pure."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"})
_APART = re.compile(r"[^0-9a-z]+")
MOST_WORDS = 10
"""Words of a search beyond these are not looked for."""


def fold(text: str) -> str:
    """Return "orp jauche l ecole" for "Orp-Jauche, l’École": lower-case ASCII words apart by one space.

    Whatever comes in (NUL, lone surrogates, other alphabets), what goes out is safe to store and compare.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _APART.sub(" ", plain.casefold().translate(_LIGATURES)).strip()


def words(text: str) -> list[str]:
    """Return the different folded words that a person typed in a search field, at most `MOST_WORDS`."""
    return list(dict.fromkeys(fold(text).split()))[:MOST_WORDS]
