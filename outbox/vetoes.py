"""Vetoes: rooms above say why a letter that waits must not leave after all (opt-out, already answered)."""

from collections.abc import Callable

from outbox.models import Letter

Veto = Callable[[Letter], str | None]
_vetoes: list[Veto] = []


def register(veto: Veto) -> Veto:
    """Add a veto (from an `AppConfig.ready`; also a decorator); adding it twice changes nothing.

    It gets a letter in the transaction that decides to send it, and returns None, or in French why it must
    not leave. It may lock the rows that it reads.
    """
    if veto not in _vetoes:
        _vetoes.append(veto)
    return veto


def unregister(veto: Veto) -> None:
    """Take a veto away."""
    _vetoes.remove(veto)


def ask(letter: Letter) -> str | None:
    """Return the first reason not to send this letter, or None."""
    for veto in _vetoes:
        if reason := veto(letter):
            return str(reason)
    return None
