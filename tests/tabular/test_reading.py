"""Files of unknown making: understood, within limits, each fault with its line."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from tabular import cells, reading, writing
from tabular.reading import FileRefused, Form, open_table

DATA = Path(__file__).parent / "data"


def lines(content: bytes, name="t.csv", form=None):
    return [(line.number, line.cells, line.fault) for line in open_table(content, name, form).lines()]


def workbook(*rows, sheets=1) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for n in range(1, sheets):
        book.create_sheet(f"Autre {n}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_windows_table_of_maine_et_loire_is_read_without_being_told_how():
    table = open_table((DATA / "maine_et_loire.csv").read_bytes(), "maine_et_loire.csv")
    assert table.form == Form("cp1252", ";", 1)
    assert len(table.columns) == 31
    names = [line.cells[4] for line in table.lines()]
    assert names[2:4] == ["Mairie d'Antoigné", "Centre Culturel Brassens / Médiathèque"]
    assert len(names) == 12


def test_the_table_of_paca_says_what_is_lost_and_which_line_is_shifted():
    table = open_table((DATA / "paca.csv").read_bytes(), "paca.csv")
    assert len(table.columns) == 36
    assert table.warnings[0].startswith("10 lettres accentuées étaient déjà détruites")
    assert [(line.number, bool(line.fault)) for line in table.lines()] == [
        (2, False),
        (3, False),
        (4, False),
        (5, True),
    ]
    assert list(table.lines())[3].fault == "un guillemet est égaré : les cellules de la ligne sont décalées"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "cp850", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_found(encoding, delimiter):
    text = "Nom;Commune;Remarque\r\nBibliothèque d'Hélécine;Hélécine;déjà créée, à vérifier\r\n"
    if delimiter == ",":
        text = text.replace("créée,", "créée")
    content = text.replace(";", delimiter).encode(encoding)
    table = open_table(content, "t.csv")
    assert table.columns == ["Nom", "Commune", "Remarque"]
    assert next(table.lines()).cells[:2] == ("Bibliothèque d'Hélécine", "Hélécine")


def test_the_titles_are_found_below_what_stands_above_them():
    content = (
        "Liste des associations;;\n;;\n\nNom;Commune;Téléphone\nLa Fictive;Incourt;010 00 00 00\n".encode()
    )
    table = open_table(content, "t.csv")
    assert (table.columns, table.form.header) == (["Nom", "Commune", "Téléphone"], 4)
    assert [line.number for line in table.lines()] == [5]


def test_ragged_lines_are_completed_or_refused_with_their_number():
    assert lines(b"a;b;c\n1;2\n1;2;3;;\n1;2;3;4\n\n5;6;7\n") == [
        (2, ("1", "2", ""), ""),
        (3, ("1", "2", "3"), ""),
        (4, (), "4 cellules pour 3 colonnes : la ligne est décalée"),
        (6, ("5", "6", "7"), ""),
    ]


def test_a_quotation_mark_that_is_never_closed_names_the_lines_it_swallowed():
    content = b'nom;ville\nA;B\n"C;D\n' + b"E;F\n" * 40
    assert [(number, fault) for number, _cells, fault in lines(content)] == [
        (2, ""),
        (3, "guillemet jamais fermé : les lignes 3 à 43 n’ont pas pu être séparées"),
    ]


def test_a_nul_and_a_cell_too_long_are_refused_with_their_line():
    content = b"nom;ville\nA\x00;B\n" + b"x" * 5001 + b";B\nC;D\n"
    assert [(number, fault) for number, _cells, fault in lines(content)] == [
        (2, "caractère illisible (nul) dans la ligne"),
        (3, "une cellule dépasse 5\u202f000 signes"),
        (4, ""),
    ]


def test_two_columns_of_one_name_stay_two():
    assert open_table(b"tel;tel;;mail\n1;2;3;4\n", "t.csv").columns == ["tel", "tel (2)", "colonne 3", "mail"]


def test_cells_of_a_workbook_are_read_as_people_see_them():
    from datetime import date, datetime

    content = workbook(
        ["Nom", "Code", "Depuis", "Ouvert", "Part"],
        ["La Fictive", 1370.0, datetime(2027, 1, 12), True, 12.5],
        ["L’autre", "01370", date(2027, 1, 13), None, None],
        sheets=2,
    )
    table = open_table(content, "t.xlsx")
    assert [line.cells for line in table.lines()] == [
        ("La Fictive", "1370", "12/01/2027", "oui", "12.5"),
        ("L’autre", "01370", "13/01/2027", "", ""),
    ]
    assert table.warnings == ["Seule la feuille « Sheet » est lue ; 1 autre est laissée de côté."]


def test_a_list_of_objects_is_read():
    content = json.dumps(
        [{"nom": "A", "cp": 1370, "mots": ["x", "y"]}, {"nom": "B", "fax": None}, 3]
    ).encode()
    table = open_table(content, "t.json")
    assert table.columns == ["nom", "cp", "mots", "fax"]
    assert [line.cells or line.fault for line in table.lines()] == [
        ("A", "1370", "x, y", ""),
        ("B", "", "", ""),
        "ce n’est pas un objet",
    ]


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Ce fichier est vide."),
        (b"x" * (5 * 1024 * 1024 + 1), "Ce fichier pèse plus de 5 Mio."),
        (packed(xl__workbook=b"<x/>", xl__worksheets__sheet1=b" " * 41 * 1024 * 1024), "anormalement grand"),
        (packed(xl__workbook=ENTITIES), "anormalement grand"),
        (packed(word__document=b"<x/>"), "n’est pas un classeur"),
        (packed(xl__workbook=b"<x/>"), "Ce classeur ne s’ouvre pas."),
        (b"PK\x03\x04" + b"\x00" * 40, "n’est pas un classeur"),
        (b"%PDF-1.7", "n’est pas un tableau lisible"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 40 + b"x", "n’est pas un tableau lisible"),
        (b"[1, 2]", "n’est pas une liste d’objets"),
        (b"[" * 100_000, "ne se lit pas"),
        (b"a;b\n" + b"1;2\n" * 5001, "plus de 5\u202f000 lignes"),
        (b";".join(b"c%d" % n for n in range(201)) + b"\n", "plus de 200 colonnes"),
        (b";;;\n;;\n", "Aucune ligne de titres"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content, told):
    with pytest.raises(FileRefused) as refusal:
        list(open_table(content, "t.csv").lines())
    assert told in str(refusal.value)


def test_a_sheet_of_a_hundred_thousand_lines_is_refused_before_they_are_all_read():
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 100_001))
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    content = workbook(["a"])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            text = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                text = sheet + rows + b"</sheetData></worksheet>"
            new.writestr(entry, text)
    read = 0
    with pytest.raises(FileRefused, match="plus de 5\u202f000 lignes"):
        for _line in open_table(out.getvalue(), "t.xlsx", Form(header=1)).lines():
            read += 1
    assert read == 5000


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("010 81 23 45", "010 81 23 45"),
        ("10812345", "010812345"),
        ("475123456", "0475123456"),
        ("+32 (0)10/81.23.45", "+32 10 81 23 45"),
        ("32475123456", "+32475123456"),
    ],
)
def test_a_telephone_number_gets_back_the_zero_that_a_spreadsheet_took(typed, read):
    assert cells.phone(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1 234,5", "1234.5"),
        ("1\u202f234", "1234"),
        ("12.5", "12.5"),
        ("−3", "-3"),
        ("7 %", "7"),
        ("1.234.567", "1234567"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed, read):
    assert str(cells.number(typed)) == read


@pytest.mark.parametrize("typed", ["1.234", "1,234", "12,345"])
def test_a_whole_number_that_can_be_read_in_two_ways_is_refused(typed):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="se lit de deux façons"):
        cells.number(typed, whole=True)


@pytest.mark.parametrize("cell", ["=1+1", "+32", "-x", "@SUM(A1)", "\tx", "\rx", " =1+1", "＝1"])
def test_what_a_spreadsheet_would_compute_is_written_as_text(cell):
    assert writing.escaped(cell) == f"'{cell}"
    assert writing.escaped("Les Jardins - 1") == "Les Jardins - 1"


def test_a_written_workbook_reads_back():
    rows = [["La Fictive", "=cmd|x"], ["É", "-3"]]
    content = b"".join(writing.workbook(["Nom", "Remarque"], rows))
    assert [line.cells for line in open_table(content, "t.xlsx").lines()] == [
        ("La Fictive", "'=cmd|x"),
        ("É", "-3"),
    ]


def test_a_written_table_reads_back():
    content = b"".join(writing.text(["Nom", "Remarque"], [["É; è", "@x"]]))
    table = open_table(content, "t.csv")
    assert (table.form.encoding, [line.cells for line in table.lines()]) == (
        "utf-8-sig",
        [("É; è", "'@x")],
    )


def test_no_limit_is_told_that_is_not_held():
    assert (reading.MOST_BYTES, reading.MOST_LINES, reading.MOST_COLUMNS) == (5 * 1024**2, 5000, 200)
