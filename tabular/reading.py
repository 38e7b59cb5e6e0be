"""A file of unknown making read as lines of text: CSV, XLSX or JSON, within limits, a line at a time.

What cannot be read is told in French: `FileRefused` for the whole file, `Line.fault` for one line. Nothing of
a spreadsheet is computed: formulas give the value that was saved with them.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import load_workbook

from typography import numbers

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 5000
MOST_COLUMNS = 200
LONGEST_CELL = 5000
MOST_UNPACKED = 40 * 1024 * 1024
"""What a workbook may hold once unpacked: a 310 kB one can declare 300 MB."""
MOST_PARTS = 1000
MOST_BLANK_LINES = 2000
HEADER_WITHIN = 20
"""The header is looked for in these first lines: a title and a date often stand above it."""
DAMAGED = "\N{REPLACEMENT CHARACTER}"
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp850": "DOS (850)",
    "utf-16": "UTF-16",
}
DELIMITERS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre"}
_USUAL = frozenset("éèêëàâùûüçîïôöœæÉÈÊËÀÂÙÛÜÇÎÏÔÖŒ’‘“”«»–—…°²€\u00a0")
EXTENSIONS = (".csv", ".txt", ".tsv", ".xlsx", ".json")


class FileRefused(ValueError):
    """The file cannot be read at all; why and what to do, in French."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it stands in the file, its cells in the order of the columns, or why it is not read."""

    number: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True)
class Form:
    """How a file is written; what is empty (or 0) is found out."""

    encoding: str = ""
    delimiter: str = ""
    header: int = 0


@dataclass
class Table:
    """A file understood: its columns, how it is written, and its lines, read again at each call of `lines`."""

    columns: list[str]
    form: Form
    kind: str
    lines: Callable[[], Iterator[Line]]
    warnings: list[str] = field(default_factory=list)

    def count(self) -> int:
        """Return how many lines there are, all read once. Raises FileRefused where they are too many."""
        return sum(1 for _line in self.lines())

    def sample(self, most: int = 3) -> list[list[str]]:
        """Return, for each column, the first different values that it holds."""
        found: list[list[str]] = [[] for _column in self.columns]
        for line in self.lines():
            for values, cell in zip(found, line.cells, strict=False):
                if cell and len(values) < most and cell not in values:
                    values.append(cell)
            if line.number > 400 or all(len(values) == most for values in found):
                break
        return found

    def repeats(self, column: str) -> bool:
        """Whether a column says the same in two of the first lines."""
        place, seen = self.columns.index(column), set()
        for line in self.lines():
            if line.number > 400:
                break
            cell = line.cells[place] if line.cells else ""
            if cell and cell in seen:
                return True
            seen.add(cell)
        return False


def open_table(content: bytes, name: str, form: Form | None = None) -> Table:
    """Understand a file by its content; its name only tells JSON and text apart.

    Raises FileRefused when it is empty, too big, of another kind, or has no header.
    """
    form = form or Form()
    if not content.strip(b"\x00 \t\r\n"):
        raise FileRefused(_("Ce fichier est vide. Choisissez-en un autre."))
    if len(content) > MOST_BYTES:
        raise FileRefused(
            _("Ce fichier pèse plus de %(most)s Mio. Coupez-le en plusieurs fichiers.")
            % {"most": MOST_BYTES // 1024**2}
        )
    extension = PurePath(name).suffix.lower()
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content, form)
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise FileRefused(
            _("Ce fichier n’est pas un tableau lisible ici. Enregistrez-le en « .xlsx » ou en « .csv ».")
        )
    if extension == ".json" or content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        return _objects(content, form)
    return _text_table(content, form)


# Text ----------------------------------------------------------------------------------------------------


def encoding_of(content: bytes) -> str:
    """Return the encoding of a text of our region: UTF-8 when it reads as such, else the likeliest of three."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return max(("cp1252", "mac_roman", "cp850"), key=lambda name: _french(content, name))
    return "utf-8-sig"


def _french(content: bytes, encoding: str) -> int:
    """Return how French a text reads in an encoding: its usual letters and marks, less three times the others.

    Detectors of every encoding of the world take short texts of ours for Latvian or Czech; we choose among three.
    """
    signs = [sign for sign in content.decode(encoding, "replace") if sign > "\x7f"]
    usual = sum(sign in _USUAL for sign in signs)
    return usual - 3 * (len(signs) - usual)


def _text_table(content: bytes, form: Form) -> Table:
    encoding = form.encoding or encoding_of(content)
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise FileRefused(
            _("Ce fichier n’est pas écrit en %(encoding)s. Choisissez un autre codage.")
            % {"encoding": ENCODINGS.get(encoding, encoding)}
        ) from None
    delimiter = form.delimiter or _delimiter_of(text)

    def raw() -> Iterator[tuple[int, tuple[str, ...], str]]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        begun = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield begun, (), _("cellule trop longue, ou guillemet jamais fermé")
            else:
                yield begun, tuple(cells), _swallowed(cells, begun, reader.line_num)
            begun = reader.line_num + 1

    return _table(raw, "CSV", Form(encoding, delimiter, form.header), _damage(text))


def _swallowed(cells: list[str], begun: int, ended: int) -> str:
    """Return why a line that runs over many lines is not read: a quotation mark that is never closed."""
    if ended - begun < 20:
        return ""
    return _("guillemet jamais fermé : les lignes %(first)s à %(last)s n’ont pas pu être séparées") % {
        "first": numbers.number(begun),
        "last": numbers.number(ended),
    }


def _damage(text: str) -> list[str]:
    n = text.count(DAMAGED)
    if not n:
        return []
    return [
        ngettext(
            "%(n)s lettre accentuée était déjà détruite dans ce fichier (« %(sign)s ») : elle ne peut pas être "
            "retrouvée. Demandez le fichier d’origine.",
            "%(n)s lettres accentuées étaient déjà détruites dans ce fichier (« %(sign)s ») : elles ne peuvent "
            "pas être retrouvées. Demandez le fichier d’origine.",
            n,
        )
        % {"n": numbers.number(n), "sign": DAMAGED}
    ]


def _delimiter_of(text: str) -> str:
    """Return the delimiter that cuts the first lines into the most even columns."""
    first = text[:100_000].splitlines(keepends=True)[: HEADER_WITHIN * 2]

    def evenness(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(cells) for cells in csv.reader(first, delimiter=delimiter) if any(cells)]
        except csv.Error:
            return 0.0, 0
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual

    return max(DELIMITERS, key=evenness)


# Workbooks -----------------------------------------------------------------------------------------------


def _workbook(content: bytes, form: Form) -> Table:
    _refuse_bomb(content)

    def sheet():
        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            found = next(one for one in book.worksheets if one.sheet_state == "visible")
            found.reset_dimensions()  # what the sheet says of its size may be a lie
        except Exception:
            raise FileRefused(
                _("Ce classeur ne s’ouvre pas. Enregistrez-le à nouveau en « .xlsx », sans mot de passe.")
            ) from None
        return book, found

    def raw() -> Iterator[tuple[int, tuple[str, ...], str]]:
        book, found = sheet()
        try:
            for number, cells in enumerate(found.iter_rows(values_only=True), start=1):
                if len(cells) > MOST_COLUMNS * 10:
                    cells = cells[: MOST_COLUMNS * 10]
                yield number, tuple(map(_written, cells)), ""
        except FileRefused:
            raise
        except Exception:
            raise FileRefused(_("Une feuille de ce classeur est abîmée. Enregistrez-le à nouveau.")) from None
        finally:
            book.close()

    book, found = sheet()
    others = len(book.worksheets) - 1
    warnings = []
    if others:
        told = ngettext(
            "Seule la feuille « %(sheet)s » est lue ; %(n)s autre est laissée de côté.",
            "Seule la feuille « %(sheet)s » est lue ; %(n)s autres sont laissées de côté.",
            others,
        )
        warnings.append(told % {"sheet": found.title, "n": others})
    book.close()
    return _table(raw, "XLSX", Form("", "", form.header), warnings)


def _refuse_bomb(content: bytes) -> None:
    """Refuse, before any of it is parsed, a workbook that is none or that unpacks to too much.

    `zipfile` never gives more than the declared size, so that a lie costs no memory.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            sound = any(entry.filename == "xl/workbook.xml" for entry in entries)
            big = sum(entry.file_size for entry in entries) > MOST_UNPACKED or len(entries) > MOST_PARTS
            declares = not big and any(
                b"<!DOCTYPE" in archive.open(entry).read(1024).upper()
                for entry in entries
                if entry.filename.endswith((".xml", ".rels"))
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        sound, big, declares = False, False, False
    if big or declares:
        raise FileRefused(
            _("Ce classeur est anormalement grand une fois ouvert. Enregistrez la feuille utile en « .csv ».")
        )
    if not sound:
        raise FileRefused(
            _("Ce fichier n’est pas un classeur « .xlsx » lisible. Enregistrez-le en « .csv ».")
        )


def _written(value) -> str:
    """Return a cell as a person would type it: no « .0 », dates by day, booleans in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y" if value.time() == time() else "%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)


# JSON ----------------------------------------------------------------------------------------------------


def _objects(content: bytes, form: Form) -> Table:
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_int=str, parse_float=str)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise FileRefused(_("Ce fichier JSON ne se lit pas. Il faut une liste d’objets, en UTF-8.")) from None
    if isinstance(found, dict):  # {"data": […]}
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else None
    if not isinstance(found, list) or not any(isinstance(one, dict) for one in found):
        raise FileRefused(_("Ce fichier JSON n’est pas une liste d’objets."))
    columns = list(dict.fromkeys(str(key) for one in found[:200] if isinstance(one, dict) for key in one))

    def raw() -> Iterator[tuple[int, tuple[str, ...], str]]:
        yield 0, tuple(columns), ""
        for number, one in enumerate(found, start=1):
            fault = "" if isinstance(one, dict) else _("ce n’est pas un objet")
            yield number, () if fault else tuple(_flat(one.get(column)) for column in columns), fault

    return _table(raw, "JSON", Form("utf-8-sig", "", 0), _damage(content.decode("utf-8-sig")), header=0)


def _flat(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if not isinstance(one, dict | list))
    return "" if isinstance(value, dict) else str(value)


# Header, limits ------------------------------------------------------------------------------------------

Raw = Callable[[], Iterator[tuple[int, tuple[str, ...], str]]]


def _table(raw: Raw, kind: str, form: Form, warnings: list[str], *, header: int | None = None) -> Table:
    where = form.header or _header_of(raw) if header is None else header
    columns = None
    for number, cells, fault in raw():
        if number == where and not fault:
            columns = [_clean(cell) for cell in cells]
            break
        if number > where:
            break
    while columns and not columns[-1]:
        columns.pop()
    if not columns or len([name for name in columns if name]) < 1:
        raise FileRefused(
            _("Aucune ligne de titres n’a été trouvée. Donnez un nom à chaque colonne, sur une ligne.")
        )
    if len(columns) > MOST_COLUMNS:
        raise FileRefused(
            _("Ce fichier a plus de %(most)s colonnes. Gardez les colonnes utiles.") % {"most": MOST_COLUMNS}
        )
    names = _distinct(columns)
    return Table(
        columns=names,
        form=Form(form.encoding, form.delimiter, where),
        kind=kind,
        lines=lambda: _lines(raw, where, len(names)),
        warnings=warnings,
    )


def _header_of(raw: Raw) -> int:
    """Return the line of the titles: the first as wide as the lines that follow it, all in words."""
    first: list[tuple[int, list[str]]] = []
    for number, cells, fault in raw():
        if number > HEADER_WITHIN * 2 or len(first) > HEADER_WITHIN:
            break
        if not fault and any(cell.strip() for cell in cells):
            first.append((number, [cell.strip() for cell in cells if cell.strip()]))
    if not first:
        return 1
    wide = max(len(cells) for _number, cells in first)
    for number, titles in first:
        words = sum(
            1 for cell in titles if not cell.replace(",", "").replace(".", "").isdigit() or len(cell) == 4
        )
        if len(titles) >= max(1, wide * 0.6) and words >= len(titles) * 0.8:
            return number
    return first[0][0]


def _distinct(columns: list[str]) -> list[str]:
    names: list[str] = []
    for place, name in enumerate(columns, start=1):
        name = name or _("colonne %s") % place
        wanted, n = name, 1
        while name in names:
            n += 1
            name = f"{wanted} ({n})"
        names.append(name)
    return names


def _lines(raw: Raw, header: int, width: int) -> Iterator[Line]:
    read = blank = 0
    for number, cells, fault in raw():
        if number <= header:
            continue
        if fault:
            read += 1
            yield Line(number, (), fault)
            continue
        if not any(cell.strip() for cell in cells):
            blank += 1
            if blank > MOST_BLANK_LINES:
                return
            continue
        blank = 0
        read += 1
        if read > MOST_LINES:
            raise FileRefused(
                _("Ce fichier a plus de %(most)s lignes. Coupez-le en plusieurs fichiers.")
                % {"most": numbers.number(MOST_LINES)}
            )
        yield _line(number, cells, width)


def _line(number: int, cells: tuple[str, ...], width: int) -> Line:
    if any(cell.strip() for cell in cells[width:]):
        fault = _("%(found)s cellules pour %(width)s colonnes : la ligne est décalée") % {
            "found": len(cells),
            "width": width,
        }
        return Line(number, (), fault)
    padded = cells[:width] + ("",) * (width - len(cells))
    if any("\x00" in cell or any("\ud800" <= sign <= "\udfff" for sign in cell) for cell in padded):
        return Line(number, (), _("caractère illisible (nul) dans la ligne"))
    if any(cell.count('"') % 2 and (cell.startswith('"') or cell.endswith('"')) for cell in padded):
        return Line(number, (), _("un guillemet est égaré : les cellules de la ligne sont décalées"))
    if any(len(cell) > LONGEST_CELL for cell in padded):
        fault = _("une cellule dépasse %(most)s signes") % {"most": numbers.number(LONGEST_CELL)}
        return Line(number, (), fault)
    return Line(number, tuple(_clean(cell) for cell in padded))


def _clean(cell: str) -> str:
    """Return a cell without the blanks around it, nor marks that are not seen."""
    return cell.replace("\ufeff", "").replace("\u200b", "").replace("\r\n", "\n").strip()
