"""The preview: what each record would do, planned in batches and decided on; nothing is written."""

from collections.abc import Iterator, Mapping
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from imports.actions.leases import keep
from imports.actions.receiving import table_of
from imports.choices import LEAVE, State
from imports.models import Import, Known, Row
from tabular import reading, targets
from tabular.targets import LINE, Outcome, Plan, Session, Target

BATCH = 200


MOST_RECORDS = 20_000
"""Records of one file: lines, times the years of a table with a column a year."""


def batches(found: Iterator, size: int = BATCH) -> Iterator[list]:
    """Return what is found, so many at a time."""
    while batch := list(islice(found, size)):
        yield batch


def session_of(run: Import) -> Session:
    """Return what reads and writes the target of an import. Raises ValidationError for incomplete choices."""
    kind = run.kind
    form = kind.form(run.options)
    if not form.is_valid():
        raise ValidationError(_("Les choix pour tout le fichier sont incomplets : revenez aux colonnes."))
    return kind.open(form.cleaned_data)


def mark(run: Import, identity: tuple[str, ...]) -> str:
    """Return the digest under which a record of this import's source is known."""
    text = "\x1f".join([run.target, run.source_key, *identity])
    return salted_hmac("imports.known", text, algorithm="sha256").hexdigest()


def preview(held: Import) -> None:
    """Plan every record, in batches; rows of an interrupted preview are made again."""
    table = table_of(held)
    total = table.count()
    held.rows.all().delete()
    session = session_of(held)
    keep(held, total=total, done=0, warnings=table.warnings)
    done = records = 0
    for batch in batches(table.lines()):
        read = [entry for line in batch for entry in _read(held, table, session, line)]
        records += len(read)
        if records > MOST_RECORDS:
            raise reading.FileRefused(
                _("Ce fichier donne plus de %s valeurs. Coupez-le en plusieurs fichiers.") % MOST_RECORDS
            )
        known = known_of(held, [row for row in read if row.outcome != Outcome.REFUSED], session)
        for row in read:
            if row.outcome != Outcome.REFUSED:
                show(row, session.plan(row.values, line=row.line, known=known.get(id(row), "")))
        done += len(batch)
        with transaction.atomic():
            keep(held, done=done)
            Row.objects.bulk_create(read)
    keep(
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


def known_of(held: Import, rows: list[Row], session: Session) -> dict[int, str]:
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


def show(row: Row, plan: Plan) -> None:
    """Write on a row what is planned for it."""
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
    session = session_of(locked)
    higher = [int(pk.removeprefix(LINE)) for pk, *_told in row.candidates if pk.startswith(LINE)]
    for other in locked.rows.filter(line__in=higher, outcome=Outcome.CREATE):
        session.plan(other.values, line=other.line)  # what it looks like will be there by then
    row.choice = "" if choice == LEAVE else choice
    show(row, session.plan(row.values, line=row.line, choice=row.choice))
    row.save()
    locked.counts = locked.rows.count_by_outcome()
    locked.save(update_fields=["counts"])
    return row
