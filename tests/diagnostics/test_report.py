"""The report: from a snapshot alone, the same each time, readable by everybody.

No test here may touch the database: pytest-django blocks it unless asked.
"""

import re
from datetime import datetime

import page
import pypdf
import pytest

from diagnostics import report, snapshots
from documents import pdf
from tests.factories.diagnostics import frozen

NAMES = ("jodoigne", "territoire", "ottignies", "programme")


def print_(html: str, data: dict) -> bytes:
    return pdf.render_isolated(html, created=datetime.fromisoformat(data["created"])).content


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The whole report of Jodoigne, laid out once for this module."""
    data = frozen()
    path = tmp_path_factory.mktemp("rapport") / "jodoigne.pdf"
    path.write_bytes(print_(report.report_html(data), data))
    return path


@pytest.fixture(scope="module")
def printed_programme(tmp_path_factory):
    """The whole report with all its chapters, laid out once for this module."""
    data = frozen("programme")
    path = tmp_path_factory.mktemp("rapport") / "programme.pdf"
    path.write_bytes(print_(report.report_html(data), data))
    return path


def compliant(path) -> bool:
    return page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1).is_compliant


def families(reader) -> set[str]:
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for sheet in reader.pages
        for font in (sheet["/Resources"].get("/Font") or {}).values()
    }
    return {name.partition("-")[0] for name in fonts}


def test_the_report_is_pdf_ua_in_our_two_typefaces(printed):
    reader = pypdf.PdfReader(printed)
    assert compliant(printed)
    assert families(reader) == {"Atkinson", "Bricolage"}
    assert reader.metadata.title == "Diagnostic territorial de Jodoigne, édition 2026"


def test_the_bookmarks_and_the_contents_lead_to_the_chapters(printed):
    reader = pypdf.PdfReader(printed)
    outline = [(item.title, reader.get_destination_page_number(item) + 1) for item in reader.outline]
    assert outline == [
        ("Diagnostic territorial", 1),
        ("Ce que contient ce document", 2),
        ("Jodoigne", 3),
        ("La commune grandit plus de deux fois plus vite que la région", 4),
        ("Qui habite ici, et où va la population", 5),
        ("Revenus, entreprises, logement", 6),
        ("D’où viennent les chiffres", 7),
        ("Tous les chiffres", 8),
    ]
    chapters = ["3", "4", "5", "7", "8"]
    assert reader.pages[1].extract_text().split("\n")[: len(chapters)] == chapters


def test_each_page_but_the_cover_says_edition_version_status_and_fingerprint(printed):
    sheets = [sheet.extract_text() for sheet in pypdf.PdfReader(printed).pages]
    sha = snapshots.short(snapshots.fingerprint(frozen()))
    imprint = f"Édition 2026 · version 1, provisoire · 20.11.2026 · empreinte {sha}"
    assert [imprint in text for text in sheets] == [False, *[True] * (len(sheets) - 1)]


def squeezed(text: str) -> str:
    """A text without blanks nor hyphens, as a page may break it anywhere."""
    return re.sub(r"[\s\u00ad-]", "", text)


def test_each_chapter_is_printed_with_the_words_and_cells_of_the_data_file(printed_programme):
    data = frozen("programme")
    reader = pypdf.PdfReader(printed_programme)
    assert compliant(printed_programme)
    assert families(reader) == {"Atkinson", "Bricolage"}
    pages = [squeezed(sheet.extract_text()) for sheet in reader.pages]
    assert len(pages) <= 18
    text = "".join(pages)
    told = [chapter[part] for chapter in data["chapters"] for part in ("title", "lead", "remark")]
    told += [one[part] for one in data["captions"] for part in ("title", "reading", "source")]
    told += [one[part] for one in data["findings"] for part in ("figure", "title", "text")]
    tables = [
        table
        for table in data["tables"]
        if not table["key"].startswith(("3.", "A.")) or table["key"] == "A.8"
    ]
    for table in tables:
        signs = table.get("signs", {})
        told += [table["title"], *table["header"], table["note"]]
        for row in table["rows"]:
            told += [report._written(cell, row) for cell in row["cells"] if cell not in signs]
    lost = [words for words in told if squeezed(words) not in text and "er " not in words]
    # A long sentence that goes on to the next column or page is looked up by its beginning.
    assert [words for words in lost if squeezed(words)[:20] not in text] == []


def test_the_summary_with_programme_findings_stays_on_one_page(printed_programme):
    text = pypdf.PdfReader(printed_programme).pages[3].extract_text()
    assert "Ce que ce diagnostic ne sait pas" in text
    assert "Tableau 9.1" in text


def test_the_same_snapshot_with_all_chapters_gives_the_same_bytes(printed_programme):
    data = frozen("programme")
    assert print_(report.report_html(data), data) == printed_programme.read_bytes()


def test_the_longest_names_and_titles_keep_the_sheet_on_one_page(tmp_path):
    data = frozen("programme")
    data["scope"]["name"] = data["scope"]["label"] = data["places"][0]["label"] = "Ottignies-Louvain-la-Neuve"
    long = "Un très long titre de besoin ou de projet, que personne n’a voulu raccourcir avant de l’enregistrer ici"
    need, project = data["needs"]["needs"][0], data["projects"]["projects"][0]
    data["needs"]["needs"] = [{**need, "title": f"{long} {n}"} for n in range(5)]
    data["projects"]["projects"] = [{**project, "title": f"{long} {n}"} for n in range(5)]
    path = tmp_path / "fiche.pdf"
    path.write_bytes(print_(report.sheet_html(data), data))
    assert len(pypdf.PdfReader(path).pages) == 1


def digits(text: str) -> set[str]:
    """Numbers as they are written, without the spaces of thousands nor a decimal of 0."""
    plain = re.sub(r"(?<=\d)[\u202f\u00a0](?=\d{3})", "", text)
    return {number.removesuffix(",0") for number in re.findall(r"\d+(?:,\d+)?", plain)}


def held(value) -> set[str]:
    """Every number that a snapshot's data hold, in values and in words."""
    if isinstance(value, dict):
        return set().union(*map(held, value.values()))
    if isinstance(value, list):
        return set().union(*map(held, value))
    return digits(str(value).replace(".", ",") if isinstance(value, (int, float)) else str(value))


@pytest.mark.parametrize("name", NAMES)
def test_any_number_of_the_report_is_found_in_the_data_file(name):
    data = frozen(name)
    html = re.sub(r"<svg.*?</svg>", "", report.report_html(data), flags=re.DOTALL)
    printed = digits(re.sub(r"<[^>]*>", " ", html[html.index("<body") :].replace("<sup>", "")))
    sha = snapshots.fingerprint(data)
    fingerprints = digits(f"{snapshots.grouped(sha)} {snapshots.short(sha)}")
    law = {"256", "23", "26", "2024"}  # SHA-256; the dates of the decree
    own = {"1", "12", "12,1"}  # what stands before « er »; the table of sources
    chapters = {one["key"].replace(".", ",") for key in ("captions", "tables") for one in data[key]}
    assert printed - held(data) - fingerprints - law - own - chapters == set()


@pytest.mark.parametrize("name", NAMES)
def test_the_sheet_is_one_page_of_pdf_ua_even_with_the_longest_name(name, tmp_path):
    data = frozen(name)
    path = tmp_path / "fiche.pdf"
    path.write_bytes(print_(report.sheet_html(data), data))
    assert compliant(path)
    assert len(pypdf.PdfReader(path).pages) == 1


def test_the_same_snapshot_gives_the_same_bytes():
    data = frozen()
    assert print_(report.sheet_html(data), data) == print_(report.sheet_html(frozen()), data)


@pytest.mark.parametrize("name", NAMES)
def test_the_report_needs_nothing_but_the_snapshot(name):
    data = frozen(name)
    assert report.report_html(data) == report.report_html(frozen(name))


def test_page_and_paper_draw_the_same_figures_with_the_same_words():
    paper, screen = (report.context(frozen(), paper=kind) for kind in ("print", "screen"))
    drawn = [
        [figure["chart"].table for chapter in context["chapters"] for figure in chapter["figures"]]
        for context in (paper, screen)
    ]
    assert drawn[0] == drawn[1]
    assert [f["title"] for f in paper["findings"]] == [f["title"] for f in screen["findings"]]


def test_a_name_with_markup_is_escaped():
    data = frozen()
    data["scope"]["name"] = data["places"][0]["name"] = "<script>alert(1)</script>"
    html = report.report_html(data)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_numbers_are_written_as_people_here_read_them():
    html = report.sheet_html(frozen())
    assert "14\u202f357 habitants au 1<sup>er</sup> janvier 2020" in html
    assert "32\u202f819" in html


def test_the_cover_map_is_left_out_where_no_municipality_is_shown():
    data = frozen("territoire")
    data["map"] = []
    assert '<div class="cover-map">' not in report.report_html(data)


def test_the_summary_stays_on_one_page_and_closes_on_what_is_not_known(printed):
    text = pypdf.PdfReader(printed).pages[3].extract_text()
    assert "Ce que ce diagnostic ne sait pas" in text
