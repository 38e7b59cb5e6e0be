"""What an import keeps is erased: given up, too old, or naming somebody who asks for it."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts import journal
from imports.actions.states import move
from imports.choices import AT_WORK, State
from imports.models import Import, Known, Row

logger = logging.getLogger(__name__)


@transaction.atomic
def drop(run: Import, *, by) -> Import:
    """Give an import up before it writes: its file and its rows are erased."""
    locked = Import.objects.select_for_update().get(pk=run.pk)
    if locked.state == State.DROPPED:
        return locked
    move(locked, State.DROPPED)
    _erase(locked)
    locked.save()
    journal.record("import.dropped", locked, by=by, target=locked.target)
    return locked


def _erase(run: Import) -> None:
    """Erase what the file held: the file itself once the transaction holds, and the rows."""
    storage, name = run.file.storage, run.file.name
    run.rows.all().delete()
    run.file, run.erased_at = "", timezone.now()
    run.lease = run.leased_until = None
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def erase_old(*, days: int | None = None) -> int:
    """Erase files and rows that are older than what we keep; return how many imports they were of."""
    moment = timezone.now() - timedelta(days=settings.IMPORT_KEEP_DAYS if days is None else days)
    erased = 0
    for pk in Import.objects.older_than(moment).values_list("pk", flat=True):
        try:
            with transaction.atomic():
                locked = Import.objects.select_for_update().older_than(moment).get(pk=pk)
                _erase(locked)
                if locked.state != State.DONE:
                    locked.state = State.DROPPED
                locked.save()
        except (Import.DoesNotExist, DatabaseError):
            logger.warning("import %s not erased, next time", pk)
        else:
            erased += 1
    return erased


@transaction.atomic
def erase_naming(*, emails: Collection[str], names: Collection[str], before: datetime) -> tuple[int, int]:
    """Erase the files and rows of imports that name a person; return how many, and how many were at work."""
    said = Q(label__in=[*names, *emails])
    for email in emails:
        said |= Q(told__icontains=email)
    rows = Row.objects.annotate(
        told=Concat(
            *(Cast(name, TextField()) for name in ("label", "values", "changes", "reasons", "candidates"))
        )
    )
    found = Import.objects.filter(
        pk__in=rows.filter(said).values("run"), created_at__lte=before, erased_at=None
    )
    erased = at_work = 0
    for run in found.select_for_update().order_by("pk"):
        if run.state in AT_WORK:
            at_work += 1
            continue
        _erase(run)
        if run.state != State.DONE:
            run.state = State.DROPPED
        run.save()
        erased += 1
    return erased, at_work


def forget(*, target: str, object_id: str) -> int:
    """Forget by which records an object was known: for who erases it. Return how many they were."""
    return Known.objects.filter(target=target, object_id=object_id).delete()[0]
