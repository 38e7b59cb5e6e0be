"""Real servers for tests: Redis, started, stopped and frozen at will, and SMTP that records or misbehaves."""

import asyncio
import contextlib
import email
import email.policy
import logging
import os
import select
import signal
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from dev import services

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command


def gone(pid: int) -> bool:
    """Tell whether a process has ended, waiting for it ten seconds at most."""
    try:
        watch = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watch], [], [], 10)[0])
    finally:
        os.close(watch)


class OwnRedis:
    """A Redis of one test, always on the same port."""

    def __init__(self):
        self.port = services.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._running = contextlib.ExitStack()
        self._service = None

    def start(self) -> None:
        """Start it, empty; on its port again after `stop`."""
        self._service = self._running.enter_context(services.redis(self.port))

    def stop(self) -> None:
        """Stop it: connections are refused."""
        self._running.close()

    def pause(self) -> None:
        """Freeze it: connections are accepted, and nothing is ever answered."""
        self._service.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it answer again."""
        self._service.process.send_signal(signal.SIGCONT)


@pytest.fixture(scope="session")
def redis_server() -> str:
    """The URL of the run's Redis, in a database number of this worker's own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return os.environ["REDIS_TEST_URL"].rpartition("/")[0] + f"/{int(worker) + 1}"


@pytest.fixture
def redis_servers():
    """A function that starts a Redis of the test's own (an `OwnRedis`), for what happens when it fails."""
    with contextlib.ExitStack() as stack:

        def start() -> OwnRedis:
            server = OwnRedis()
            stack.callback(server.stop)
            server.start()
            return server

        yield start


@dataclass
class Letter:
    """What the SMTP server was given: the envelope, and the message parsed."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        """The plain text of the letter."""
        part = self.message.get_body(preferencelist=("plain",))
        return part.get_content() if part else ""


@dataclass
class SMTPServer:
    """A real SMTP server on 127.0.0.1: `letters` are those it accepted, in order.

    `answers` holds the reply lines to the next recipients ("450 4.2.1 …", "550 5.1.1 …"), one each, before it
    accepts again; `always` answers every one. `hang()` makes it silent after DATA until `release()`;
    `drop()` makes it close the line once DATA has come in, without an answer.
    """

    host: str = "127.0.0.1"
    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    always: str = ""
    attempts: int = 0
    _dropping: bool = False
    _free: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self._free.set()

    def hang(self) -> None:
        """Accept the letter's text and stay silent."""
        self._free.clear()

    def release(self) -> None:
        """Answer again, those who wait included."""
        self._free.set()

    def drop(self, dropping: bool = True) -> None:
        """Close the line when the letter's text has come in: its fate is unknown to the sender."""
        self._dropping = dropping

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.attempts += 1
        answer = self.always or (self.answers.pop(0) if self.answers else "")
        if answer and not answer.startswith("2"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        while not self._free.is_set():
            await asyncio.sleep(0.02)
        content = envelope.content.replace(b"\r\n", b"\n")
        message = email.message_from_bytes(content, policy=email.policy.default)
        self.letters.append(Letter(envelope.mail_from, list(envelope.rcpt_tos), message))
        if self._dropping:
            server.transport.abort()
        return "250 OK"


@pytest.fixture
def smtp_server(settings):
    """A real SMTP server with an empty mailbox; the settings' EMAIL_HOST and EMAIL_PORT lead to it."""
    mailbox = SMTPServer(port=services.free_port())
    controller = Controller(mailbox, hostname=mailbox.host, port=mailbox.port)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = mailbox.host, mailbox.port
    try:
        yield mailbox
    finally:
        mailbox.release()
        controller.stop(no_assert=True)
