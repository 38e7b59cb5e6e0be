"""The French catalogue, without gettext's tools.

    python -m dev.catalogues            compile each `.po` that is newer than its `.mo`
    python -m dev.catalogues extract    gather the plural messages of code and templates, then compile

Sentences are written in French where they are shown: only those that count need an entry, because without one
`ngettext` takes the English rule ("0 places").
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
FRENCH = Path("locale", "fr", "LC_MESSAGES", "django.po")
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "fr",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}
COUNTING = {
    "ngettext": ("singular", "plural"),
    "ngettext_lazy": ("singular", "plural"),
    "npgettext": ("context", "singular", "plural"),
    "npgettext_lazy": ("context", "singular", "plural"),
}
"""Django's functions that count, and their arguments that are text, in order."""

DJANGO = "Django"
"""The comment of an entry that says in our words what Django counts."""

_TEXT = r"""u(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(n|np)gettext\(((?:{_TEXT}, ?)+)count\)")
"""A counted message as `templatize` writes it; it blanks all other text."""

Message = tuple[str, str, str]
"""Context ("" for none), singular, plural."""


class Unreadable(Exception):
    """A message that nobody can look up: not written out in the call, or with two plurals."""


def compile_stale(root: Path = ROOT) -> list[Path]:
    """Write the `.mo` beside each `.po` of ours that is newer; return the files written."""
    written = []
    for source in sorted(
        [*root.glob("locale/*/LC_MESSAGES/*.po"), *root.glob("*/locale/*/LC_MESSAGES/*.po")]
    ):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        # Renamed into place: another process may be reading.
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written


def extract(root: Path = ROOT) -> str:
    """Return the French catalogue as it should read: every counted message, what is translated kept.

    Sorted, without places nor dates, so that the same code gives the same file. A message that is gone leaves;
    what Django says and we say our way stays: an entry that does not count, or whose comment is « Django ».
    Raises Unreadable.
    """
    present = polib.pofile(str(root / FRENCH)) if (root / FRENCH).exists() else polib.POFile()
    translated = {
        (entry.msgctxt or "", entry.msgid, entry.msgid_plural): entry
        for entry in present
        if not entry.obsolete
    }
    kept = [entry for entry in translated.values() if not entry.msgid_plural or entry.tcomment == DJANGO]
    counted = [
        translated.get(message) or _as_written(message) for message in _without_conflict(messages(root))
    ]
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.header = (
        "What counts, in French: written by `make messages`, where a translation may be changed."
    )
    catalogue.metadata = HEADER
    catalogue.extend(sorted([*kept, *counted], key=lambda entry: (entry.msgid, entry.msgctxt or "")))
    return f"{catalogue}".rstrip("\n") + "\n"


def messages(root: Path = ROOT) -> set[Message]:
    """Return every counted message of our rooms and templates. Raises Unreadable."""
    found: set[Message] = set()
    rooms = [
        place.parent for place in root.glob("*/__init__.py") if place.parent.name not in ("dev", "tests")
    ]
    for room in rooms:
        for path in room.rglob("*.py"):
            found.update(in_code(path.read_text(), str(path.relative_to(root))))
    for folder in (root / "templates", *(room / "templates" for room in rooms)):
        for path in folder.rglob("*.*"):
            found.update(in_template(path.read_text(), str(path.relative_to(root))))
    return found


def in_code(source: str, place: str) -> Iterator[Message]:
    """Yield the counted messages of a Python module. Raises Unreadable for one that is not written out."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Attribute):
            # translation.ngettext(…)
            name = called.attr
        else:
            name = names.get(called.id, "") if isinstance(called, ast.Name) else ""
        if name not in COUNTING:
            continue
        given = dict(zip(COUNTING[name], node.args, strict=False))
        given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg in COUNTING[name]}
        texts = [_text(given.get(argument)) for argument in COUNTING[name]]
        if None in texts:
            raise Unreadable(f"{place}:{node.lineno}: {name}() wants its messages written out")
        yield _message(*texts)


def in_template(source: str, place: str) -> Iterator[Message]:
    """Yield the counted messages of a template (`blocktranslate count … plural`)."""
    from django.utils.translation.template import templatize

    for _kind, texts in _IN_TEMPLATE.findall(templatize(source, origin=place)):
        yield _message(*ast.literal_eval(f"[{texts}]"))


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _message(*texts) -> Message:
    context, singular, plural = texts if len(texts) == 3 else ("", *texts)
    return context, singular, plural


def _without_conflict(found: set[Message]) -> list[Message]:
    """Return the messages; gettext looks them up by singular alone, so each has one plural."""
    plurals: dict[tuple[str, str], str] = {}
    for context, singular, plural in found:
        if plurals.setdefault((context, singular), plural) != plural:
            raise Unreadable(f"two plurals for {singular!r}: {plurals[context, singular]!r}, {plural!r}")
    return list(found)


def _as_written(message: Message) -> polib.POEntry:
    context, singular, plural = message
    return polib.POEntry(
        msgctxt=context or None,
        msgid=singular,
        msgid_plural=plural,
        msgstr_plural={0: singular, 1: plural},
    )


def main(arguments: list[str]) -> int:
    """Compile, after extracting when asked to; return the exit code."""
    if arguments == ["extract"]:
        (ROOT / FRENCH).parent.mkdir(parents=True, exist_ok=True)
        try:
            (ROOT / FRENCH).write_text(extract())
        except Unreadable as failure:
            print(failure, file=sys.stderr)
            return 1
    compile_stale()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
