"""Layout: checked HTML to PDF/UA-1 bytes. Knows no Django, so that a lone process starts quickly.

`python -m documents.layout` reads a job (JSON) on its standard input, limits itself, and answers with one
line of JSON followed by the PDF: see `documents.pdf.render_isolated`, which starts it.
"""

import contextlib
import json
import mimetypes
import os
import re
import sys
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

BASE_URL = "https://portail.invalid/"
"""What relative addresses are read against: a host that can never exist (RFC 2606)."""
STATIC, STORED = "/static/", "/stored/"
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)[^<>]*?(/?)>")
_CLOSE_BY_THEMSELVES = re.compile(
    "area|base|br|col|d[dt]|embed|hr|img|input|li|link|meta|option|p|param|source|t[dhr]|tbody|tfoot|thead|wbr"
)
_DECORATIVE = {"script", "template", "iframe", "object", "embed", "audio", "video"}


@dataclass(frozen=True)
class Limits:
    """How much one document may ask for; beyond it, layout takes minutes or all memory."""

    characters: int = 8_000_000
    elements: int = 200_000
    rows: int = 4_000
    span: int = 100
    depth: int = 120
    tables_deep: int = 6
    seconds: int = 120
    memory: int = 1024 * 1024 * 1024


class TooLarge(Exception):
    """The document passes one of the limits; `args` are its name, what was found and what is allowed."""


class LibrariesMissing(Exception):
    """WeasyPrint or one of the system libraries that it loads (Pango, HarfBuzz) is not there."""


@dataclass(frozen=True)
class Result:
    """The PDF, the version of WeasyPrint that made it, and the addresses that were not fetched."""

    content: bytes
    maker: str
    refused: list[str]


def lay_out(
    html: str,
    *,
    created: datetime,
    lang: str = "fr",
    static_roots: Sequence[str] = (),
    stored: Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
) -> Result:
    """Return `html` as PDF/UA-1; the same arguments give the same bytes.

    `created` is the only date written. `static_roots` are the directories that `/static/…` is looked up in,
    in order; `stored` holds what `/stored/<name>` serves. Raises TooLarge, LibrariesMissing.
    """
    limits = limits or Limits()
    if len(html) > limits.characters:
        raise TooLarge("characters", len(html), limits.characters)
    if (found := html.count("<")) > 2 * limits.elements:
        raise TooLarge("elements", found // 2, limits.elements)
    _within("depth", _roughly_deep(html), 20 * limits.depth)
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise LibrariesMissing(str(error)) from error
    fetcher = _fetcher(static_roots, stored or {})
    document = weasyprint.HTML(string=html, base_url=BASE_URL, url_fetcher=fetcher)
    root = document.etree_element
    measure(root, limits)
    _disarm(root)
    root.attrib.setdefault("lang", lang)
    try:
        with _epoch(created):
            pages = document.render()
            pages.metadata.created = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            pages.metadata.modified = pages.metadata.created
            content = pages.write_pdf(pdf_variant="pdf/ua-1")
    except RecursionError as error:
        raise TooLarge("depth", limits.depth + 1, limits.depth) from error
    return Result(content, weasyprint.__version__, fetcher.refused)


def measure(root, limits: Limits) -> None:
    """Raise TooLarge when the tree has too many elements or rows, spans too wide, or nests too deep.

    Iterative: the deepest tree cannot exhaust the stack of the one that checks it.
    """
    elements = rows = 0
    waiting = [(root, 1, 0)]
    while waiting:
        element, depth, tables = waiting.pop()
        elements += 1
        tag = element.tag
        if tag == "tr":
            rows += 1
        elif tag == "table":
            tables += 1
        for name in ("colspan", "rowspan", "span"):
            if name in element.attrib:
                _within("span", _leading_number(element.attrib[name]), limits.span)
        _within("depth", depth, limits.depth)
        _within("tables_deep", tables, limits.tables_deep)
        _within("elements", elements, limits.elements)
        _within("rows", rows, limits.rows)
        waiting.extend((child, depth + 1, tables) for child in element)


def _within(name: str, found: int, allowed: int) -> None:
    if found > allowed:
        raise TooLarge(name, found, allowed)


def _roughly_deep(html: str) -> int:
    """How deep tags nest at most, before parsing: the parser itself takes minutes on 100,000 open tags.

    Tags that close by themselves are not counted; `measure` gives the true depth afterwards.
    """
    depth = deepest = 0
    for closing, tag, alone in _TAG.findall(html):
        if alone or _CLOSE_BY_THEMSELVES.fullmatch(tag.lower()):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _leading_number(text: str) -> int:
    digits = ""
    for character in text.strip().lstrip("+")[:12]:
        if not character.isdecimal():
            break
        digits += character
    return int(digits or 0)


def _disarm(root) -> None:
    """Take out what a paper has no use for: scripts, embedded pages, and attachments of files."""
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in _DECORATIVE]:
            parent.remove(child)
        if "attachment" in parent.attrib.get("rel", "").lower():
            del parent.attrib["rel"]


@contextlib.contextmanager
def _epoch(created: datetime) -> Iterator[None]:
    """Fix the date that fontTools writes into each instance of a variable font.

    The variable belongs to the whole process: two threads must not lay out at once. Ours does it alone.
    """
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(created.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


def _fetcher(static_roots: Sequence[str], stored: Mapping[str, bytes]):
    """Return a fetcher that opens our own files only: no socket, no path from outside the roots."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):
        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self.refused: list[str] = []

        def fetch(self, url, headers=None):
            content = self.find(url)
            if content is None:
                self.refused.append(url[:200])
                raise ValueError("refusé : seuls les fichiers du portail sont lus")
            kind = mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"
            return URLFetcherResponse(url, content, {"Content-Type": kind})

        def find(self, url: str) -> bytes | None:
            if not url.startswith(BASE_URL):
                return None
            path = unquote(urlsplit(url).path)
            if path.startswith(STORED):
                return stored.get(path.removeprefix(STORED))
            if not path.startswith(STATIC):
                return None
            for root in map(Path, static_roots):
                wanted = (root / path.removeprefix(STATIC).lstrip("/")).resolve()
                if wanted.is_relative_to(root.resolve()) and wanted.is_file():
                    return wanted.read_bytes()
            return None

    return OwnFilesOnly()


def _limit_this_process(limits: Limits) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def write_job(html: str, *, created: datetime, lang: str, static_roots, stored, limits: Limits) -> bytes:
    """Return what `main` reads: one job as JSON."""
    from base64 import b64encode

    job = {
        "html": html,
        "created": created.timestamp(),
        "lang": lang,
        "static_roots": [str(root) for root in static_roots],
        "stored": {name: b64encode(content).decode() for name, content in (stored or {}).items()},
        "limits": asdict(limits),
    }
    return json.dumps(job).encode()


def main() -> None:
    """Answer one job: a line of JSON that tells how it went, then the PDF."""
    job = json.loads(sys.stdin.buffer.read())
    limits = Limits(**job["limits"])
    with contextlib.suppress(ImportError, OSError):
        import weasyprint  # noqa: F401 - before the limit, so that lack of memory is not taken for lack of libraries
    _limit_this_process(limits)
    content = b""
    try:
        result = lay_out(
            job["html"],
            created=datetime.fromtimestamp(job["created"], tz=UTC),
            lang=job["lang"],
            static_roots=job["static_roots"],
            stored={name: b64decode(text) for name, text in job["stored"].items()},
            limits=limits,
        )
        answer, content = {"status": "done", "maker": result.maker, "refused": result.refused}, result.content
    except TooLarge as error:
        answer = {"status": "too_large", "about": list(error.args)}
    except LibrariesMissing as error:
        answer = {"status": "unavailable", "about": str(error)}
    except MemoryError:
        answer = {"status": "memory"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
