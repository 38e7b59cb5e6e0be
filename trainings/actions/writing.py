"""One letter to one person, once: the letter and the note that it is written are one transaction."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from trainings import emails
from trainings.models import Registration, TrainingSession

logger = logging.getLogger(__name__)

Write = Callable[[Registration], EmailMultiAlternatives | None]


def write_once(
    registration: Registration, write: Write, *, unless_changed: tuple[str, ...], note: dict[str, Any]
) -> bool:
    """Write one person's letter; False when another caller did, or when things have changed meanwhile.

    `write` makes the letter from the registration as it was read; None is noted too, nothing is sent. `note`
    is what the row keeps once it is written. The claim holds only while the state, the fields named in
    `unless_changed`, and the session as it was read are still those of the row: one caller of several wins.
    """
    try:
        letter = write(registration)
        with transaction.atomic():
            if not _claim(registration, unless_changed, note):
                return False
            emails.send([letter])
    except Exception:  # one letter that cannot be written holds no other; it stays owed
        logger.exception("No letter could be written for registration %s", registration.public_id)
        return False
    return True


def _claim(registration: Registration, unless_changed: tuple[str, ...], note: dict[str, Any]) -> bool:
    session = registration.session
    # On the row's own columns: whoever waited for another caller's update looks at these anew, and at no join.
    as_read = Registration.objects.filter(
        pk=registration.pk,
        state=registration.state,
        **{name: getattr(registration, name) for name in unless_changed},
        session__in=TrainingSession.objects.filter(
            pk=session.pk, state=session.state, ics_sequence=session.ics_sequence
        ),
    )
    return as_read.update(**note) == 1
