"""Which worker holds an import: a lease that each batch prolongs, and that another may take up when it ends."""

import uuid
from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from imports.choices import AT_WORK, State
from imports.models import Import

LEASE = timedelta(minutes=3)
"""How long a worker may be silent before another takes its work up: longer than any batch."""
ATTEMPTS = 3


class LeaseLost(Exception):
    """Another worker has taken this import up, or somebody gave it up."""


def claim(run: Import) -> Import | None:
    """Take an import for this worker; None when another holds it, or when it was interrupted too often."""
    now, lease = timezone.now(), uuid.uuid4()
    taken = Import.objects.free(now).filter(pk=run.pk)
    if not taken.update(lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    held = Import.objects.select_related("by").get(pk=run.pk)
    if held.attempts > ATTEMPTS:
        fail(held, _("Le travail s’est interrompu %s fois de suite.") % ATTEMPTS)
        return None
    return held


def keep(held: Import, **fields) -> None:
    """Write how far the work is and prolong the lease. Raises LeaseLost when it is no longer ours."""
    mine = Import.objects.filter(pk=held.pk, lease=held.lease, state=held.state)
    if not mine.update(leased_until=timezone.now() + LEASE, **fields):
        raise LeaseLost
    for name, value in fields.items():
        setattr(held, name, value)


def fail(held: Import, error: str) -> None:
    """Write on an import that is still ours why its work ended."""
    mine = Import.objects.filter(pk=held.pk, lease=held.lease, state__in=AT_WORK)
    mine.update(state=State.FAILED, error=error, lease=None, leased_until=None)
