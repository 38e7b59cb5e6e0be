"""Tables that people take away: CSV and XLSX, in which no cell is a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

# What a spreadsheet takes for the beginning of a formula, its full-width forms and blanks before it included.
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def escaped(cell) -> str:
    """Return a cell as text; one that a spreadsheet would compute gets an apostrophe. Numbers stay numbers,
    telephone numbers in the international form do not: they are text."""
    found = _FORBIDDEN.sub("", "" if cell is None else str(cell))
    if found.startswith("+") or (_FORMULA.match(found) and not _PLAIN_NUMBER.fullmatch(found)):
        return f"'{found}"
    return found


def text(header: Sequence[str], rows: Iterable[Sequence]) -> Iterator[bytes]:
    """Write CSV as spreadsheets here open it: UTF-8 with its mark, semicolons; a row at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    yield b"\xef\xbb\xbf"
    writer.writerow([escaped(cell) for cell in header])
    for row in rows:
        writer.writerow([escaped(cell) for cell in row])
        if buffer.tell() > 32_768:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")


def workbook(header: Sequence[str], rows: Iterable[Sequence]) -> Iterator[bytes]:
    """Write a workbook of one sheet, its titles in bold and in sight; cells are text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    titles = [WriteOnlyCell(sheet, value=escaped(cell)) for cell in header]
    for title in titles:
        title.font = Font(bold=True)
    sheet.append(titles)
    for row in rows:
        sheet.append([escaped(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    yield out.getvalue()
