"""Steps that several walks take: a letter is opened, a code given, a file fetched, a printed page read."""

import re

from playwright.sync_api import Download, Page
from pypdf import PdfReader

from outbox.choices import State
from outbox.models import Letter as Kept
from tests.outbox.workers import wait_until
from tests.servers import Letter, SMTPServer

CODE = "Votre code de connexion"
"""Subject of the letter that brings a code."""
LAYOUT = 150_000
"""Milliseconds that the page may wait for a sheet and a report on a busy machine."""


def words(text: str) -> str:
    """Return a text on one line, every blank a plain space."""
    return " ".join(text.split())


class Mailbox:
    """The letters that arrived, opened in turns: each turn says all that came since the one before."""

    def __init__(self, server: SMTPServer) -> None:
        self._server = server
        self._opened = 0

    def open(self, *expected: tuple[str, str]) -> list[Letter]:
        """Wait until these letters (address, subject), and no other, have come; return them in this order."""
        wait_until(lambda: len(self._server.letters) >= self._opened + len(expected), f"come: {expected}")
        fresh = self._server.letters[self._opened :]
        assert sorted(map(_envelope, fresh)) == sorted(expected)
        self._opened += len(expected)
        by_envelope = {_envelope(letter): letter for letter in fresh}
        return [by_envelope[one] for one in expected]

    def is_exhausted(self) -> bool:
        """Whether all that was ever written has left and was opened: nothing more can come."""
        written = list(Kept.objects.values_list("state", flat=True))
        return written == [State.SENT] * self._opened and len(self._server.letters) == self._opened


def _envelope(letter: Letter) -> tuple[str, str]:
    return ", ".join(letter.recipients), words(str(letter.message["Subject"]))


def link_in(letter: Letter, path: str) -> str:
    """Return the one address of a letter's text that holds this path."""
    (found,) = re.findall(rf"https?://\S+{path}\S+", letter.text)
    return found


def ask_for_code(page: Page, address: str) -> None:
    """Ask, from any page, for a code by mail."""
    page.get_by_role("link", name="Se connecter").click()
    page.get_by_label("Adresse e-mail").first.fill(address)
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_role("heading", name="Entrez le code").wait_for()


def give_code(page: Page, letter: Letter) -> None:
    """Log in by the code of a letter."""
    (code,) = re.findall(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", letter.text, re.MULTILINE)
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_role("navigation", name="Rubriques").get_by_role("link", name="Mon compte").wait_for()


def request_diagnostic(page: Page, place: str, edition: str) -> None:
    """Ask for the diagnostic of a place, from any page."""
    page.get_by_role("navigation", name="Rubriques").get_by_role("link", name="Diagnostics").click()
    page.get_by_role("link", name="Demander un diagnostic").click()
    page.get_by_label("Territoire").select_option(label=place)
    page.get_by_label("Édition").fill(edition)
    page.get_by_role("button", name="Demander ce diagnostic").click()


def leave_table(page: Page, model: str, name: str, content: bytes, source: str) -> None:
    """Leave a table at the desk, from the list of an "actor" or a "contact" that it is to fill."""
    page.goto(f"/bureau/actors/{model}/")
    page.get_by_role("link", name="Importer un fichier").click()
    page.get_by_label("D’où vient ce fichier ?").fill(source)
    page.get_by_label("Fichier", exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Lire ce fichier").click()


def lines_shown(page: Page) -> list[str]:
    """Return the lines of a preview, as a person reads them."""
    rows = page.get_by_role("table", name="Lignes du fichier").get_by_role("row")
    return [words(text) for text in rows.all_inner_texts()[1:]]


def fits_a_phone(page: Page) -> bool:
    """Whether the page is no wider than a phone of 320 pixels; it is as wide as before afterwards."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 900})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(before)
    return wide == 320


def downloaded(page: Page, link: str) -> Download:
    """Click a link, and return the file that it gives."""
    with page.expect_download() as told:
        page.get_by_role("link", name=link).click()
    return told.value


def printed(pdf: PdfReader) -> str:
    """Return all the words of a printed document, on one line."""
    return words(" ".join(sheet.extract_text() for sheet in pdf.pages))
