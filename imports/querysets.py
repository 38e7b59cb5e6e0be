"""Questions about imports and their rows."""

from django.db import models
from django.db.models import Count, Q

from imports.choices import AT_WORK, State
from tabular import targets
from tabular.targets import Outcome


class ImportQuerySet(models.QuerySet):
    """Questions about imports, chained."""

    def visible_to(self, user):
        """Imports of the kinds that this user may write: previews show what the file holds."""
        keys = [target.key for target in targets.every() if user.has_perms(target.permissions)]
        return self.filter(target__in=keys)

    def free(self, now):
        """Those at work that no worker holds: never taken, or the worker that held them fell silent."""
        return self.filter(state__in=AT_WORK).filter(Q(leased_until=None) | Q(leased_until__lt=now))

    def of_source(self, target: str, source_key: str):
        """Imports of one kind from one source whose columns a person confirmed, newest first."""
        confirmed = self.filter(target=target, source_key=source_key).exclude(mapping={})
        return confirmed.exclude(state=State.COLUMNS).order_by("-pk")

    def older_than(self, moment):
        """Imports whose file or rows are still kept, and older than this."""
        return self.filter(erased_at=None, created_at__lt=moment).exclude(state__in=AT_WORK)


class RowQuerySet(models.QuerySet):
    """Questions about rows, chained."""

    def to_write(self):
        """Rows that a confirmation writes: those to create or change, and duplicates somebody decided on."""
        return self.filter(written=False, outcome__in=[Outcome.CREATE, Outcome.CHANGE])

    def count_by_outcome(self) -> dict[str, int]:
        """Return every outcome with its number of rows; one query."""
        found = dict(self.order_by().values_list("outcome").annotate(n=Count("pk")))
        return {outcome: found.get(outcome, 0) for outcome in Outcome.values}
