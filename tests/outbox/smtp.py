"""A real SMTP server on a free port: keeps what it receives, and refuses, hangs or hangs up when told to."""

import asyncio
import email
import email.policy
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


@dataclass
class Received:
    """A letter as the server got it."""

    sender: str
    recipients: list[str]
    source: bytes

    @property
    def message(self) -> EmailMessage:
        """The parsed letter."""
        return email.message_from_bytes(self.source, policy=email.policy.default)

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])


@dataclass
class Mailbox:
    """What arrived, and how to answer: each rule returns an answer, or None for « 250 OK »."""

    letters: list[Received] = field(default_factory=list)
    connections: int = 0
    on_sender: Callable[[str], str | None] = lambda address: None
    on_recipient: Callable[[str], str | None] = lambda address: None
    on_text: Callable[[Received], str | None] = lambda letter: None
    pause: float = 0
    hang_up_in_text: bool = False
    hang_up_after_text: bool = False

    @property
    def times_by_id(self) -> Counter:
        """Message-ID → how many times it arrived."""
        return Counter(letter.message_id for letter in self.letters)

    async def handle_MAIL(self, server, session, envelope, address, options):
        if answer := self.on_sender(address):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if answer := self.on_recipient(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = Received(envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.content))
        if answer := self.on_text(letter):
            return answer
        self.letters.append(letter)
        if self.pause:
            await asyncio.sleep(self.pause)
        if self.hang_up_after_text:
            server.transport.abort()
            await asyncio.sleep(0)
        return "250 OK"


class _Server(SMTP):
    async def smtp_DATA(self, arg):
        if self.event_handler.hang_up_in_text:
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Server(Controller):
    """The server: `mailbox` holds what arrived."""

    def __init__(self, mailbox: Mailbox | None = None, port: int = 0) -> None:
        self.mailbox = mailbox or Mailbox()
        super().__init__(self.mailbox, hostname="127.0.0.1", port=port, server_hostname="localhost")

    def factory(self):
        self.mailbox.connections += 1
        return _Server(self.handler, hostname="localhost")

    def _trigger_server(self) -> None:
        # The base class checks the port that it was given; ours is the one that the system chose.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
