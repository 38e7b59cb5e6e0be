"""Snapshots: one writing, one fingerprint, tables a spreadsheet opens without harm."""

import hashlib
import json

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
