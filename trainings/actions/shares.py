"""The share that each organisation, or each municipality, has of a session's seats until it opens to everybody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from trainings import names
from trainings.choices import ShareOf
from trainings.models import Registration, TrainingSession

OUTSIDE = "outside"
"""Whose share is used by those who say that they come from outside the territory: one for all of them."""


def room_for(session: TrainingSession, people: Iterable[Registration]) -> bool:
    """Whether these people, together, stay within the shares of a session; asked under the session's lock.

    A share counts people who have a seat, or the offer of one: by organisation (the actor, or the name they wrote
    as it is compared), or by municipality. Somebody without organisation comes alone and uses no organisation's
    share. Somebody from outside the territory uses the share of all who come from outside; where staff entered
    the person and left the municipality out, nobody knows, and no share is used. Without a share, and from the
    day on which it opens, there is room for everybody; free seats are counted elsewhere. One query, none without
    a share.
    """
    return Left.of(session).room_for(people)


@dataclass
class Left:
    """What is used of each share; made for one locked session, it follows those who are given a seat."""

    share: int | None
    of_whom: str = ""
    used: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, session: TrainingSession) -> "Left":
        """Count the shares of a locked session, as they are at this moment."""
        opens = session.share_opens_at
        if session.share is None or (opens and timezone.now() >= opens):
            return cls(None)
        left = cls(session.share, session.share_of)
        left.take(session.registrations.taken())
        return left

    def room_for(self, people: Iterable[Registration]) -> bool:
        """Whether these people, together, stay within the shares."""
        if self.share is None:
            return True
        wanted = self._counted(people)
        return all(self.used[one] + count <= self.share for one, count in wanted.items())

    def take(self, people: Iterable[Registration]) -> None:
        """Note that these people have a seat, or the offer of one."""
        if self.share is not None:
            self.used += self._counted(people)

    def _counted(self, people: Iterable[Registration]) -> Counter[str]:
        return Counter(filter(None, (_whose(one, self.of_whom) for one in people)))


def refusal(session: TrainingSession) -> str:
    """Return what is said to who is beyond a share where nobody can wait."""
    return _(
        "{share} Les vôtres sont prises, et la séance n’a pas de liste d’attente. Rien n’est enregistré."
    ).format(share=session.share_told)


def _whose(person: Registration, of_whom: str) -> str:
    """Return the key of the share that a person uses; "" for none."""
    if of_whom == ShareOf.ORGANISATION:
        return f"actor {person.actor_id}" if person.actor_id else names.folded(person.organisation_text)
    if person.municipality_id:
        return str(person.municipality_id)
    return "" if person.entered_by else OUTSIDE
