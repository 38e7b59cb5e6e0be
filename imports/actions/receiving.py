"""A file is taken in: kept, read, its columns proposed and confirmed."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import journal
from documents.files import harmless_name
from imports.actions.states import move
from imports.choices import State
from imports.models import Import
from tabular import columns, reading, targets
from tabular.targets import Target

_FORM: dict[str, Any] = {"encoding": "", "delimiter": "", "header": 0}


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
    move(locked, State.CHECKING)
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
