"""HTML to PDF/UA: the same bytes, nothing fetched, nobody taken down."""

import io
import os
import socket
import sys
import threading
from datetime import UTC, datetime

import page
import pypdf
import pytest

from documents import layout, pdf

CREATED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TEXT = "<p>Développement <strong>anticonstitutionnellement</strong> rural, 1\u202f234 habitants.</p>" * 12


def whole(body: str, head: str = "") -> str:
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>'
        f'<link rel="stylesheet" href="/static/css/print/base.css">{head}</head>'
        f"<body><h1>Essai</h1>{body}</body></html>"
    )


def fonts_of(content: bytes) -> set[str]:
    found = set()
    for sheet in pypdf.PdfReader(io.BytesIO(content)).pages:
        for font in sheet["/Resources"].get("/Font", {}).values():
            found.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    return found


def test_a_page_becomes_pdf_ua(tmp_path):
    path = tmp_path / "essai.pdf"
    path.write_bytes(pdf.render(whole(TEXT), created=CREATED))
    report = page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant
    reader = pypdf.PdfReader(path)
    assert reader.metadata.title == "Essai"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.metadata.creation_date == CREATED


def test_a_page_without_language_is_french():
    content = pdf.render("<title>Essai</title><p>Bonjour", created=CREATED)
    assert pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == "fr"


def test_the_same_page_gives_the_same_bytes_in_two_processes_and_here():
    first = pdf.render_isolated(whole(TEXT), created=CREATED)
    second = pdf.render_isolated(whole(TEXT), created=CREATED)
    here = pdf.render(whole(TEXT), created=CREATED)
    assert first.content == second.content == here
    assert first.maker == __import__("weasyprint").__version__


def test_the_date_of_the_process_is_given_back(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "12")
    pdf.render(whole(""), created=CREATED)
    assert os.environ["SOURCE_DATE_EPOCH"] == "12"


def test_only_our_two_typefaces_are_embedded_even_where_words_are_cut():
    narrow = "<style>p { width: 30mm }</style>"
    families = {
        name.removesuffix("-Bold").removesuffix("-Ultra")
        for name in fonts_of(pdf.render(whole(TEXT, narrow), created=CREATED))
    }
    assert families == {"Atkinson", "Bricolage"}


@pytest.fixture
def listener():
    """A local web server that counts who comes."""
    calls = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    stop = threading.Event()

    def listen():
        while not stop.is_set():
            try:
                connection, _address = server.accept()
            except TimeoutError:
                continue
            calls.append(1)
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield server.getsockname()[1], calls
    stop.set()
    thread.join()
    server.close()


def test_nothing_is_fetched_from_outside_and_the_pdf_is_still_made(listener, tmp_path, caplog):
    port, calls = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("mot de passe")
    body = (
        f'<img src="http://127.0.0.1:{port}/a.png" alt="a"><img src="{secret.as_uri()}" alt="b">'
        f'<a rel="attachment" href="{secret.as_uri()}">pièce</a>'
        f'<p style="background: url(http://127.0.0.1:{port}/b.png)">Texte</p>'
        '<img src="/static/../../smartrural/settings.py" alt="c">'
        '<img src="data:image/png;base64,AAAA" alt="d">'
        f'<svg width="9" height="9"><title>e</title><image href="http://127.0.0.1:{port}/c.png"/></svg>'
    )
    head = (
        f'<link rel="stylesheet" href="http://127.0.0.1:{port}/d.css">'
        f'<link rel="attachment" href="{secret.as_uri()}">'
        f"<style>@import url(http://127.0.0.1:{port}/e.css);</style>"
    )
    content = pdf.render(whole(body, head), created=CREATED)
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert "Texte" in reader.pages[0].extract_text()
    assert dict(reader.attachments) == {}
    assert calls == []
    assert {record.getMessage() for record in caplog.records if record.name == "documents.pdf"} == {
        f"pdf: refused to read http://127.0.0.1:{port}",
        "pdf: refused to read file://",
        "pdf: refused to read data://",
        "pdf: refused to read https://portail.invalid",
    }


def test_the_listener_hears_a_fetcher_that_does_not_refuse(listener):
    import weasyprint

    port, calls = listener
    weasyprint.HTML(string=f'<img src="http://127.0.0.1:{port}/a.png" alt="">').write_pdf()
    assert calls == [1]


def test_stored_media_are_read_only_when_handed_in():
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    body = '<img src="/stored/logo.png" alt="logo">'
    with_it = pdf.render(whole(body), created=CREATED, stored={"logo.png": picture.getvalue()})
    without = pdf.render(whole(body), created=CREATED)
    assert [len(pypdf.PdfReader(io.BytesIO(made)).pages[0].images) for made in (with_it, without)] == [1, 0]


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ('<table><tr><td colspan="100000">x</table>', "une cellule de tableau trop étendue"),
        ('<table><tr><td rowspan=" 70000">x</table>', "une cellule de tableau trop étendue"),
        ('<table><colgroup span="5000"></colgroup><tr><td>x</table>', "une cellule de tableau trop étendue"),
        ("<table>" + "<tr><td>x" * 10_000 + "</table>", "trop de lignes de tableau"),
        ("<table><tr><td>" * 60, "des tableaux trop imbriqués"),
        ("<div>" * 400, "des éléments trop imbriqués"),
        ("<div>" * 100_000, "des éléments trop imbriqués"),
        ("<br>" * 500_000, "trop d’éléments"),
        ("x" * 8_000_001, "trop de texte"),
    ],
)
def test_a_document_beyond_the_limits_is_refused_before_layout(body, about):
    with pytest.raises(pdf.DocumentTooLarge) as refusal:
        pdf.render(whole(body), created=CREATED)
    assert (
        str(refusal.value).partition(" (")[0]
        == f"Le document est trop grand pour être imprimé\u00a0: {about}"
    )


def test_the_deepest_allowed_nesting_is_laid_out():
    content = pdf.render(whole("<div>" * 117 + "fond"), created=CREATED)
    assert "fond" in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_a_document_that_takes_too_long_is_stopped_and_the_next_one_is_made():
    long = whole("<table>" + "<tr><td>x" * 4_000 + "</table>")
    with pytest.raises(pdf.TookTooLong, match="a dépassé 1\u00a0s"):
        pdf.render_isolated(long, created=CREATED, limits=pdf.Limits(seconds=1))
    assert pdf.render_isolated(whole("ensuite"), created=CREATED).content.startswith(b"%PDF-")


def test_a_document_that_swells_is_stopped():
    with pytest.raises(pdf.TookTooLong, match="mémoire"):
        pdf.render_isolated(whole(TEXT * 40), created=CREATED, limits=pdf.Limits(memory=60 * 1024**2))


def test_a_document_too_large_is_told_in_the_same_words_from_its_own_process():
    with pytest.raises(pdf.DocumentTooLarge, match="une cellule de tableau trop étendue"):
        pdf.render_isolated(whole('<table><tr><td colspan="100000">x</table>'), created=CREATED)


def test_the_laying_out_process_receives_no_secret(monkeypatch):
    seen = {}

    def run(command, **options):
        seen.update(options["env"])
        raise pdf.subprocess.TimeoutExpired(command, 1)

    monkeypatch.setenv("SECRET_KEY", "x" * 50)
    monkeypatch.setattr(pdf.subprocess, "run", run)
    with pytest.raises(pdf.TookTooLong):
        pdf.render_isolated(whole(""), created=CREATED)
    assert "SECRET_KEY" not in seen
    assert seen.keys() <= {*pdf._KEPT, "TMPDIR", "PYTHONWARNINGS"}


def test_missing_system_libraries_are_told_in_french(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(pdf.Unavailable, match="Les PDF ne peuvent pas être produits sur ce serveur"):
        pdf.render(whole(""), created=CREATED)


def test_layout_needs_no_django():
    import subprocess

    code = "import sys, documents.layout; print({'django', 'weasyprint'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_broken_layout_says_that_nothing_is_lost(monkeypatch, caplog):
    broken = pdf.subprocess.CompletedProcess([], 1, stdout=b"", stderr=b"trace")
    monkeypatch.setattr(pdf.subprocess, "run", lambda *args, **options: broken)
    with pytest.raises(pdf.NotPrinted, match="La mise en page a échoué"):
        pdf.render_isolated(whole(""), created=CREATED)
    assert caplog.messages == ["pdf layout broke: code 1, trace"]


def test_a_span_is_read_as_browsers_read_it():
    assert [layout._leading_number(text) for text in ("3", " 12px", "+7", "x", "", "²")] == [
        3,
        12,
        7,
        0,
        0,
        0,
    ]
