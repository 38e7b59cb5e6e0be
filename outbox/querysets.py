"""Questions about letters."""

from datetime import datetime

from django.db import models
from django.db.models import Count, Q

from outbox.choices import HELD, OVER, Lane, State


class LetterQuerySet(models.QuerySet):
    """Questions about letters, chained."""

    def in_lane(self, lane: str):
        """Letters of one lane."""
        return self.filter(lane=lane)

    def due(self, at: datetime):
        """Letters that wait and may leave at that instant, in the order in which they leave."""
        return self.filter(state=State.QUEUED, next_try_at__lte=at).order_by("next_try_at", "pk")

    def abandoned(self, at: datetime):
        """Letters whose worker fell silent: the lease is over."""
        return self.filter(state__in=HELD, lease_until__lt=at)

    def claimed_since(self, at: datetime):
        """Bulk letters that a worker took after that instant: what the rate limits count."""
        return self.filter(lane=Lane.BULK, claimed_at__gt=at)

    def about(self, reference: str):
        """Letters written about one thing (the sender's `X-About`)."""
        return self.filter(about=reference)

    def to_address(self, address: str):
        """Letters that have this address, in any case, among their recipients."""
        # One address a line: the line breaks around it keep "a@x.be" from matching "aa@x.be".
        line = address.strip()
        return self.filter(
            Q(recipients__iexact=line)
            | Q(recipients__istartswith=f"{line}\n")
            | Q(recipients__iendswith=f"\n{line}")
            | Q(recipients__icontains=f"\n{line}\n")
        )

    def needing_a_person(self):
        """Letters that staff should look at: uncertain ones, and failed ones."""
        return self.filter(state__in=[State.UNCERTAIN, State.FAILED])

    def with_old_bodies(self, before: datetime):
        """Letters that are over since before that instant and whose body is still kept."""
        return self.filter(state__in=[*OVER, State.UNCERTAIN], changed_at__lt=before, emptied_at__isnull=True)

    def count_by_state(self) -> list[tuple[str, int]]:
        """(state, number of letters) for every state, zeros included, in the order of `State`."""
        counted = dict(self.order_by().values_list("state").annotate(Count("pk")))
        return [(state, counted.get(state, 0)) for state in State.values]
