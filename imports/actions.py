"""Verbs: a file is taken in, its columns confirmed, previewed, confirmed, written in batches, erased."""

import logging
import uuid
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import journal
from documents.files import harmless_name
from documents.storage import StorageFull
from imports.choices import AT_WORK, LEAVE, NEXT, State
from imports.models import Import, Known, Row
from tabular import columns, reading, targets
from tabular.targets import LINE, Outcome, Plan, Session, Target

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
"""How long a worker may be silent before another takes its work up: longer than any batch."""
ATTEMPTS = 3
BATCH = 200
MOST_RECORDS = 20_000
"""Records of one file: lines, times the years of a table with a column a year."""


class LeaseLost(Exception):
    """Another worker has taken this import up, or somebody gave it up."""


# Before the preview ---------------------------------------------------------------------------------------


def receive(*, target: str, source: str, upload, by) -> Import:
    """Keep an uploaded file privately and propose its columns; nothing is read into anything yet.

    What a person confirmed for this source before comes first. Raises ValidationError for a file that cannot be
    read, StorageFull when the disk is full.
    """
    kind = targets.get(target)
    upload.seek(0)
    content = upload.read(reading.MOST_BYTES + 1)
    name = harmless_name(upload.name or "fichier")
    try:
        table = reading.open_table(content, name)
        if table.kind != "XLSX":  # opening a whole workbook takes seconds: a worker counts its lines
            table.count()
    except reading.FileRefused as error:
        raise ValidationError(str(error), code="unreadable") from None
    run = Import(target=target, source=" ".join(source.split()), name=name, by=by, warnings=table.warnings)
    run.form = {"encoding": "", "delimiter": "", "header": 0}
    run.file.save(name, ContentFile(content), save=False)
    try:
        with transaction.atomic():
            run.save()
            run.mapping, run.options = _proposed(run, kind, table)
            run.save(update_fields=["mapping", "options"])
            journal.record("import.received", run, by=by, target=target)
    except BaseException:
        run.file.delete(save=False)
        raise
    return run


def _proposed(run: Import, kind: Target, table: reading.Table) -> tuple[dict, dict]:
    proposal = columns.propose(kind, table.columns, table.sample())
    apart = {one.name for one in kind.fields if one.apart}
    for column in [column for column, name in proposal.items() if name in apart and table.repeats(column)]:
        del proposal[column]
    earlier = Import.objects.of_source(run.target, run.source_key).first()
    if earlier is None:
        return proposal, {}
    kept = columns.remembered(earlier.mapping, kind, table.columns)
    seen = earlier.form.get("columns", [])
    new = {
        column: name for column, name in proposal.items() if column not in seen and name not in kept.values()
    }
    return {column: name for column, name in ({**new, **kept}).items() if name}, earlier.options


def table_of(run: Import) -> reading.Table:
    """Read the kept file again. Raises FileRefused when it was erased, or is not written as was said."""
    if not run.file:
        raise reading.FileRefused(_("Le fichier est effacé : déposez-le à nouveau."))
    form = reading.Form(**{name: run.form.get(name) or default for name, default in _FORM.items()})
    with run.file.open("rb") as file:
        return reading.open_table(file.read(), run.name, form)


_FORM: dict[str, Any] = {"encoding": "", "delimiter": "", "header": 0}


def reread(run: Import, *, form: Mapping[str, Any], by) -> Import:
    """Read the file with another encoding, delimiter or title line; the columns are proposed anew.

    Raises ValidationError when it cannot be read so; it stays then as it was.
    """
    before = run.form
    run.form = {name: form.get(name) or default for name, default in _FORM.items()}
    try:
        table = table_of(run)
    except reading.FileRefused as error:
        run.form = before
        raise ValidationError(str(error), code="unreadable") from None
    run.mapping, _options = _proposed(run, run.kind, table)
    run.warnings = table.warnings
    run.save(update_fields=["form", "mapping", "warnings"])
    return run


@transaction.atomic
def check(run: Import, *, mapping: Mapping[str, str], options: Mapping[str, Any], by) -> Import:
    """Confirm the columns and the answers for the whole file; a worker then prepares the preview.

    Raises ValidationError when a required field has no column, or a field has two that it cannot gather.
    """
    locked = Import.objects.select_for_update().get(pk=run.pk)
    table = table_of(locked)
    chosen = {column: name for column, name in mapping.items() if name and column in table.columns}
    _refuse_incomplete(locked.kind, chosen)
    locked.rows.all().delete()
    locked.mapping, locked.options = chosen, dict(options)
    locked.form = {**_FORM, **locked.form, "columns": table.columns}
    _move(locked, State.CHECKING)
    locked.done, locked.total, locked.attempts, locked.error = 0, 0, 0, ""
    locked.lease, locked.leased_until = None, None
    locked.save()
    return locked


def _refuse_incomplete(kind: Target, chosen: dict[str, str]) -> None:
    names = list(chosen.values())
    faults = [
        _("Aucune colonne ne donne « %s ».") % one.label
        for one in kind.fields
        if one.required and one.name not in names
    ]
    faults += [
        _("Plusieurs colonnes donnent « %s » : n’en gardez qu’une.") % one.label
        for one in kind.fields
        if not one.gathers and names.count(one.name) > 1
    ]
    if faults:
        raise ValidationError(faults)


def _move(run: Import, state: State) -> None:
    if state not in NEXT[run.state]:
        raise ValidationError(
            _("Cet import est « %(now)s » : il ne peut pas devenir « %(then)s ».")
            % {"now": run.get_state_display(), "then": state.label},
            code="illegal_move",
        )
    run.state = state


# What a worker does ---------------------------------------------------------------------------------------


def work(run: Import) -> Import:
    """Go on from wherever the import stands: preview, or write; what fails is written on it, in French.

    Nothing happens when another worker holds it. Each batch is one transaction with the rows it marks: killed
    half-way, the next worker goes on after the last whole batch.
    """
    held = _claim(run)
    if held is None:
        run.refresh_from_db()
        return run
    try:
        (_preview if held.state == State.CHECKING else _write)(held)
    except LeaseLost:
        logger.warning("import %s: taken up elsewhere", held.public_id)
    except reading.FileRefused as error:
        _fail(held, str(error))
    except ValidationError as error:
        _fail(held, " ".join(error.messages))
    except StorageFull as error:
        _fail(held, str(error.args[-1]))
    except Exception:
        logger.exception("import %s failed", held.public_id)
        _fail(
            held,
            _(
                "Une erreur imprévue s’est produite ; l’équipe technique peut la lire dans le journal technique."
            ),
        )
    held.refresh_from_db()
    return held


def _claim(run: Import) -> Import | None:
    now, lease = timezone.now(), uuid.uuid4()
    taken = Import.objects.free(now).filter(pk=run.pk)
    if not taken.update(lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    held = Import.objects.select_related("by").get(pk=run.pk)
    if held.attempts > ATTEMPTS:
        _fail(held, _("Le travail s’est interrompu %s fois de suite.") % ATTEMPTS)
        return None
    return held


def _keep(held: Import, **fields) -> None:
    """Write how far the work is and prolong the lease. Raises LeaseLost when it is no longer ours."""
    mine = Import.objects.filter(pk=held.pk, lease=held.lease, state=held.state)
    if not mine.update(leased_until=timezone.now() + LEASE, **fields):
        raise LeaseLost
    for name, value in fields.items():
        setattr(held, name, value)


def _fail(held: Import, error: str) -> None:
    mine = Import.objects.filter(pk=held.pk, lease=held.lease, state__in=AT_WORK)
    mine.update(state=State.FAILED, error=error, lease=None, leased_until=None)


def _batches(found: Iterator, size: int = BATCH) -> Iterator[list]:
    while batch := list(islice(found, size)):
        yield batch


def _session(run: Import) -> Session:
    kind = run.kind
    form = kind.form(run.options)
    if not form.is_valid():
        raise ValidationError(_("Les choix pour tout le fichier sont incomplets : revenez aux colonnes."))
    return kind.open(form.cleaned_data)


def mark(run: Import, identity: tuple[str, ...]) -> str:
    """Return the digest under which a record of this import's source is known."""
    text = "\x1f".join([run.target, run.source_key, *identity])
    return salted_hmac("imports.known", text, algorithm="sha256").hexdigest()


def _preview(held: Import) -> None:
    """Plan every record, in batches; rows of an interrupted preview are made again."""
    table = table_of(held)
    total = table.count()
    held.rows.all().delete()
    session = _session(held)
    _keep(held, total=total, done=0, warnings=table.warnings)
    done = records = 0
    for batch in _batches(table.lines()):
        read = [entry for line in batch for entry in _read(held, table, session, line)]
        records += len(read)
        if records > MOST_RECORDS:
            raise reading.FileRefused(
                _("Ce fichier donne plus de %s valeurs. Coupez-le en plusieurs fichiers.") % MOST_RECORDS
            )
        known = _known(held, [row for row in read if row.outcome != Outcome.REFUSED], session)
        for row in read:
            if row.outcome != Outcome.REFUSED:
                _apply(row, session.plan(row.values, line=row.line, known=known.get(id(row), "")))
        done += len(batch)
        with transaction.atomic():
            _keep(held, done=done)
            Row.objects.bulk_create(read)
    _keep(
        held,
        state=State.READY,
        counts=held.rows.count_by_outcome(),
        lease=None,
        attempts=0,
        finished_at=timezone.now(),
    )


def _read(held: Import, table: reading.Table, session: Session, line: reading.Line) -> Iterator[Row]:
    """Read one line into rows, refused or still to be planned."""
    if line.fault:
        yield Row(run=held, line=line.number, outcome=Outcome.REFUSED, reasons=[line.fault])
        return
    lenient = held.options.get("lenient") == "on"
    for part, record in targets.records(held.kind, table.columns, held.mapping, line.cells):
        values, faults, remarks = targets.read(held.kind, record, lenient=lenient)
        if not faults:
            try:
                remarks += session.check(values)
            except ValidationError as error:
                faults = error.messages
        label = _said_first(held.kind, record)[:300]
        yield Row(
            run=held,
            line=line.number,
            part=part,
            outcome=Outcome.REFUSED if faults else Outcome.SAME,
            label=label,
            values={} if faults else values,
            reasons=faults or remarks,
        )


def _said_first(kind: Target, record: Mapping[str, str]) -> str:
    """Return what a person knows a record by: what must be there (a name), else its first cell."""
    told = [record[one.name] for one in kind.fields if one.required and one.name in record]
    return next(iter([*told, *record.values()]), "")


def _known(held: Import, rows: list[Row], session: Session) -> dict[int, str]:
    """Return what rows became before, by the row's identity in memory; their objects are loaded at once."""
    marks = {id(row): mark(held, session.identity(row.values)) for row in rows}
    there = dict(
        Known.objects.filter(
            target=held.target, source_key=held.source_key, mark__in=set(marks.values())
        ).values_list("mark", "object_id")
    )
    found = {key: there[digest] for key, digest in marks.items() if digest in there}
    session.warm({*found.values(), *(row.object_id for row in rows if row.object_id)})
    return found


def _apply(row: Row, plan: Plan) -> None:
    row.outcome, row.label, row.object_id = plan.outcome, plan.label[:300], plan.pk
    row.changes = plan.changes
    row.reasons = [*row.reasons, *(reason for reason in plan.reasons if reason not in row.reasons)]
    row.candidates = [[one.pk, one.label, one.why] for one in plan.candidates] or row.candidates


@transaction.atomic
def decide(run: Import, row: Row, *, choice: str, by) -> Row:
    """Decide on a possible duplicate: leave it, add it all the same, or take it for one of those proposed.

    Raises ValidationError for anything else, and when the preview is over.
    """
    locked = Import.objects.select_for_update().get(pk=run.pk)
    if locked.state != State.READY:
        raise ValidationError(_("L’aperçu n’est plus ouvert : plus rien ne s’y décide."), code="over")
    offered = {LEAVE, *(name for name, _label in locked.kind.choices)}
    offered |= {pk for pk, *_told in row.candidates if not pk.startswith(LINE)}
    if not row.candidates or choice not in offered:
        raise ValidationError(_("Ce choix n’existe pas pour cette ligne."), code="unknown_choice")
    session = _session(locked)
    higher = [int(pk.removeprefix(LINE)) for pk, *_told in row.candidates if pk.startswith(LINE)]
    for other in locked.rows.filter(line__in=higher, outcome=Outcome.CREATE):
        session.plan(other.values, line=other.line)  # what it looks like will be there by then
    row.choice = "" if choice == LEAVE else choice
    _apply(row, session.plan(row.values, line=row.line, choice=row.choice))
    row.save()
    locked.counts = locked.rows.count_by_outcome()
    locked.save(update_fields=["counts"])
    return row


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
    _move(locked, State.WRITING)
    locked.confirmed_at = locked.confirmed_at or timezone.now()
    locked.by = by
    locked.total = locked.rows.to_write().count()
    locked.done = locked.attempts = 0
    locked.error, locked.lease, locked.leased_until = "", None, None
    locked.save()
    journal.record("import.confirmed", locked, by=by, target=locked.target, **locked.counts)
    return locked


def _write(held: Import) -> None:
    """Write what the preview showed, and only that: a row whose object changed since is set aside."""
    session = _session(held)
    there = held.rows.filter(Q(outcome=Outcome.SAME) | Q(written=True)).exclude(object_id="")
    there = there.exclude(object_id__startswith=LINE)  # like a line that is not written yet
    for row in there.only("line", "values", "object_id").iterator(chunk_size=BATCH):
        session.remember(row.values, line=row.line, pk=row.object_id)
    done = held.done
    while rows := list(held.rows.to_write()[:BATCH]):
        known = _known(held, rows, session)
        with transaction.atomic():
            _keep(held, done=done + len(rows))
            for row in rows:
                _write_row(held, session, row, known.get(id(row), ""))
            Row.objects.bulk_update(rows, ["outcome", "reasons", "object_id", "written"], batch_size=BATCH)
        done += len(rows)
    with transaction.atomic():
        created = held.rows.filter(outcome=Outcome.CREATE, written=True).count()
        changed = held.rows.filter(outcome=Outcome.CHANGE, written=True).count()
        counts = held.rows.count_by_outcome() | {"create": created, "change": changed}
        _keep(held, state=State.DONE, counts=counts, lease=None, finished_at=timezone.now())
        journal.record("import.written", held, by=held.by, target=held.target, **counts)


def _write_row(held: Import, session: Session, row: Row, known: str) -> None:
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


# After ----------------------------------------------------------------------------------------------------


@transaction.atomic
def drop(run: Import, *, by) -> Import:
    """Give an import up before it writes: its file and its rows are erased."""
    locked = Import.objects.select_for_update().get(pk=run.pk)
    if locked.state == State.DROPPED:
        return locked
    _move(locked, State.DROPPED)
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
