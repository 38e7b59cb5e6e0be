"""Snapshots: one writing, one fingerprint, tables a spreadsheet opens without harm."""

import csv
import hashlib
import io
import json

import pytest

from diagnostics import snapshots
from tests.factories.diagnostics import frozen


def test_the_fingerprint_is_that_of_the_downloaded_file_and_ignores_the_order_of_keys():
    data = frozen()
    turned = dict(reversed(data.items()))
    assert snapshots.canonical(turned) == snapshots.canonical(data)
    assert snapshots.fingerprint(data) == hashlib.sha256(snapshots.canonical(data)).hexdigest()
    assert json.loads(snapshots.canonical(data)) == data


def test_one_changed_figure_changes_the_fingerprint():
    data = frozen()
    before = snapshots.fingerprint(data)
    data["among"] += 1
    assert snapshots.fingerprint(data) != before


def test_short_forms_of_the_fingerprint():
    assert snapshots.short("3a86e14b35bb554aa7419f41") == "3a86 e14b 35bb"
    assert snapshots.grouped("a" * 64).split() == ["a" * 8] * 8


def test_a_table_opens_in_a_belgian_spreadsheet_and_no_text_is_taken_for_a_formula():
    table = {
        "header": ["Lieu", "=SOMME(A1)"],
        "rows": [{"cells": ["@Perwez", -26.4]}, {"cells": ["Incourt", None]}, {"cells": ["+32", 5522]}],
    }
    assert snapshots.table_csv(table).decode() == (
        "\ufeffLieu;'=SOMME(A1)\r\n'@Perwez;-26,4\r\nIncourt;n.d.\r\n'+32;5522\r\n"
    )


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_whatever_begins_a_formula_is_text(sign):
    written = snapshots.table_csv({"header": ["Lieu"], "rows": [{"cells": [f"{sign}HYPERLINK()"]}]}).decode()
    (_header, (cell,)) = csv.reader(io.StringIO(written, newline=""), delimiter=";")
    assert cell == f"'{sign}HYPERLINK()"


def broken(**changes) -> dict:
    return {**frozen("programme"), **changes}


@pytest.mark.parametrize("name", ["jodoigne", "territoire", "ottignies", "programme"])
def test_what_was_frozen_has_the_shape_of_its_schema(name):
    assert snapshots.check(frozen(name)) is None
    assert frozen(name)["schema"] == snapshots.SCHEMA


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"scope": None}, "scope is not a dict"),
        ({"maturity": {}}, "without its matter"),
        ({"left_out": [{"key": "needs"}]}, "told and left out"),
        ({"tables": frozen("programme")["tables"][:1] * 2}, "same number"),
        ({"tables": []}, "which nothing holds"),
        ({"tables": [{"key": "3.1", "header": ["a"], "rows": [{"cells": [1, 2]}]}]}, "uneven rows"),
        ({"needs": {"score": float("nan")}}, "JSON"),
    ],
)
def test_what_has_another_shape_is_refused(changes, why):
    with pytest.raises(ValueError, match=why):
        snapshots.check(broken(**changes))


def test_todays_snapshot_is_read_as_it_is():
    data = frozen("programme")
    assert snapshots.read(data) is data
