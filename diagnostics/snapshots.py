"""Snapshots as values: their canonical writing, their fingerprint, their tables as CSV. No database."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from decimal import Decimal

SCHEMA = 2
"""Version of the shape of a snapshot's data; raised when a key changes its meaning."""


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


def _cell(value) -> str:
    if value is None:
        return "n.d."
    if isinstance(value, (int, float, Decimal)):
        return str(value).replace(".", ",")
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
