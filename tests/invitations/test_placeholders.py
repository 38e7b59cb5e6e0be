"""Words between braces: known ones are replaced once, others refused, none evaluated."""

import pytest
from django.core.exceptions import ValidationError

from invitations import placeholders

VALUES = {"prenom": "Ada", "nom": "{lien}", "organisation": "", "lien": "/x", "date_limite": "lundi"}


def test_known_placeholders_are_replaced():
    assert placeholders.fill("Bonjour {prenom}, {date_limite}.", VALUES) == "Bonjour Ada, lundi."


def test_what_a_value_holds_is_not_read_again():
    assert placeholders.fill("{nom}", VALUES) == "{lien}"


def test_lone_braces_stay():
    assert placeholders.fill("a { b } c {", {**VALUES, " b ": "?"}) == "a ? c {"
    assert placeholders.fill("} {", VALUES) == "} {"


@pytest.mark.parametrize(
    "text", ["{prénom}", "{prenom.__class__}", "{0}", "{}", "{prenom!r}", "{{prenom}} {nom:>9}", "{ prenom }"]
)
def test_an_unknown_placeholder_is_refused_with_those_that_exist(text):
    with pytest.raises(ValidationError) as refusal:
        placeholders.validate(text)
    assert "{prenom}, {nom}, {organisation}, {lien}, {date_limite}" in refusal.value.messages[0]


@pytest.mark.parametrize(
    "subject", ["Votre lien : {lien}", "Bonjour\r\nBcc: x@y.be", "Bonjour\nà tous", "a\x00b"]
)
def test_a_subject_holds_one_line_and_no_personal_link(subject):
    with pytest.raises(ValidationError):
        placeholders.validate_subject(subject)


def test_a_subject_in_french_is_fine():
    placeholders.validate_subject("{prenom}, votre avis compte\u00a0!")
