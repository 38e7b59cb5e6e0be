"""« De » before a name: « de Jodoigne », « d’Orp-Jauche ». Pure."""

from typography.folding import fold

_VOWELS = tuple("aeiou")
_MUTE_H = ("helecine", "hensies", "herbeumont")
"""Names in which one does not hear the h; before the others (« de Hannut », « de Huy ») nothing is dropped."""


def of(name: str) -> str:
    """Return « de » and the name, elided where French drops the vowel."""
    return f"d’{name}" if fold(name).startswith(_VOWELS + _MUTE_H) else f"de {name}"
