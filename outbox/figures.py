"""Counts for the desk, as plain values."""

from outbox.choices import State
from outbox.models import Letter


def count_by_state() -> list[tuple[str, int]]:
    """(state in French, number of letters) for every state."""
    return [(str(State(state).label), count) for state, count in Letter.objects.count_by_state()]


def count_needing_a_person() -> int:
    """Letters that are uncertain or failed."""
    return Letter.objects.needing_a_person().count()
