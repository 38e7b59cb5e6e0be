"""Enterprise numbers as public documentation prints them, good and bad."""

import csv
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from territory import enterprise_numbers

with (Path(__file__).parent / "data" / "numeros_entreprise.csv").open(encoding="utf-8", newline="") as file:
    ROWS = [row for row in csv.DictReader(file) if row["type"] == "entreprise"]


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["valide"] == "oui"], ids=lambda row: row["saisie"]
)
def test_a_good_number_is_kept_as_ten_digits(row):
    assert enterprise_numbers.normalise(row["saisie"]) == row["normalise"]


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["valide"] != "oui"], ids=lambda row: row["saisie"]
)
def test_a_bad_number_is_refused_in_french(row):
    with pytest.raises(ValidationError, match="n’est pas un numéro d’entreprise"):
        enterprise_numbers.normalise(row["saisie"])


@pytest.mark.parametrize("text", ["2.000.000.339", "0314.595.349", "3145953480", "abc", "٠٣١٤٥٩٥٣٤٨"])
def test_an_establishment_number_a_wrong_check_or_foreign_digits_are_refused(text):
    with pytest.raises(ValidationError):
        enterprise_numbers.normalise(text)


@pytest.mark.parametrize(
    "text", ["BE 0314.595.348", "be0314595348", "314 595 348", "0314-595-348", " (0314) 595348 "]
)
def test_people_type_it_in_many_ways(text):
    assert enterprise_numbers.normalise(text) == "0314595348"


def test_nothing_stays_nothing():
    assert (enterprise_numbers.normalise("  "), enterprise_numbers.shown("")) == ("", "")


def test_it_is_shown_with_points():
    assert enterprise_numbers.shown("0314595348") == "0314.595.348"


def test_a_stored_number_has_ten_bare_digits():
    enterprise_numbers.validate("0314595348")
    with pytest.raises(ValidationError, match="sans point ni espace"):
        enterprise_numbers.validate("0314.595.348")
