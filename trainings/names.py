"""Names and texts typed by people: made clean for storing, and comparable for recognising."""

import unicodedata

_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: str) -> str:
    """Return one line of text: line breaks and runs of spaces become one space, invisible characters go.

    What goes: control and format characters (bidirectional overrides too), lone surrogates, code points
    without a meaning.
    """
    spaced = "".join(" " if character.isspace() else character for character in text)
    kept = (character for character in spaced if unicodedata.category(character) not in _DROPPED)
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def folded(text: str) -> str:
    """Return the form in which names are compared: "Éloïse D’Hóop" is "eloise d'hoop"."""
    apart = unicodedata.normalize("NFKD", clean(text).replace("’", "'"))
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())
