"""What a sheet says, as plain values: shown in a form, compared with what two people wrote."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core import signing

from actors.models import Actor

TEXTS = ("summary", "description", "events", "languages", "email", "phone", "website", "street")
LINES = ("description", "events")
PLACE = "locality"
LISTS = ("municipalities_served", "themes", "dimensions")
FIELDS = (*TEXTS, PLACE, *LISTS)
"""What members change of their sheet; name, kind and enterprise number are the team's."""
KEPT_WORDS = ("summary", "description")
"""Fields whose former text the journal keeps; coordinates may be somebody's."""
_SALT = "actors.sheet"
_BLANKS = re.compile(r"[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")

Plain = str | list[str]
Values = dict[str, Plain]


def read(actor: Actor) -> Values:
    """Return what a sheet says: texts, the village's primary key or "", lists of primary keys in order."""
    values: Values = {name: text(name, getattr(actor, name)) for name in TEXTS}
    values[PLACE] = str(actor.locality_id or "")
    for name in LISTS:
        values[name] = _keys(getattr(actor, name).values_list("pk", flat=True))
    return values


def text(name: str, value: str) -> str:
    """Return a text as forms give it: `LINES` with their lines, any other on one."""
    if name in LINES:
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return one_line(value)


def one_line(value: str) -> str:
    """Return a text on one line, each run of blanks a space; the no-break spaces of French stay."""
    return _BLANKS.sub(" ", value).strip()


def plain(cleaned: Mapping[str, Any]) -> Values:
    """Return the same of a form's cleaned data."""
    values: Values = {name: text(name, cleaned[name]) for name in TEXTS}
    values[PLACE] = str(cleaned[PLACE].pk) if cleaned[PLACE] else ""
    for name in LISTS:
        values[name] = _keys(row.pk for row in cleaned[name])
    return values


def _keys(keys: Iterable[int]) -> list[str]:
    return [str(key) for key in sorted(keys)]


def seal(actor: Actor, values: Values) -> str:
    """Return values as a text that only this portal can have written, and only of this sheet."""
    return signing.dumps(values, salt=f"{_SALT}:{actor.public_id}", compress=True)


def unseal(actor: Actor, text: str) -> Values:
    """Return the values of such a text; nothing for any other: every field then counts as unseen."""
    try:
        return signing.loads(text, salt=f"{_SALT}:{actor.public_id}")
    except signing.BadSignature:
        return {}
