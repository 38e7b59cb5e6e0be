"""The post office of `make run`: a local SMTP server that keeps each letter as a file and tells of it."""

import email
import email.policy
import itertools
import logging
import re
import time
from pathlib import Path

from aiosmtpd.controller import Controller

from dev.services import free_port

_CODE = re.compile(r"^\s*[A-Z0-9-]{6,12}\s*$", re.MULTILINE)


class Tray:
    """Writes what arrives into a folder, and prints one line a letter."""

    def __init__(self, folder: Path, root: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._root = root
        self._number = itertools.count(1)

    async def handle_DATA(self, server, session, envelope) -> str:
        """Keep a letter; called by aiosmtpd."""
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{next(self._number):04}.eml"
        path = self._folder / name
        path.write_bytes(envelope.content)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        recipients = ", ".join(envelope.rcpt_tos)
        print(f"Lettre à {recipients} : {message['Subject']} ({self._shown(path)})", flush=True)
        for code in codes(message):
            print(f"    code : {code}", flush=True)
        return "250 OK"

    def _shown(self, path: Path) -> Path:
        return path.relative_to(self._root) if path.is_relative_to(self._root) else path


def codes(message: email.message.EmailMessage) -> list[str]:
    """Return the codes of a letter: they stand alone on their line ("BCDF-GHJK")."""
    part = message.get_body(preferencelist=("plain",))
    text = part.get_content() if part else ""
    return [line.strip() for line in _CODE.findall(text)]


def open_post_office(folder: Path, root: Path) -> Controller:
    """Start the SMTP server on a free port of 127.0.0.1 (`.port`); stop it with `.stop()`."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    controller = Controller(Tray(folder, root), hostname="127.0.0.1", port=free_port())
    controller.start()
    return controller
