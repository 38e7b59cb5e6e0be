"""Logs as one JSON object a line, without personal data: what happened, where, never who."""

import json
import logging
import re
from datetime import UTC, datetime

# Mail addresses, and what stands behind a signed link, never reach the logs.
_PERSONAL = re.compile(
    r"[\w.+-]{1,64}+@[\w-]{1,63}\.[\w.-]{1,255}"
    r"|(?:(?<=/lien/)|(?<=/invitation/)|(?<=/desinscription/)|(?<=/inscriptions/)|(?<=/evaluations/))"
    r"[^\s\"?]*[^\s\"?/]"
)
# What PostgreSQL adds to an error: the values of the row it refused, names and telephones among them.
_ROW = re.compile(
    r"^(DETAIL|DÉTAIL|CONTEXT|CONTEXTE)\s*:.*?(?=\n\n(?:The above|During) |\Z)", re.MULTILINE | re.DOTALL
)


def _impersonal(text: str) -> str:
    return _PERSONAL.sub("…", _ROW.sub(r"\1: …", text))


class JSONFormatter(logging.Formatter):
    """One line: time (UTC), level, logger, message, and the traceback of an error."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _impersonal(record.getMessage()),
        }
        if record.exc_info:
            entry["error"] = _impersonal(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)
