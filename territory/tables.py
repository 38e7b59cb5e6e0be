"""Files of a territory's folder: CSV and GeoJSON, checked, with errors that name file and line."""

import csv
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_YEAR = re.compile(r"\d{4}")


class FolderError(Exception):
    """A file of the folder is missing or wrong; the message says in French which, where and why."""

    def __init__(self, reason: str, file: str = "", line: int | None = None):
        where = file if line is None else _("%(file)s, ligne %(line)d") % {"file": file, "line": line}
        super().__init__(f"{where} : {reason}" if where else reason)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a CSV file: its cells by column, stripped, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def error(self, reason: str) -> FolderError:
        """Return an error that names this line."""
        return FolderError(reason, self.file, self.line)

    def required(self, column: str) -> str:
        """Return a cell that may not be empty."""
        if not self.cells[column]:
            raise self.error(_("la colonne « %s » est vide") % column)
        return self.cells[column]

    def number(self, column: str) -> Decimal | None:
        """Return a number written with a point, or None for an empty cell: missing is never 0."""
        text = self.cells[column]
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise self.error(
                _("« %(text)s » n’est pas un nombre (colonne « %(column)s »)")
                % {"text": text, "column": column}
            )
        return Decimal(text)

    def integer(self, column: str) -> int | None:
        """Return a whole number, or None for an empty cell."""
        number = self.number(column)
        if number is not None and number != number.to_integral_value():
            raise self.error(
                _("« %(text)s » n’est pas un nombre entier (colonne « %(column)s »)")
                % {"text": self.cells[column], "column": column}
            )
        return None if number is None else int(number)

    def year(self, column: str) -> int:
        """Return a year of four digits."""
        text = self.cells[column]
        if not _YEAR.fullmatch(text):
            raise self.error(
                _("« %(text)s » n’est pas une année (colonne « %(column)s »)")
                % {"text": text, "column": column}
            )
        return int(text)

    def one_of(self, column: str, known) -> str:
        """Return a cell whose value must be known."""
        text = self.cells[column]
        if text not in known:
            raise self.error(
                _("« %(text)s » est inconnu (colonne « %(column)s »)") % {"text": text, "column": column}
            )
        return text


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FolderError(_("ce fichier manque dans %s") % folder, name) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FolderError(_("ce fichier n’est pas en UTF-8"), name, line) from None
    except OSError as error:
        raise FolderError(_("ce fichier ne se lit pas (%s)") % error.strerror, name) from None


def table(folder: Path, name: str, columns: tuple[str, ...], *, key: tuple[str, ...] = ()) -> list[Row]:
    """Read a CSV file (UTF-8, commas, header row) that has these columns, whatever their order.

    `key`: columns that together may not appear twice. Raises FolderError.
    """
    reader = csv.reader(_text(folder, name).splitlines(keepends=True), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        absent = [column for column in columns if column not in header]
        if absent:
            raise FolderError(
                _("colonne(s) absente(s) : %(absent)s ; trouvées : %(found)s")
                % {"absent": ", ".join(absent), "found": ", ".join(header) or _("aucune")},
                name,
                1,
            )
        if len(set(header)) != len(header):
            raise FolderError(_("une colonne porte deux fois le même nom"), name, 1)
        rows = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise FolderError(
                    _("%(found)d cellules au lieu de %(expected)d")
                    % {"found": len(cells), "expected": len(header)},
                    name,
                    reader.line_num,
                )
            rows.append(Row(name, reader.line_num, dict(zip(header, map(str.strip, cells), strict=True))))
    except csv.Error as error:
        raise FolderError(_("ligne CSV illisible (%s)") % error, name, reader.line_num) from None
    if key:
        refuse_duplicates(rows, key)
    return rows


def refuse_duplicates(rows: list[Row], key: tuple[str, ...]) -> None:
    """Raise FolderError when two rows have the same cells in the columns of `key`."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        identity = tuple(row[column] for column in key)
        if identity in seen:
            raise row.error(
                _("doublon de la ligne %(line)d (%(identity)s)")
                % {"line": seen[identity], "identity": ", ".join(identity)}
            )
        seen[identity] = row.line


def boundaries(folder: Path, name: str) -> dict[str, dict]:
    """Read a GeoJSON FeatureCollection in WGS 84 degrees; return each geometry by its property `nis`.

    Checked: Polygon or MultiPolygon, rings closed and of four points at least, numbers within ±180 and ±90
    (RFC 7946). Raises FolderError.
    """
    text = _text(folder, name)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise FolderError(_("JSON illisible (%s)") % error.msg, name, error.lineno) from None
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise FolderError(_("« FeatureCollection » attendu"), name, 1)
    found: dict[str, dict] = {}
    features = content.get("features")
    for number, feature in enumerate(features if isinstance(features, list) else [], start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        code = properties.get("nis") if isinstance(properties, dict) else None
        if not isinstance(code, str) or not code:
            raise FolderError(_("l’élément %d n’a pas de code « nis »") % number, name)
        line = _line_of(text, code)
        if code in found:
            raise FolderError(_("la commune %s y figure deux fois") % code, name, line)
        geometry = feature.get("geometry")
        fault = geometry_fault(geometry)
        if fault:
            raise FolderError(
                _("contour de %(code)s : %(fault)s") % {"code": code, "fault": fault}, name, line
            )
        found[code] = {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    return found


def _line_of(text: str, code: str) -> int | None:
    match = re.search(rf'"nis"\s*:\s*"{re.escape(code)}"', text)
    return text.count("\n", 0, match.start()) + 1 if match else None


def geometry_fault(geometry) -> str:
    """Return what is wrong with a GeoJSON geometry, in French, or "" when it is a sound (Multi)Polygon."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return _("type « %s » au lieu de Polygon ou MultiPolygon") % kind
    coordinates = geometry.get("coordinates")
    rings = list(_rings(coordinates if kind == "MultiPolygon" else [coordinates]))
    if not rings:
        return _("aucun anneau")
    for ring in rings:
        if not isinstance(ring, list) or len(ring) < 4:
            return _("un anneau a moins de quatre points")
        if not all(map(_is_on_earth, ring)):
            return _("un point n’est pas une longitude et une latitude")
        if ring[0] != ring[-1]:
            return _("un anneau n’est pas fermé")
    return ""


def _rings(polygons) -> Iterator:
    for polygon in polygons if isinstance(polygons, list) else []:
        yield from polygon if isinstance(polygon, list) else [None]


def _is_on_earth(point) -> bool:
    return (
        isinstance(point, list)
        and len(point) >= 2
        and all(
            isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x) for x in point[:2]
        )
        and abs(point[0]) <= 180
        and abs(point[1]) <= 90
    )
