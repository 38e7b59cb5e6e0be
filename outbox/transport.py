"""One SMTP conversation a batch, and what a server's answer means for a letter. No database here."""

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from django.core.mail.backends.smtp import EmailBackend

# Enhanced codes (RFC 3463) about the address (X.1) or the mailbox (X.2); X.7 is policy: about us, not them.
_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.\d{1,3}\b")
_ABOUT_MAILBOX = {"1", "2"}
_MAILBOX_CODES = {550, 551, 553}
_ASKS_US = {530, 534, 535, 538, 454}
"""Answers that ask for encryption or a login: our settings or the server are at fault, no mailbox is."""

_PERSONAL = re.compile(r"[^\s<>@\"]+@[^\s<>\"]+")
_NETWORK = (OSError, smtplib.SMTPServerDisconnected)


@dataclass
class Refusal:
    """What a server said to one address: `code` and `answer`; `bounce` when that mailbox is gone for good."""

    code: int
    answer: str

    @property
    def lasting(self) -> bool:
        """Whether trying again would change nothing (5xx, logins aside)."""
        return self.code >= 500 and self.code not in _ASKS_US

    @property
    def bounce(self) -> bool:
        """Whether the refusal is about the mailbox rather than about us or the text."""
        enhanced = _ENHANCED.search(self.answer)
        if enhanced:
            return self.lasting and enhanced[1] in _ABOUT_MAILBOX
        return self.code in _MAILBOX_CODES


@dataclass
class Outcome:
    """What became of one try: who got the letter, who was refused, and what else went wrong.

    `unknown` is True when the conversation broke after the text had begun to leave. `stop` is True when the
    server, not the letter, is at fault: the batch had better wait.
    """

    reached: list[str] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)
    trouble: str = ""
    unknown: bool = False
    stop: bool = False


class Conversation:
    """An SMTP connection that opens at the first letter and serves many: `with Conversation() as smtp: …`."""

    def __init__(self) -> None:
        self._backend = EmailBackend()  # Django's own knows about TLS, certificates and logins
        self._served = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye, whatever state the connection is in."""
        self._served = 0
        with suppress(*_NETWORK, smtplib.SMTPException):
            self._backend.close()

    def drop(self) -> None:
        """Close a connection that no longer answers, without a goodbye that would wait again."""
        connection, self._backend.connection = self._backend.connection, None
        if connection is not None:
            connection.close()
        self.close()  # one that opened halfway (a login refused) is still kept by Django's backend

    def send(self, sender: str, recipients: list[str], source: bytes) -> Outcome:
        """Hand one letter to the server. Whatever happens there is told in the outcome, not raised."""
        outcome = self._try(sender, recipients, source)
        if outcome.stop and not outcome.unknown and outcome is not self._first_on_connection:
            # Servers close a connection that has served long enough: a new one tells whether that was all.
            outcome = self._try(sender, recipients, source)
        return outcome

    _first_on_connection: Outcome | None = None

    def _try(self, sender: str, recipients: list[str], source: bytes) -> Outcome:
        outcome = Outcome()
        if self._served == 0:
            self._first_on_connection = outcome
        texting = False
        try:
            self._backend.open()
            smtp = self._backend.connection
            assert smtp is not None  # open() raises rather than fail in silence
            smtp.ehlo_or_helo_if_needed()
            options = [f"size={len(source)}"] if smtp.has_extn("size") else []
            if smtp.has_extn("8bitmime"):
                options.append("body=8bitmime")
            code, answer = smtp.mail(sender, options)
            if code != 250:
                return self._refused_altogether(outcome, code, answer)
            for address in recipients:
                code, answer = smtp.rcpt(address)
                if code == 421:
                    return self._refused_altogether(outcome, code, answer)
                if code in (250, 251):
                    outcome.reached.append(address)
                else:
                    outcome.refused[address] = Refusal(code, words(answer))
            if not outcome.reached:
                smtp.rset()
                self._served += 1
                return outcome
            texting = True
            code, answer = smtp.data(source)
            texting = False
            if code != 250:
                raise smtplib.SMTPDataError(code, answer)
        except smtplib.SMTPDataError as refusal:
            return self._refused_text(outcome, Refusal(refusal.smtp_code, words(refusal.smtp_error)))
        except (*_NETWORK, smtplib.SMTPException) as trouble:
            self.drop()
            outcome.reached, outcome.refused = [], {}
            outcome.unknown = texting
            outcome.stop = True
            outcome.trouble = words(trouble)
        self._served += 1
        return outcome

    def _refused_altogether(self, outcome: Outcome, code: int, answer: bytes) -> Outcome:
        """The server refuses our sender, or everybody for now: no recipient is to blame."""
        self.close()
        outcome.reached, outcome.refused = [], {}
        outcome.trouble = f"{code} {words(answer)}"
        outcome.stop = True
        return outcome

    def _refused_text(self, outcome: Outcome, refusal: Refusal) -> Outcome:
        """The text was refused for everyone who had been accepted."""
        outcome.refused |= dict.fromkeys(outcome.reached, refusal)
        outcome.reached = []
        if refusal.code == 421:
            outcome.trouble, outcome.refused, outcome.stop = f"421 {refusal.answer}", {}, True
        self.close()
        return outcome


def words(answer: bytes | str | BaseException) -> str:
    """Return a server's words on one line, without addresses, short enough for a list."""
    if isinstance(answer, smtplib.SMTPResponseException):
        return f"{answer.smtp_code} {words(answer.smtp_error)}"
    if isinstance(answer, BaseException):
        return words(f"{type(answer).__name__} : {answer}")
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return _PERSONAL.sub("…", " ".join(text.replace("\x00", "").split()))[:300]
