"""HTML to PDF/UA: what every room calls to print, here or in a process of its own."""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.utils.translation import gettext as _

from documents import layout
from documents.layout import BASE_URL, Limits
from typography import numbers

__all__ = [
    "BASE_URL",
    "PDF",
    "DocumentTooLarge",
    "Limits",
    "NotPrinted",
    "TookTooLong",
    "Unavailable",
    "render",
    "render_isolated",
]

logger = logging.getLogger(__name__)
_KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "FONTCONFIG_PATH",
    "FONTCONFIG_FILE",
    "XDG_CACHE_HOME",
)
"""The only variables a laying-out process receives: no secret, no database address."""
_OUT_OF_MEMORY = (signal.SIGSEGV, signal.SIGABRT, signal.SIGTRAP, signal.SIGBUS)
"""How C libraries die when they are refused memory."""


class NotPrinted(Exception):
    """No PDF was made; the message says why, in French."""


class Unavailable(NotPrinted):
    """This machine cannot make PDFs: system libraries are missing. Everything else works."""


class DocumentTooLarge(NotPrinted):
    """The document passes a limit."""


class TookTooLong(NotPrinted):
    """Layout passed its time or its memory; its process is gone."""


@dataclass(frozen=True)
class PDF:
    """A printed document: its bytes, and the version of WeasyPrint that they depend on."""

    content: bytes
    maker: str


def render(
    html: str,
    *,
    created: datetime,
    lang: str = "fr",
    stored: Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
) -> bytes:
    """Return `html` as a PDF/UA-1 file, laid out in this process.

    `html` is a whole page with a title; it reads `/static/…` from the project's own static files and
    `/stored/<name>` from `stored`; any other address is left out and logged, and the PDF is made without
    it. `created` is the date that the file bears: the same arguments give the same bytes. One call at a
    time in a process (see `layout._epoch`). Raises DocumentTooLarge, Unavailable.
    """
    try:
        result = layout.lay_out(
            html,
            created=created,
            lang=lang,
            static_roots=static_roots(),
            stored=stored,
            limits=limits,
        )
    except layout.TooLarge as error:
        raise DocumentTooLarge(_too_large(*error.args)) from error
    except layout.LibrariesMissing as error:
        raise Unavailable(_unavailable()) from error
    _log_refused(result.refused)
    return result.content


def render_isolated(
    html: str,
    *,
    created: datetime,
    lang: str = "fr",
    stored: Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
) -> PDF:
    """Return what `render` does, made in a process of its own that memory and time cannot outgrow.

    A document that makes layout hang or swell takes down that process, never the worker that asked. Raises
    TookTooLong besides what `render` raises.
    """
    limits = limits or Limits()
    job = layout.write_job(
        html, created=created, lang=lang, static_roots=static_roots(), stored=stored, limits=limits
    )
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="pdf-") as scratch:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "documents.layout"],
                input=job,
                capture_output=True,
                timeout=limits.seconds + 5,
                cwd=Path(layout.__file__).parent.parent,
                env={**environment, "TMPDIR": scratch, "PYTHONWARNINGS": "ignore"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TookTooLong(_too_long(limits)) from error
    if -done.returncode in (signal.SIGXCPU, signal.SIGKILL):
        raise TookTooLong(_too_long(limits))
    line, _newline, content = done.stdout.partition(b"\n")
    answer: dict = json.loads(line) if line.startswith(b"{") else {"status": "broken"}
    if answer["status"] == "done":
        _log_refused(answer["refused"])
        return PDF(content, answer["maker"])
    if answer["status"] == "too_large":
        raise DocumentTooLarge(_too_large(*answer["about"]))
    if answer["status"] == "unavailable":
        raise Unavailable(_unavailable())
    if answer["status"] == "memory" or -done.returncode in _OUT_OF_MEMORY or b"MemoryError" in done.stderr:
        raise TookTooLong(_too_much_memory(limits))
    logger.error(
        "pdf layout broke: code %s, %s", done.returncode, done.stderr[-2000:].decode(errors="replace")
    )
    raise NotPrinted(
        _("La mise en page a échoué. Rien n’est perdu : réessayez, ou prévenez l’équipe du portail.")
    )


def static_roots() -> list[str]:
    """Directories of the project's static files: their sources, then what `collectstatic` gathered."""
    roots = [
        str(storage.location)
        for finder in get_finders()
        for storage in getattr(finder, "storages", {}).values()
    ]
    return [*roots, str(settings.STATIC_ROOT)] if settings.STATIC_ROOT else roots


def _log_refused(addresses: list[str]) -> None:
    for address in addresses:
        parts = urlsplit(address)
        logger.warning("pdf: refused to read %s://%s", parts.scheme, parts.netloc)


def _too_large(name: str, found: int, allowed: int) -> str:
    what = {
        "characters": _("trop de texte"),
        "elements": _("trop d’éléments"),
        "rows": _("trop de lignes de tableau"),
        "span": _("une cellule de tableau trop étendue"),
        "depth": _("des éléments trop imbriqués"),
        "tables_deep": _("des tableaux trop imbriqués"),
    }[name]
    return _("Le document est trop grand pour être imprimé : {what} ({found}, au plus {allowed}).").format(
        what=what, found=numbers.number(found), allowed=numbers.number(allowed)
    )


def _unavailable() -> str:
    return _(
        "Les PDF ne peuvent pas être produits sur ce serveur : des bibliothèques du système manquent"
        " (libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0). Le reste du portail fonctionne."
    )


def _too_long(limits: Limits) -> str:
    return _(
        "La mise en page a dépassé {seconds} s et a été arrêtée. Rien n’est perdu : réduisez le document."
    ).format(seconds=limits.seconds)


def _too_much_memory(limits: Limits) -> str:
    return _(
        "La mise en page demandait plus de {size} Mio de mémoire et a été arrêtée. Rien n’est perdu :"
        " réduisez le document."
    ).format(size=numbers.number(limits.memory // 1024**2))
