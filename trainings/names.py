"""Names and texts typed by people: made clean for storing, and comparable for recognising."""

import re
import unicodedata

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
LONGEST_FOLDED = 300
"""One sign may fold to eighteen letters."""
_NO_BREAK = "\u00a0\u202f"


def clean(text: str) -> str:
    """Return one line of text: line breaks and runs of spaces become one space, invisible characters go.

    What goes: control and format characters (bidirectional overrides too), lone surrogates, code points
    without a meaning. No-break spaces stay: French titles need them.
    """
    spaced = "".join(" " if one.isspace() and one not in _NO_BREAK else one for one in text)
    kept = "".join(one for one in spaced if unicodedata.category(one) not in _INVISIBLE)
    return re.sub(" {2,}", " ", unicodedata.normalize("NFC", kept)).strip()


def folded(text: str) -> str:
    """Return the form in which names are compared: "Éloïse D’Hóop" is "eloise d'hoop", 300 characters at most.

    "" for what has no letter to compare, as a dead key of the keyboard alone.
    """
    apart = unicodedata.normalize("NFKD", clean(text).replace("’", "'"))
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return " ".join(bare.casefold().split())[:LONGEST_FOLDED].rstrip()
