"""What the preview showed is confirmed, and written in batches."""

import logging

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from imports.actions.leases import keep
from imports.actions.previewing import BATCH, known_of, mark, session_of
from imports.actions.states import move
from imports.choices import State
from imports.models import Import, Known, Row
from tabular.targets import LINE, Outcome, Session

logger = logging.getLogger(__name__)


@transaction.atomic
def confirm(run: Import, *, by) -> Import:
    """Confirm the preview: a worker then writes it. Asked twice, or after an interruption, it goes on.

    Raises ValidationError when there is no preview to confirm.
    """
    locked = Import.objects.select_for_update().get(pk=run.pk)
    if locked.state in (State.WRITING, State.DONE):
        return locked
    if locked.state == State.FAILED and not locked.confirmed_at:
        raise ValidationError(_("L’aperçu n’est pas complet : refaites-le d’abord."), code="no_preview")
    move(locked, State.WRITING)
    locked.confirmed_at = locked.confirmed_at or timezone.now()
    locked.by = by
    locked.total = locked.rows.to_write().count()
    locked.done = locked.attempts = 0
    locked.error, locked.lease, locked.leased_until = "", None, None
    locked.save()
    journal.record("import.confirmed", locked, by=by, target=locked.target, **locked.counts)
    return locked


def write(held: Import) -> None:
    """Write what the preview showed, and only that: a row whose object changed since is set aside."""
    session = session_of(held)
    there = held.rows.filter(Q(outcome=Outcome.SAME) | Q(written=True)).exclude(object_id="")
    there = there.exclude(object_id__startswith=LINE)  # like a line that is not written yet
    for row in there.only("line", "values", "object_id").iterator(chunk_size=BATCH):
        session.remember(row.values, line=row.line, pk=row.object_id)
    done = held.done
    while rows := list(held.rows.to_write()[:BATCH]):
        known = known_of(held, rows, session)
        with transaction.atomic():
            keep(held, done=done + len(rows))
            for row in rows:
                write_row(held, session, row, known.get(id(row), ""))
            Row.objects.bulk_update(rows, ["outcome", "reasons", "object_id", "written"], batch_size=BATCH)
        done += len(rows)
    with transaction.atomic():
        created = held.rows.filter(outcome=Outcome.CREATE, written=True).count()
        changed = held.rows.filter(outcome=Outcome.CHANGE, written=True).count()
        counts = held.rows.count_by_outcome() | {"create": created, "change": changed}
        keep(held, state=State.DONE, counts=counts, lease=None, finished_at=timezone.now())
        journal.record("import.written", held, by=held.by, target=held.target, **counts)


def write_row(held: Import, session: Session, row: Row, known: str) -> None:
    """Write one row, in a transaction of its own, if it would still do what the preview showed."""
    plan = session.plan(row.values, line=row.line, known="" if row.choice else known, choice=row.choice)
    same = plan.outcome == row.outcome and plan.changes == row.changes
    if plan.pk and row.object_id and not row.object_id.startswith(LINE):
        same = same and plan.pk == row.object_id
    if not same:
        row.outcome = Outcome.REFUSED
        row.reasons = [*row.reasons, _("a changé depuis l’aperçu : laissée telle quelle, refaites un aperçu")]
        return
    try:
        with transaction.atomic():
            row.object_id = session.write(row.values, plan, line=row.line, by=held.by)
    except (ValidationError, IntegrityError) as error:
        logger.warning("import %s, line %s: %s", held.public_id, row.line, type(error).__name__)
        told = error.messages if isinstance(error, ValidationError) else [_("contredit une fiche existante")]
        row.outcome, row.reasons = Outcome.REFUSED, [*row.reasons, *told]
        return
    row.written = True
    Known.objects.get_or_create(
        target=held.target,
        source_key=held.source_key,
        mark=mark(held, session.identity(row.values)),
        defaults={"object_id": row.object_id},
    )
