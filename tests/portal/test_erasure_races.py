"""Two at once: a campaign writes its letters while one of its people is erased."""

import threading

import pytest
from django.db import connection, transaction

from accounts import actions
from accounts.erasure import Person
from invitations import actions as invitations
from invitations.querysets import CampaignQuerySet
from outbox import nudge
from outbox.models import Letter
from tests.factories.interactions import EMAIL, NAME
from tests.factories.invitations import CampaignFactory, writable_contact

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def real_outbox(settings, monkeypatch, tmp_path):
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    settings.ERASURE_REGISTER = tmp_path / "effacements.jsonl"
    monkeypatch.setattr(nudge.current_app, "send_task", lambda name, **options: None)


def erase_while_letters_are_written() -> int:
    """Erase somebody between the writing of a campaign's letters and its commit; count letters that name them."""
    contact = writable_contact(name=NAME, email=EMAIL)
    campaign = CampaignFactory()
    invitations.prepare(campaign, contacts=[contact], by=None)
    written, erased = threading.Event(), threading.Event()

    def launch():
        with transaction.atomic():
            invitations.launch(campaign, by=None)
            written.set()
            erased.wait(2)  # in vain where the erasure waits for this very transaction
        connection.close()

    def erase():
        written.wait(10)
        actions.erase(Person().plus(rows=[contact]), by=None)
        erased.set()
        connection.close()

    threads = [threading.Thread(target=act) for act in (launch, erase)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert erased.is_set()
    return Letter.objects.to_address(EMAIL).count()


def test_letters_that_were_being_written_are_erased_too():
    assert erase_while_letters_are_written() == 0


def test_without_the_lock_on_the_campaign_a_letter_would_stay(monkeypatch):
    monkeypatch.setattr(CampaignQuerySet, "select_for_update", lambda self: self)
    assert erase_while_letters_are_written() == 1
