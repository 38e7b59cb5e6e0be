"""What people do to letters is written in the journal."""

import pytest

from accounts.models import JournalEntry
from outbox import actions
from outbox.choices import State
from outbox.models import Letter
from tests.factories.accounts import TeamFactory
from tests.factories.outbox import write_letter

LINES = ("verb", "object_kind", "object_label", "by_label", "facts")


@pytest.mark.parametrize(
    ("act", "state", "verb"),
    [(actions.resend, State.FAILED, "letter.resent"), (actions.cancel, State.QUEUED, "letter.cancelled")],
)
def test_a_letter_that_somebody_handles_is_journaled_once(db, settings, act, state, verb):
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    letter = write_letter(subject="Rendez-vous", kind="essai")
    Letter.objects.filter(pk=letter.pk).update(state=state)
    act(letter, by=TeamFactory(name="Camille Fictive"))
    assert list(JournalEntry.objects.values_list(*LINES)) == [
        (verb, "outbox.letter", "Rendez-vous", "Camille Fictive", {"kind": "essai", "lane": letter.lane})
    ]
