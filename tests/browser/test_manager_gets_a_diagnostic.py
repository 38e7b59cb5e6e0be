"""A manager gets the diagnostic of a municipality: real server, mail, worker, layout and browser."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.conf import settings as project
from django.core.management import call_command
from playwright.sync_api import Download, Page
from pypdf import PdfReader

from outbox import nudge
from tests.chromium import look
from tests.factories.accounts import ManagerFactory, UserFactory
from tests.factories.diagnostics import ready
from tests.outbox.workers import Worker, environment, wait_until, worker

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgresql,  # the workers are processes: they cannot share an SQLite database in memory
    pytest.mark.django_db(transaction=True),
]
LAYOUT = 150_000
"""Milliseconds that the page may wait for a sheet and a report on a busy machine."""

Workers = Callable[[str], AbstractContextManager[Worker]]


@pytest.fixture
def territory(transactional_db) -> None:
    """The project's own `data/`."""
    call_command("load_territory", verbosity=0)


@pytest.fixture
def workers(settings, smtp_server, monkeypatch) -> Workers:
    """A function that runs a worker for one queue; the portal's own broker and store lead to it."""
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    monkeypatch.setattr(nudge, "_silent_until", 0.0)
    env = environment(project.VAR_DIR, smtp_server.port)
    return lambda queue: worker(env, queue, queue)


@pytest.fixture
def page(live_server, chromium) -> Iterator[Page]:
    """The browser of somebody who has not logged in."""
    with look(chromium, live_server.url) as context:
        yield context.new_page()


def log_in_by_code(page: Page, address: str, smtp_server) -> None:
    """Ask for a code, read it in the letter that arrives, and give it."""
    page.get_by_role("link", name="Se connecter").click()
    page.get_by_label("Adresse e-mail").first.fill(address)
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_role("heading", name="Entrez le code").wait_for()
    wait_until(lambda: smtp_server.letters, "the code arrives")
    (letter,) = smtp_server.letters
    assert letter.recipients == [address]
    (code,) = re.findall(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", letter.text, re.MULTILINE)
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_role("link", name="Mon compte").wait_for()


def downloaded(page: Page, link: str) -> Download:
    """Click a link, and return the file that it gives."""
    with page.expect_download() as told:
        page.get_by_role("link", name=link).click()
    return told.value


def words(text: str) -> str:
    """Return a text on one line, every blank a plain space."""
    return " ".join(text.split())


def test_a_manager_gets_the_diagnostic_of_a_municipality(page, territory, workers, smtp_server):
    manager = ManagerFactory()
    page.goto("/")
    page.get_by_role("link", name="Jodoigne").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Jodoigne"
    with workers("letters"):
        log_in_by_code(page, manager.email, smtp_server)
    assert page.get_by_role("heading", level=1).inner_text() == "Jodoigne"
    assert page.get_by_role("link", name="Demander le diagnostic de cette commune").count() == 1

    page.get_by_role("navigation", name="Rubriques").get_by_role("link", name="Diagnostics").click()
    page.get_by_role("link", name="Demander un diagnostic").click()
    page.get_by_label("Territoire").select_option(label="Jodoigne")
    page.get_by_label("Édition").fill("2026")
    page.get_by_role("button", name="Demander ce diagnostic").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Diagnostic territorial de Jodoigne"
    assert page.get_by_role("main").get_by_role("status").inner_text() == "En attente"
    with workers("reports"):
        page.get_by_role("link", name="Diagnostic complet").wait_for(timeout=LAYOUT)

    content = downloaded(page, "Toutes les données").path().read_bytes()
    data = json.loads(content)
    report = downloaded(page, "Diagnostic complet")
    assert report.suggested_filename == "diagnostic-jodoigne-2026-v1.pdf"
    assert (data["scope"]["name"], data["edition"], data["author"]) == ("Jodoigne", "2026", manager.name)
    pdf = PdfReader(report.path())
    assert pdf.metadata.title == "Diagnostic territorial de Jodoigne, édition 2026"
    text = words(" ".join(sheet.extract_text() for sheet in pdf.pages))
    growth = next(finding for finding in data["findings"] if finding["key"] == "growth")
    # Not the whole sentence: what is raised (34e) and what is hyphenated is read elsewhere and otherwise.
    told = words(growth["text"]).partition(" : ")[0]
    assert told == "De 12 440 à 14 357 habitants"
    for said in (growth["title"], told, f"Édition {data['edition']}", manager.name):
        assert words(said) in text
    assert hashlib.sha256(content).hexdigest() in text.replace(" ", "")


def test_a_citizen_who_guesses_the_address_finds_nothing(chromium, live_server):
    address = ready().get_absolute_url()
    for user in (None, UserFactory()):
        with look(chromium, live_server.url, user=user) as context:
            page = context.new_page()
            assert page.goto(address).status == 404
            assert page.get_by_text("Jodoigne").count() == 0
            for path in ("avancement", "fiche.pdf", "diagnostic.pdf", "donnees.json", "tableau/3-1.csv"):
                assert page.request.get(address + path).status == 404
