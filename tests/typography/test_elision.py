"""« De » before the name of a place."""

import pytest

from typography import elision


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Jodoigne", "de Jodoigne"),
        ("Orp-Jauche", "d’Orp-Jauche"),
        ("Éghezée", "d’Éghezée"),
        ("Hélécine", "d’Hélécine"),
        ("Hannut", "de Hannut"),
        ("Yvoir", "de Yvoir"),
        ("", "de "),
    ],
)
def test_de_loses_its_vowel_where_one_hears_it(name, told):
    assert elision.of(name) == told
