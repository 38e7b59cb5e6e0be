"""Files people send and fetch: known by their content, under names nobody chose, handed over with care."""

import io
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from documents import images

BYTES = 20 * 1024 * 1024
UNPACKED = 200 * 1024 * 1024
"""What an office file may declare once unpacked: a 310 kB workbook can declare 300 MB."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
    ".odt": f"{_ODF}text",
    ".ods": f"{_ODF}spreadsheet",
    ".odp": f"{_ODF}presentation",
}
_PARTS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}


@dataclass(frozen=True)
class SafeFile:
    """A checked file: its bytes (a picture is written anew), its real type, extension and harmless name."""

    content: bytes
    content_type: str
    extension: str
    name: str


def check(file, *, max_bytes: int = BYTES) -> SafeFile:
    """Return the uploaded `file` once its content agrees with its extension.

    Raises ValidationError, in French, for anything but a PDF, a picture, or an office document without
    macros.
    """
    name = harmless_name(file.name or "")
    extension = PurePosixPath(name).suffix.lower()
    if extension not in TYPES:
        raise ValidationError(
            _(
                "Ce type de fichier n’est pas accepté. Envoyez un PDF, une image (PNG, JPEG, WebP) ou un"
                " document Word, Excel, PowerPoint ou LibreOffice récent, sans macros."
            ),
            code="type",
        )
    file.seek(0)
    content = file.read(max_bytes + 1)
    file.seek(0)
    if not content:
        raise ValidationError(_("Ce fichier est vide. Choisissez-en un autre."), code="empty")
    if len(content) > max_bytes:
        raise ValidationError(
            _("Ce fichier pèse plus de {size}\u00a0Mio. Réduisez-le puis renvoyez-le.").format(
                size=max_bytes // 1024**2
            ),
            code="heavy",
        )
    if TYPES[extension].startswith("image/"):
        picture = images.reencode(content)
        name = str(PurePosixPath(name).with_suffix(picture.extension))
        return SafeFile(picture.content, picture.content_type, picture.extension, name)
    if not _is_what_it_says(content, extension):
        raise ValidationError(
            _("Le contenu de ce fichier ne correspond pas à son extension « {extension} ».").format(
                extension=extension
            ),
            code="content",
        )
    return SafeFile(content, TYPES[extension], extension, name)


def _is_what_it_says(content: bytes, extension: str) -> bool:
    if extension == ".pdf":
        return content.startswith(b"%PDF-")
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if sum(entry.file_size for entry in entries) > UNPACKED or len(entries) > 5000:
                raise ValidationError(
                    _("Ce document est anormalement grand une fois ouvert. Il n’a pas été gardé."),
                    code="bomb",
                )
            if any("vbaproject" in name.lower() for name in names):
                raise ValidationError(
                    _("Ce document contient des macros. Enregistrez-le sans macros puis renvoyez-le."),
                    code="macros",
                )
            if extension in _PARTS:
                return "[Content_Types].xml" in names and any(n.startswith(_PARTS[extension]) for n in names)
            if "mimetype" not in names or archive.getinfo("mimetype").file_size > 200:
                return False
            return archive.read("mimetype").strip() == TYPES[extension].encode()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return False


def harmless_name(name: str, *, longest: int = 120) -> str:
    """Return the last part of `name` without control or direction marks, nor what some systems refuse in a name.

    At most `longest` characters.

    "../../etc/passwd" gives "passwd"; the marks that show "fdp.exe" as "exe.pdf" are gone.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(
        c
        for c in unicodedata.normalize("NFC", last)
        if (unicodedata.category(c)[0] not in "CZ" or c == " ") and c not in '<>:"|?*'
    )
    stem, dot, extension = plain.strip(" .").rpartition(".")
    if not dot:
        stem, extension = extension, ""
    extension = extension[:10]
    return f"{(stem or 'fichier')[: longest - len(extension) - 1].rstrip()}{dot}{extension}"


def serve(file, filename: str, *, content_type: str, inline: bool = False) -> HttpResponse | FileResponse:
    """Hand over a stored private `file` (a FieldFile) under `filename`; who may read it was asked before.

    With ACCEL_PREFIX set, the proxy reads the file itself (X-Accel-Redirect); otherwise it is streamed from
    here. Never kept by a cache; never sniffed; its name is written as RFC 5987 wants it.
    """
    prefix = getattr(settings, "ACCEL_PREFIX", "")
    response: HttpResponse | FileResponse
    if prefix:
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = f"{prefix.rstrip('/')}/{file.name}"
    else:
        response = FileResponse(file.open("rb"), content_type=content_type)
    return kept_private(response, filename, inline=inline)


def kept_private(response, filename: str, *, inline: bool = False):
    """Give a download its harmless name and forbid every cache to keep it."""
    disposition = content_disposition_header(not inline, harmless_name(filename))
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
