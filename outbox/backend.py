"""Django's mail API writes here: each message becomes a row in the caller's transaction, and leaves later."""

from collections.abc import Sequence

from django.core.mail import BadHeaderError, EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from outbox import letters, nudge
from outbox.models import Letter


class OutboxBackend(BaseEmailBackend):
    """`EMAIL_BACKEND`: what commits with the caller's work is sent, what rolls back never was."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write one letter a message, and return how many; a message without recipient is none.

        `fail_silently` hides what is wrong with a message, never a database that could not write it.
        """
        written = []
        for message in email_messages:
            if not message.recipients():
                continue
            try:
                written.append(letters.compose(message))
            except (BadHeaderError, letters.InvalidAddress):
                if not self.fail_silently:
                    raise
        Letter.objects.bulk_create(written, batch_size=200)
        for lane in sorted({letter.lane for letter in written}):
            nudge.after_commit(lane)
        return len(written)
