"""Files: what they are, how they are named, where they lie, how they are handed over."""

import errno
import hashlib
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents import actions, files
from documents.models import Document
from documents.storage import PrivateStorage, StorageFull, random_name

PDF = b"%PDF-1.7\n%%EOF"


def office(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")


def upload(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", content)
    file._name = name  # as a hostile client would send it
    return file


def code(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        files.check(upload(name, content))
    return error.value.code


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("PV.PDF", PDF, "application/pdf"),
        ("note.docx", DOCX, files.TYPES[".docx"]),
        ("liste.xlsx", office("[Content_Types].xml", "xl/workbook.xml"), files.TYPES[".xlsx"]),
        ("lettre.odt", office("content.xml", mimetype=files.TYPES[".odt"]), files.TYPES[".odt"]),
    ],
)
def test_a_file_whose_content_agrees_with_its_extension_is_kept(name, content, content_type):
    assert files.check(upload(name, content)).content_type == content_type


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("page.html", b"<script>", "type"),
        ("programme.exe", b"MZ", "type"),
        ("sans-extension", PDF, "type"),
        ("vide.pdf", b"", "empty"),
        ("faux.pdf", b"<html>", "content"),
        ("faux.docx", PDF, "content"),
        ("faux.docx", b"PK\x03\x04 truncated", "content"),
        ("tableur.docx", office("[Content_Types].xml", "xl/workbook.xml"), "content"),
        ("faux.odt", office("content.xml", mimetype="text/html"), "content"),
        ("macros.docx", office("[Content_Types].xml", "word/vbaProject.bin"), "macros"),
        ("image.png", b"<svg></svg>", "svg"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(name, content, reason):
    assert code(name, content) == reason


def test_a_document_that_unpacks_into_hundreds_of_megabytes_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(files, "UNPACKED", 1)
    assert code("bombe.docx", DOCX) == "bomb"


def test_too_heavy_a_file_is_refused():
    with pytest.raises(ValidationError, match="pèse plus de 1"):
        files.check(upload("lourd.pdf", PDF + b"x" * 1024**2), max_bytes=1024**2)


def test_a_picture_is_written_anew_and_named_by_its_content():
    out = io.BytesIO()
    Image.new("RGB", (3, 3)).save(out, "PNG")
    safe = files.check(upload("photo.jpg", out.getvalue() + b"<script>"))
    assert (safe.name, safe.content_type, b"script" in safe.content) == ("photo.png", "image/png", False)


@pytest.mark.parametrize(
    ("given", "harmless"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\win.pdf", "win.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("é" * 300 + ".pdf", "é" * 116 + ".pdf"),
        ("", "fichier"),
        ("  .pdf", "pdf"),
    ],
)
def test_names_are_made_harmless(given, harmless):
    assert files.harmless_name(given) == harmless


@pytest.mark.parametrize("name", ["../../x.pdf", "x" * 300 + ".pdf", "facture\u202efdp.pdf"])
def test_a_stored_name_owes_nothing_to_the_sender(db, media, name):
    document = actions.store(title="Essai", upload=upload(name))
    assert document.file.name.count("/") == 1
    assert [len(part) for part in document.file.name.split("/")] == [2, 36]
    assert (media / "private" / document.file.name).read_bytes() == PDF


def test_two_stored_files_never_share_a_name():
    assert random_name(None, "a.pdf") != random_name(None, "a.pdf")
    assert "." not in random_name(None, "a.p/df~~~")


def test_a_stored_document_knows_its_fingerprint(db):
    document = actions.store(title="Essai", upload=upload("x.pdf"))
    assert document.size == 14
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()


def test_a_private_file_has_no_address():
    with pytest.raises(ValueError, match="no address"):
        PrivateStorage().url("ab/abc.pdf")


def files_under(folder):
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_a_full_disk_is_told_and_leaves_neither_row_nor_file(db, media, monkeypatch):
    def chunks(self, chunk_size=None):
        yield PDF[:5]
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ContentFile, "chunks", chunks)
    with pytest.raises(StorageFull, match="Il n’y a plus de place"):
        actions.store(title="Essai", upload=upload("x.pdf"))
    monkeypatch.undo()
    assert Document.objects.count() == 0
    assert files_under(media) == []


def test_a_row_that_cannot_be_written_leaves_no_file(db, media, monkeypatch):
    def save(self, *args, **kwargs):
        raise RuntimeError("database gone")

    monkeypatch.setattr(Document, "save", save)
    with pytest.raises(RuntimeError):
        actions.store(title="Essai", upload=upload("x.pdf"))
    assert files_under(media) == []


def test_a_download_is_named_as_rfc_5987_wants_and_never_cached(db):
    document = actions.store(title="Essai", upload=upload("x.pdf"))
    response = files.serve(document.file, "Procès-verbal\r\n.pdf", content_type=document.content_type)
    assert b"".join(response.streaming_content) == PDF
    assert {name: response[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''Proc%C3%A8s-verbal.pdf",
        "Cache-Control": "no-store",
    }
    response.close()
    assert response["X-Content-Type-Options"] == "nosniff"


def test_behind_a_proxy_the_proxy_reads_the_file(db, settings):
    settings.ACCEL_PREFIX = "/prive/"
    document = actions.store(title="Essai", upload=upload("x.pdf"))
    response = files.serve(document.file, "x.pdf", content_type=document.content_type, inline=True)
    assert response["X-Accel-Redirect"] == f"/prive/{document.file.name}"
    assert response["Content-Disposition"] == 'inline; filename="x.pdf"'
    assert response.content == b""


def test_a_damaged_open_document_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", files.TYPES[".odt"])
    content = bytearray(out.getvalue())
    content[38:48] = b"\xff" * 10
    with pytest.raises(ValidationError):
        files.check(SimpleUploadedFile("p.odt", bytes(content)), max_bytes=files.BYTES)


def test_a_name_is_one_that_every_system_takes():
    assert files.harmless_name('con:?*<a>|"b".pdf') == "conab.pdf"
