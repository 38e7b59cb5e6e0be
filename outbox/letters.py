"""From a Django message to a letter: headers that never leave, addresses, and the bytes that will travel."""

import copy
import re
import uuid
from email.mime.base import MIMEBase
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives
from django.core.mail.message import EmailAlternative, sanitize_address
from django.core.validators import EmailValidator

from outbox.choices import Lane
from outbox.models import Letter

LANE, KIND, SECRET, ABOUT = "X-Lane", "X-Letter-Kind", "X-Secret", "X-About"
"""Headers by which a sender, who does not know the outbox, says how a message travels. They never leave."""

_OURS = {name.lower(): name for name in (LANE, KIND, SECRET, ABOUT)}
_valid = EmailValidator()


class InvalidAddress(ValueError):
    """An address that no letter can be sent to."""


def compose(message: EmailMessage) -> Letter:
    """Return the unsaved letter of a message: who it goes to, and its bytes with Message-ID and Date fixed.

    Raises BadHeaderError for a line break in a header, InvalidAddress for a recipient that is not an address,
    ValueError for an unknown lane.
    """
    marks, headers = _split(message.extra_headers)
    lane = marks.get(LANE) or Lane.TRANSACTIONAL
    if lane not in Lane.values:
        raise ValueError(f"{LANE}: {lane}")
    public_id = uuid.uuid4()
    encoding = message.encoding or settings.DEFAULT_CHARSET
    sender = _bare(message.from_email, encoding)
    recipients = list(dict.fromkeys(_bare(address, encoding) for address in message.recipients()))
    if not all(map(_is_address, recipients)):
        raise InvalidAddress("Une adresse de cette lettre n’est pas valable.")
    if not any(name.lower() == "message-id" for name in headers):
        headers["Message-ID"] = f"<{public_id}@{sender.rpartition('@')[2]}>"
    clean = _clean(message, headers)
    source = clean.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    secret = marks.get(SECRET, "") not in ("", "0") or _lets_in(clean)
    return Letter(
        public_id=public_id,
        lane=lane,
        kind=marks.get(KIND, "")[:60],
        about=marks.get(ABOUT, "")[:120],
        secret=secret,
        sender=sender,
        recipients="\n".join(recipients),
        pending="\n".join(recipients),
        host=recipients[0].rpartition("@")[2].lower(),
        # Whoever reads a code's subject may read its code: the kind says enough.
        subject="" if secret else str(clean.subject),
        message_id=next(value for name, value in headers.items() if name.lower() == "message-id"),
        message=source,
    )


def _lets_in(message: EmailMessage) -> bool:
    """Whether one of the message's texts holds an address that opens an account."""
    texts = [message.body, *(content for content, _ in getattr(message, "alternatives", []))]
    return any(re.search(settings.OUTBOX_SECRET_PATTERN, str(text)) for text in texts)


def _split(headers: dict) -> tuple[dict[str, str], dict[str, str]]:
    """Separate our marks from the headers that leave; a line break in either is refused."""
    marks: dict[str, str] = {}
    leaving: dict[str, str] = {}
    for name, value in headers.items():
        if re.search(r"[\r\n]", f"{name}{value}"):
            raise BadHeaderError(f"Header values can't contain newlines (header {name!r})")
        if name.lower() in _OURS:
            marks[_OURS[name.lower()]] = printable(str(value))
        else:
            leaving[name] = printable(str(value))
    return marks, leaving


def _bare(address: str, encoding: str) -> str:
    """Return "ada@xn--…" for « Ada <ada@…> »: the form that SMTP commands take."""
    if "\n" in address or "\r" in address:
        raise BadHeaderError("Header values can't contain newlines (address)")
    if not parseaddr(address)[1].rpartition("@")[0].isascii():
        raise InvalidAddress("Une adresse de cette lettre porte un accent devant l’arobase.")
    try:
        return parseaddr(sanitize_address(printable(address), encoding))[1]
    except (ValueError, UnicodeError) as refusal:
        raise InvalidAddress("Une adresse de cette lettre n’est pas valable.") from refusal


def _is_address(address: str) -> bool:
    try:
        _valid(address)
    except ValidationError:
        return False
    return True


def _clean(message: EmailMessage, headers: dict[str, str]) -> EmailMessage:
    """Return a copy with other headers, whose every text can be encoded; the message stays as it was."""
    clean = copy.copy(message)
    clean.extra_headers = headers
    clean.from_email = printable(message.from_email)
    clean.to = [printable(address) for address in message.to]
    clean.cc = [printable(address) for address in message.cc]
    clean.reply_to = [printable(address) for address in message.reply_to]
    clean.subject = printable(str(message.subject))
    clean.body = printable(str(message.body or ""))
    clean.attachments = [_clean_attachment(attachment) for attachment in message.attachments]
    if isinstance(message, EmailMultiAlternatives) and isinstance(clean, EmailMultiAlternatives):
        clean.alternatives = [
            EmailAlternative(
                printable(alternative[0]) if isinstance(alternative[0], str) else alternative[0],
                alternative[1],
            )
            for alternative in message.alternatives
        ]
    return clean


def _clean_attachment(attachment):
    if isinstance(attachment, MIMEBase):
        return attachment
    name, content, kind = attachment
    if name and ("\n" in name or "\r" in name):
        raise BadHeaderError("Header values can't contain newlines (file name)")
    return type(attachment)(
        printable(name) if name else name,
        printable(content) if isinstance(content, str) else content,
        kind,
    )


def printable(text: str) -> str:
    """Return the text without what no encoding or database takes: NUL goes, lone surrogates become U+FFFD."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
