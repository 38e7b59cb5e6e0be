"""What is kept for a time, then erased."""

from datetime import timedelta

from django.utils import timezone

from trainings.models import Registration, RegistrationAnswer

ACCESS_NEEDS_KEPT = timedelta(days=30)
"""How long after the session's end we keep what a person needs to come; the form promises it."""


def erase_access_needs() -> int:
    """Erase what people needed to come, once their session is over for ACCESS_NEEDS_KEPT. Returns how many."""
    old = Registration.objects.with_access_needs_to_erase(timezone.now() - ACCESS_NEEDS_KEPT)
    return old.update(access_needs="")


def erase_answers() -> int:
    """Erase, as long after the session, the answers to questions whose form promised it. Returns how many."""
    old = RegistrationAnswer.objects.to_erase(timezone.now() - ACCESS_NEEDS_KEPT)
    return old.delete()[0]
