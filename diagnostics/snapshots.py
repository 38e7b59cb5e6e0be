"""Snapshots as values: their canonical writing, their fingerprint, their tables as CSV. No database."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

SCHEMA = 2
"""Version of the shape of a snapshot's data; raised when a key changes its meaning."""


SHAPE: dict[str, type] = {
    "scope": dict,
    "lag": dict,
    "places": list,
    "communes": list,
    "among": int,
    "map": list,
    "chapters": list,
    "left_out": list,
    "captions": list,
    "tables": list,
    "findings": list,
    "gaps": list,
    "sources": list,
}
"""What every snapshot holds; each chapter's matter stands beside, under its key."""


class Misshapen(ValueError):
    """What was collected is not a snapshot: it is never frozen."""


def check(data: Mapping) -> None:
    """Raise Misshapen unless `data` has every key, each chapter its matter, each table even rows and own key."""
    for key, kind in SHAPE.items():
        if not isinstance(data.get(key), kind):
            raise Misshapen(f"{key} is not a {kind.__name__}")
    present = [chapter["key"] for chapter in data["chapters"]]
    absent = [chapter["key"] for chapter in data["left_out"]]
    if set(present) & set(absent) or [key for key in present if not data.get(key)]:
        raise Misshapen("a chapter is told without its matter, or told and left out")
    for name in ("captions", "tables"):
        keys = [one["key"] for one in data[name]]
        if len(keys) != len(set(keys)):
            raise Misshapen(f"two {name} have the same number")
    for table in data["tables"]:
        if any(len(row["cells"]) != len(table["header"]) for row in table["rows"]):
            raise Misshapen(f"table {table['key']} has uneven rows")
    numbered = {one["key"] for name in ("captions", "tables") for one in data[name]}
    if lost := [finding["ref"] for finding in data["findings"] if finding["ref"] not in numbered]:
        raise Misshapen(f"findings refer to {', '.join(lost)}, which nothing holds")
    canonical(data)  # no NaN, no infinity, nothing that JSON would not keep


def read(data: Mapping) -> Mapping:
    """Return a snapshot of an older schema in today's shape, for showing; what is stored stays as it is."""
    if data["schema"] >= SCHEMA:
        return data
    told = {"key": "portrait", "number": 3, "name": _("Portrait"), "lead": "", "remark": ""}
    return {
        **data,
        "portrait": {**data["portrait"], "ranks": data["ranks"]},
        "communes": [],
        "survey": None,
        "chapters": [{**told, "title": _("Qui habite ici, et où va la population")}],
        "left_out": [],
        "findings": [{**finding, "basis": "public"} for finding in data["findings"]],
    }


def canonical(data: Mapping) -> bytes:
    """Return the one writing of `data`: UTF-8, sorted keys, no spaces. Its SHA-256 is the printed fingerprint."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def fingerprint(data: Mapping) -> str:
    """Return the SHA-256 of the canonical writing, in hexadecimal."""
    return hashlib.sha256(canonical(data)).hexdigest()


def grouped(sha256: str, groups: int = 8) -> str:
    """Return the first `groups` groups of eight characters: "3a86e14b 35bb554a …", easy to compare by eye."""
    return " ".join(sha256[start : start + 8] for start in range(0, 8 * groups, 8))


def short(sha256: str) -> str:
    """Return the short form printed in footers: "3a86 e14b 35bb"."""
    return " ".join(sha256[start : start + 4] for start in range(0, 12, 4))


def table_csv(table: Mapping) -> bytes:
    """Return one table as people here open it: semicolons, decimal comma, byte order mark, "n.d." for missing.

    A text that a spreadsheet would take for a formula gets an apostrophe; numbers keep their sign.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(text) for text in table["header"]])
    for row in table["rows"]:
        writer.writerow([_cell(cell) for cell in row["cells"]])
    return "\ufeff".encode() + out.getvalue().encode()


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a text begins that a spreadsheet would compute; the last four are the wide forms of the first."""


def _cell(value) -> str:
    if value is None:
        return "n.d."
    if isinstance(value, (int, float, Decimal)):
        return str(value).replace(".", ",")
    return f"'{value}" if value.startswith(_FORMULA) else value
