"""A manager gets the diagnostic of a municipality: real server, mail, worker, layout and browser."""

import hashlib
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.journeys import (
    CODE,
    LAYOUT,
    Mailbox,
    ask_for_code,
    downloaded,
    give_code,
    printed,
    request_diagnostic,
    words,
)
from tests.chromium import look
from tests.factories.accounts import ManagerFactory, UserFactory
from tests.factories.diagnostics import ready

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgresql,  # the workers are processes: they cannot share an SQLite database in memory
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def page(live_server, chromium) -> Iterator[Page]:
    """The browser of somebody who has not logged in."""
    with look(chromium, live_server.url) as context:
        yield context.new_page()


def test_a_manager_gets_the_diagnostic_of_a_municipality(page, territory, workers, smtp_server):
    manager = ManagerFactory()
    page.goto("/")
    page.get_by_role("link", name="Jodoigne").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Jodoigne"
    with workers("letters"):
        ask_for_code(page, manager.email)
        give_code(page, *Mailbox(smtp_server).open((manager.email, CODE)))
    assert page.get_by_role("heading", level=1).inner_text() == "Jodoigne"
    assert page.get_by_role("link", name="Demander le diagnostic de cette commune").count() == 1

    request_diagnostic(page, "Jodoigne", "2026")
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
    text = printed(pdf)
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
