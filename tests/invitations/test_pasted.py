"""Lists of addresses as people paste them."""

import pytest

from invitations import pasted


def read(text: str) -> list[tuple[str, str]]:
    return [(line.text, line.email) for line in pasted.read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "ada@exemple.invalid\nbob@exemple.invalid",
        "ada@exemple.invalid;bob@exemple.invalid;",
        "  ada@exemple.invalid ,\tbob@exemple.invalid.\r\n\r\n",
        "\ufeffada@exemple.invalid\u2028\u200bbob@exemple.invalid",
        "mailto:ada@exemple.invalid bob@exemple.invalid",
    ],
)
def test_addresses_are_found_however_they_are_separated(text):
    assert read(text) == [(one, one) for one in ("ada@exemple.invalid", "bob@exemple.invalid")]


def test_names_around_an_address_do_not_hinder():
    text = 'Ada Fictive <Ada@Exemple.invalid>; "Exemple, Bob" <bob@exemple.invalid>'
    assert read(text) == [
        ("Ada@Exemple.invalid", "ada@exemple.invalid"),
        ("bob@exemple.invalid", "bob@exemple.invalid"),
    ]


@pytest.mark.parametrize("text", ["Ada Fictive", "ada@", "@exemple.invalid", "ada.exemple.invalid", "a\x07b"])
def test_a_line_without_an_address_stays_to_be_told(text):
    assert read(text) == [(text.replace("\x07", " "), "")]


@pytest.mark.parametrize("text", ["ada@exemple", "ada@@exemple.invalid", "ada..f@exemple.invalid"])
def test_what_looks_like_an_address_and_is_none_has_none(text):
    assert read(text) == [(text, "")]


@pytest.mark.parametrize("text", ["", "\n;;\r\n \t", "\u200b"])
def test_nothing_is_no_line(text):
    assert read(text) == []


def test_a_long_word_that_is_no_address_is_read_at_once():
    """One regular expression for the whole would try each sign as a beginning: an hour for this one."""
    assert [line.email for line in pasted.read("a" * 300_000)] == [""]
