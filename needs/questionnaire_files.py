"""A questionnaire's file (TOML) read into plain values; what is wrong is told with its section and question."""

import tomllib
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from needs.choices import Level, QuestionKind


class FileError(ValueError):
    """The file cannot be read, or says something it should not; in French, with the place."""


QUESTION = {
    "kind": str,
    "label": str,
    "help": str,
    "required": bool,
    "dimension": str,
    "weight": int,
    "most": int,
}


def read(path: Path) -> tuple[str, int, dict[str, Any], list]:
    """Return (code, version, own fields, sections) of a file; FileError when it cannot be read."""
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileError(f"{path.name} : {error}") from None
    own = {
        "title": _typed(data, "title", str, path.name),
        "intro": data.get("intro", ""),
        "minutes": data.get("minutes", 25),
    }
    sections = [
        (_section(section, order), [_question(one, n, section) for n, one in _asked(section)])
        for order, section in enumerate(data.get("section", []), start=1)
    ]
    return _typed(data, "code", str, path.name), _typed(data, "version", int, path.name), own, sections


def _asked(section: dict):
    return enumerate(section.get("question", []), start=1)


def _section(section: dict, order: int) -> dict[str, Any]:
    where = _("section %s") % section.get("code", order)
    return {
        "code": _typed(section, "code", str, where),
        "title": _typed(section, "title", str, where),
        "intro": section.get("intro", ""),
        "order": order,
    }


def _question(question: dict, order: int, section: dict) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    where = f"{section['code']}, {question.get('code', order)}"
    levels = question.get("levels", [])
    kind = question.get("kind", QuestionKind.LEVEL if levels else "")
    if kind not in QuestionKind.values:
        raise FileError(_("%(where)s : type inconnu « %(kind)s »") % {"where": where, "kind": kind})
    unknown = set(question) - {*QUESTION, "code", "levels", "choices", "exclusive"}
    if unknown:
        raise FileError(_("%(where)s : mot inconnu « %(word)s »") % {"where": where, "word": min(unknown)})
    if levels and len(levels) != len(Level):
        raise FileError(_("%(where)s : un critère a cinq phrases") % {"where": where})
    criterion = kind == QuestionKind.LEVEL
    dimension = question.get("dimension") or (section.get("dimension", "") if criterion else "")
    fields = {
        "code": _typed(question, "code", str, where),
        "kind": kind,
        "label": _typed(question, "label", str, where),
        "help": question.get("help", ""),
        "required": question.get("required", criterion),
        "criterion": criterion and bool(dimension),
        "weight": question.get("weight", 1),
        "may_be_not_concerned": criterion,
        "most": question.get("most"),
        "order": order,
        "dimension": dimension,
    }
    exclusive = question.get("exclusive", [])
    offered: list[tuple[str, str, int | None]] = [
        (code, label, None) for code, label in question.get("choices", [])
    ]
    offered += [(str(level), sentence, level) for level, sentence in enumerate(levels)]
    return fields, [
        {"code": code, "label": label, "score": score, "exclusive": code in exclusive, "order": n}
        for n, (code, label, score) in enumerate(offered, start=1)
    ]


def _typed(data: dict, name: str, kind: type, where: str):
    value = data.get(name)
    if not isinstance(value, kind) or not value:
        raise FileError(_("%(where)s : « %(name)s » manque") % {"where": where, "name": name})
    return value
