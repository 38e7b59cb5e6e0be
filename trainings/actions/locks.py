"""Rows read under their lock, with their session."""

from collections.abc import Sequence

from trainings.models import Registration, TrainingSession


def locked(session: TrainingSession, *, only: Sequence[str] = ()) -> TrainingSession:
    """Lock the session's row: whoever counts its seats afterwards counts alone."""
    sessions = TrainingSession.objects.select_related("training").only(*only)
    return sessions.select_for_update(of=("self",)).get(pk=session.pk)


def held(registration: Registration) -> Registration:
    """Lock one person's row, and nobody else's."""
    return Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)


def fresh(registration: Registration, session: TrainingSession) -> Registration:
    """Read a person of a locked session anew."""
    registration = Registration.objects.get(pk=registration.pk)
    registration.session = session
    return registration


def live(session: TrainingSession) -> list[Registration]:
    """Return the people of a session who count on coming, in their order of arrival."""
    registrations = list(session.registrations.live().order_by("position"))
    for registration in registrations:
        registration.session = session
    return registrations
