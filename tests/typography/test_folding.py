"""Text is folded the same way whoever types it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typography.folding import fold, words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Orp-Jauche", "orp jauche"),
        ("ORP JAUCHE", "orp jauche"),
        ("L’École, d’été", "l ecole d ete"),
        ("Œuvres & bœufs", "oeuvres boeufs"),
        ("Straße", "strasse"),
        ("0314.595.348", "0314 595 348"),
        ("  ", ""),
        ("\x00\ud800%_", ""),
    ],
)
def test_accents_case_and_hyphens_do_not_count(typed, folded):
    assert fold(typed) == folded


@given(st.text(st.characters(codec=None)))
def test_what_comes_out_is_words_of_ascii_whatever_comes_in(text):
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert folded.isascii() and folded == folded.lower()
    assert fold(folded) == folded


def test_a_search_has_different_words_and_not_too_many():
    assert words("Orp orp-Jauche") == ["orp", "jauche"]
    assert len(words(" ".join(str(n) for n in range(100)))) == 10
