"""What a bounce (RFC 3464) says: of which of our letters, to which address, whether for good. No database here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from outbox.transport import Refusal

_CODE = re.compile(r"\b([45]\d\d)\b")
_WRITTEN_BY_US = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True)
class Bounce:
    """One address that a server gave up: the Message-ID of the letter, the addresses it is known by, the refusal."""

    message_id: str
    addresses: tuple[str, ...]
    refusal: Refusal


def read(message: Message) -> Iterator[Bounce]:
    """Yield what a message reports as failed; nothing for any other message, nor for one that is broken.

    Only reports that hand back our Message-ID count: it is long and random, so that nobody can make one up.
    """
    message_id = _message_id(message)
    if message.get_content_type() != "multipart/report" or not message_id:
        return
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload() if part.is_multipart() else []
        for block in blocks:
            if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
                addresses = tuple(
                    str(block[name]).rpartition(";")[2].strip().lower()
                    for name in ("Original-Recipient", "Final-Recipient")
                    if block[name]
                )
                yield Bounce(message_id, addresses, _refusal(block))


def _message_id(message: Message) -> str:
    """Return the Message-ID of the letter that comes back, whole or by its headers; "" when it does not."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            found = str(part.get_payload(0).get("Message-ID", ""))  # type: ignore[union-attr]
        elif kind == "text/rfc822-headers":
            content = part.get_payload(decode=True) or b""
            head = re.search(rb"(?im)^message-id:\s*(<[^<>\s]+>)", content)  # type: ignore[arg-type]
            found = head[1].decode("ascii", "replace") if head else ""
        else:
            continue
        if match := _WRITTEN_BY_US.search(found):
            return match[0]
    return ""


def _refusal(block: Message) -> Refusal:
    """Return the server's own words where they stand, else the status alone, as if it had told us at once."""
    status = str(block.get("Status", "")).strip()
    words = " ".join(str(block.get("Diagnostic-Code", "")).partition(";")[2].split())[:300]
    code = _CODE.search(words)
    given = int(code[1]) if code else 550 if status.startswith("5") else 450
    return Refusal(given, words if re.search(r"\b5\.\d+\.\d+\b", words) else f"{status} {words}".strip())
