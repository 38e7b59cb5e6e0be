"""The post office of the demonstration: letters are written, kept and settled; none ever leaves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from outbox import actions, letters
from outbox.choices import State
from outbox.models import Letter
from outbox.transport import Conversation, Outcome, Refusal

HOLDER = "démonstration"
"""Who holds the letters from the moment they are written: no worker may take them."""

GONE = "boite-fermee"
"""What stands before the @ of an address that no longer exists."""
CUT = "ligne-coupee"
"""What stands before the @ of an address whose server falls silent in the middle of a letter."""


class Paper(BaseEmailBackend):
    """An `EMAIL_BACKEND` that writes letters as the outbox does, already held; `settle` decides on them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        written = []
        for message in email_messages:
            if not message.recipients():
                continue
            try:
                letter = letters.compose(message)
            except (BadHeaderError, letters.InvalidAddress):
                if not self.fail_silently:
                    raise
                continue
            now = timezone.now()
            letter.state, letter.claimed_by, letter.claimed_at = State.CLAIMED, HOLDER, now
            letter.lease_until = now + timedelta(hours=1)
            written.append(letter)
        Letter.objects.bulk_create(written, batch_size=200)
        return len(written)


class Counter(Conversation):
    """A conversation with nobody: everything is taken, but for the two addresses that are made to fail."""

    def send(self, sender: str, recipients: list[str], source: bytes) -> Outcome:
        name = recipients[0].partition("@")[0]
        if name.startswith(GONE):
            return Outcome(refused=dict.fromkeys(recipients, Refusal(550, "5.1.1 No such mailbox")))
        if name.startswith(CUT):
            return Outcome(unknown=True, trouble="Connection unexpectedly closed")
        return Outcome(reached=list(recipients))


@contextmanager
def paper() -> Iterator[None]:
    """Write letters on paper for the length of a block."""
    usual, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.{Paper.__name__}"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = usual


def settle() -> int:
    """Decide on every letter that is held here, by the outbox's own rules; return how many."""
    held = list(Letter.objects.filter(state=State.CLAIMED, claimed_by=HOLDER).order_by("pk"))
    counter = Counter()
    for letter in held:
        actions.deliver(letter, counter)
    return len(held)
