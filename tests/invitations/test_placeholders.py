"""Words between braces: known ones are replaced once, others refused, none evaluated."""

import pytest
from django.core.exceptions import ValidationError

from invitations import actions, placeholders
from invitations.models import Campaign
from tests.factories.invitations import CampaignFactory

VALUES = {"prenom": "Ada", "nom": "{lien}", "organisation": "", "lien": "/x", "date_limite": "lundi"}


def test_known_placeholders_are_replaced():
    assert placeholders.fill("Bonjour {prenom}, {date_limite}.", VALUES) == "Bonjour Ada, lundi."


def test_what_a_value_holds_is_not_read_again():
    assert placeholders.fill("{nom}", VALUES) == "{lien}"


def test_lone_braces_stay():
    assert placeholders.fill("a { b } c {", {**VALUES, " b ": "?"}) == "a ? c {"
    assert placeholders.fill("} {", VALUES) == "} {"


STRANGE = [
    *("{prénom}", "{Prenom}", "{ prenom }", "{}", "{0}", "{-1}", "{prenom\u200b}", "{prenom\n}"),
    *("{lien.__class__}", "{prenom.__class__.__mro__}", "{nom[0]}", "{lien.__init__.__globals__}", "{self}"),
    *("{prenom!r}", "{prenom!s:>9}", "{nom:>999999999}", "{nom:{lien}}", "{date_limite:%Y}", "{prenom=}"),
    *(
        "{{prenom}} {nom:>9}",
        "{{ prenom.upper }}",
        "{{ settings.SECRET_KEY }}",
        "{% load static %}",
        "{% debug %}",
    ),
    *("{# un mot #}", "${7*7}", "#{7*7}", "{{7*7}}", "{__import__('os')}", "{prenom}{secret}"),
    *("{prenom", "prenom}", "}{", "{% now", "a { b"),
]


@pytest.mark.parametrize("text", STRANGE)
def test_an_unknown_placeholder_is_refused_with_those_that_exist(text):
    for validate in (placeholders.validate, placeholders.validate_subject):
        with pytest.raises(ValidationError) as refusal:
            validate(text)
        assert "{prenom}, {nom}, {organisation}, {lien}, {date_limite}" in refusal.value.messages[0]


@pytest.mark.parametrize("text", [one for one in STRANGE if placeholders.unknown(one)])
def test_nothing_is_evaluated_even_if_it_were_saved(text):
    with pytest.raises(KeyError):
        placeholders.fill(text, VALUES)


@pytest.mark.parametrize("text", ["%(prenom)s", "$prenom", "100 %", "<%= 7*7 %>", "(prenom)"])
def test_what_is_no_placeholder_stays_as_it_is(text):
    placeholders.validate(text)
    assert placeholders.fill(text, VALUES) == text


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["subject", "body"])
@pytest.mark.parametrize("text", STRANGE)
def test_it_is_refused_when_it_is_saved(text, field):
    with pytest.raises(ValidationError) as refusal:
        actions.save(CampaignFactory.build(**{field: text}), by=None)
    assert set(refusal.value.message_dict) == {field}
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize(
    "subject", ["Votre lien : {lien}", "Bonjour\r\nBcc: x@y.be", "Bonjour\nà tous", "a\x00b"]
)
def test_a_subject_holds_one_line_and_no_personal_link(subject):
    with pytest.raises(ValidationError):
        placeholders.validate_subject(subject)


def test_a_subject_in_french_is_fine():
    placeholders.validate_subject("{prenom}, votre avis compte\u00a0!")
