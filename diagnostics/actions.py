"""What is done to a diagnostic: asked for, collected, frozen, laid out; failed, taken up again, published."""

import hashlib
import logging
import uuid
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from diagnostics import figures, report, snapshots, words
from diagnostics.choices import NEXT, Publication, State, Status
from diagnostics.models import Diagnostic, Snapshot
from diagnostics.querysets import scope_fields
from documents import pdf
from documents.storage import StorageFull
from territory.models import LAG, Municipality

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=6)
"""How long a worker may be silent before another takes its work up: longer than the longest layout."""
ATTEMPTS = 3
"""How often a diagnostic is taken up by itself before it is shown as failed."""


class LeaseLost(Exception):
    """Another worker has taken this diagnostic up: whatever this one made is thrown away."""


def request(
    *, scope, edition: str, by, status: str = Status.PROVISIONAL, survey=None, chapters: Collection[str] = ()
) -> Diagnostic:
    """Ask for the diagnostic of a municipality or an area; return it, to be produced by a worker.

    `survey`: the one to show, else the latest answered; `chapters`: keys of those wanted, else all.

    Asking again while one is in progress gives that one. Raises PermissionDenied for whoever is neither staff nor
    manager, ValidationError for an area without municipality.
    """
    _must_be_manager(by)
    figures.check_scope(scope)
    with transaction.atomic():
        type(scope).objects.select_for_update().get(pk=scope.pk)
        same = Diagnostic.objects.in_progress().of_scope(scope).filter(edition=edition, requested_by=by)
        if existing := same.first():
            return existing
        diagnostic = _add_version(
            scope, edition=edition, by=by, status=status, survey=survey, chapters=list(chapters)
        )
        journal.record("diagnostic.requested", diagnostic, by=by, edition=edition, version=diagnostic.version)
        return diagnostic


def _add_version(scope, **fields) -> Diagnostic:
    """Create the next version; the caller holds the scope's row."""
    versions = Diagnostic.objects.of_scope(scope).filter(edition=fields["edition"])
    version = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
    return Diagnostic.objects.create(
        **scope_fields(scope),
        title=words.titled(str(scope), municipal=isinstance(scope, Municipality)),
        version=version,
        message=_("En attente"),
        requested_by=fields.pop("by"),
        **fields,
    )


def produce(diagnostic: Diagnostic) -> Diagnostic:
    """Take the diagnostic to the end from wherever it stands; what fails is written on it, in French.

    Nothing happens when another worker holds it, or when it is over. A worker killed half-way leaves a lease that
    runs out: the sweep then calls this again, and the frozen figures are not collected twice.
    """
    held = claim(diagnostic)
    if held is None:
        diagnostic.refresh_from_db()
        return diagnostic
    try:
        if held.state in (State.REQUESTED, State.COLLECTING):
            collect(held)
        render(held)
    except LeaseLost:
        logger.warning("diagnostic %s: taken up elsewhere", held.public_id)
    except (ValidationError, pdf.NotPrinted, StorageFull, LAG.DoesNotExist) as error:
        fail(held, error=_told(error))
    except Exception:
        logger.exception("diagnostic %s failed", held.public_id)
        fail(
            held,
            error=_("Une erreur imprévue s’est produite ; l’équipe technique peut la lire dans le journal."),
        )
    held.refresh_from_db()
    return held


def _told(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, LAG.DoesNotExist):
        return _(
            "Le territoire n’est pas encore chargé. Lancez « manage.py load_territory », puis réessayez."
        )
    return str(error.args[-1])


def claim(diagnostic: Diagnostic) -> Diagnostic | None:
    """Take a diagnostic for this worker alone, for `LEASE`; None when it is held elsewhere or over.

    One conditional UPDATE: of two workers, one sees a row changed and the other does not.
    """
    now = timezone.now()
    lease = uuid.uuid4()
    taken = (
        Diagnostic.objects.free(now)
        .filter(pk=diagnostic.pk)
        .update(lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1)
    )
    if not taken:
        return None
    held = Diagnostic.objects.with_scope().get(pk=diagnostic.pk)
    if held.attempts > ATTEMPTS:
        fail(held, error=_("Le travail s’est interrompu {n} fois de suite.").format(n=ATTEMPTS))
        return None
    return held


def _move(held: Diagnostic, **fields) -> None:
    """Write `fields` and prolong the lease, if this worker still holds it. Raises LeaseLost."""
    if "state" in fields and fields["state"] != held.state:
        _check_move(held, fields["state"])
    fields.setdefault("leased_until", timezone.now() + LEASE)
    if not Diagnostic.objects.filter(pk=held.pk, lease=held.lease).update(**fields):
        raise LeaseLost
    for name, value in fields.items():
        setattr(held, name, value)


def _check_move(diagnostic: Diagnostic, state: str) -> None:
    if state not in NEXT[diagnostic.state]:
        raise ValidationError(
            _("Ce diagnostic est « {now} » : il ne peut pas devenir « {then} ».").format(
                now=State(diagnostic.state).label, then=State(state).label
            ),
            code="move",
        )


def collect(held: Diagnostic) -> Snapshot:
    """Collect the figures and freeze them."""
    if held.state == State.REQUESTED:
        _move(held, state=State.COLLECTING, message=_("Rassemblement des chiffres"), done=0)
    data = figures.collect(held.scope, edition=held.edition, survey=held.survey, chapters=held.chapters)
    return freeze(held, data=data)


def freeze(held: Diagnostic, *, data: dict) -> Snapshot:
    """Write the figures once and for all, with who and what they come from; the fingerprint covers all of it."""
    created = timezone.now().replace(microsecond=0)
    author = str(held.requested_by)
    data = {
        **data,
        "schema": snapshots.SCHEMA,
        "code_version": settings.CODE_VERSION,
        "edition": held.edition,
        "version": held.version,
        "status": str(Status(held.status).label),
        "created": created.isoformat(),
        "author": author,
    }
    snapshots.check(data)
    with transaction.atomic():
        _move(held, state=State.RENDERING, message=_("Mise en page de la fiche"), done=1)
        snapshot = Snapshot.objects.create(
            diagnostic=held,
            data=data,
            schema=snapshots.SCHEMA,
            code_version=settings.CODE_VERSION,
            author=author,
            created_at=created,
            sha256=snapshots.fingerprint(data),
        )
        journal.record("diagnostic.frozen", held, by=None, sha256=snapshot.sha256)
    return snapshot


def render(held: Diagnostic) -> None:
    """Lay out the sheet and the report from the frozen figures alone, store both, and say it is ready."""
    snapshot = held.snapshot
    made = {}
    for step, (name, html) in enumerate(
        [("sheet", report.sheet_html), ("report", report.report_html)], start=1
    ):
        words = {"sheet": _("Mise en page de la fiche"), "report": _("Mise en page du diagnostic complet")}
        _move(held, message=words[name], done=step)
        made[name] = pdf.render_isolated(html(snapshot.data), created=snapshot.created_at)
    _move(held, message=_("Rangement des fichiers"), done=3)
    stored = []
    try:
        fields = {"maker": made["report"].maker}
        for name, document in made.items():
            file = getattr(held, name)
            file.save(f"{name}.pdf", ContentFile(document.content), save=False)
            stored.append(file)
            fields |= {name: file.name, f"{name}_sha256": hashlib.sha256(document.content).hexdigest()}
        with transaction.atomic():
            _move(
                held,
                state=State.READY,
                message=_("Prêt"),
                done=4,
                error="",
                finished_at=timezone.now(),
                leased_until=None,
                **fields,
            )
            journal.record("diagnostic.rendered", held, by=None, sha256=held.report_sha256)
    except BaseException:
        for file in stored:
            file.storage.delete(file.name)
        raise


@transaction.atomic
def fail(held: Diagnostic, *, error: str) -> None:
    """Write why the work stopped; it can be retried."""
    locked = Diagnostic.objects.select_for_update().get(pk=held.pk)
    if locked.lease != held.lease or State.FAILED not in NEXT[locked.state]:
        return
    locked.state, locked.error, locked.message = State.FAILED, error, _("Échoué")
    locked.leased_until, locked.finished_at = None, timezone.now()
    locked.save(update_fields=["state", "error", "message", "leased_until", "finished_at"])
    journal.record("diagnostic.failed", locked, by=None, error=error[:200])


@transaction.atomic
def retry(diagnostic: Diagnostic, *, by) -> Diagnostic:
    """Put a failed diagnostic back to work: at the layout when its figures are frozen, else at the beginning."""
    _must_be_manager(by)
    locked = Diagnostic.objects.select_for_update().get(pk=diagnostic.pk)
    frozen = Snapshot.objects.filter(diagnostic=locked).exists()
    state = State.RENDERING if frozen else State.REQUESTED
    _check_move(locked, state)
    locked.state, locked.error, locked.message = state, "", _("En attente")
    locked.attempts, locked.lease, locked.leased_until, locked.finished_at = 0, None, None, None
    locked.save()
    journal.record("diagnostic.retried", locked, by=by)
    return locked


@transaction.atomic
def validate(diagnostic: Diagnostic, *, by) -> Diagnostic:
    """Return a new version with the same figures, marked « validé »; the version that was read stays as it was.

    The status is printed on each page, so the same file cannot change it. Asking twice gives the same version.
    """
    _must_be_manager(by)
    type(diagnostic.scope).objects.select_for_update().get(pk=diagnostic.scope.pk)
    original = Diagnostic.objects.select_for_update().get(pk=diagnostic.pk)
    if original.status == Status.VALIDATED:
        return original
    if original.state != State.READY:
        raise ValidationError(
            _("Ce diagnostic est « {now} » : seul un diagnostic prêt peut être validé.").format(
                now=State(original.state).label
            ),
            code="move",
        )
    same = Diagnostic.objects.of_scope(original.scope).filter(
        edition=original.edition, status=Status.VALIDATED, version__gt=original.version
    )
    if existing := same.first():
        return existing
    valid = _add_version(
        original.scope,
        edition=original.edition,
        by=by,
        status=Status.VALIDATED,
        survey=original.survey,
        chapters=original.chapters,
    )
    valid.state = State.COLLECTING
    figures_only = {k: v for k, v in original.snapshot.data.items() if k not in FROZEN_WITH}
    freeze(valid, data=figures_only)
    Diagnostic.objects.filter(pk=valid.pk).update(leased_until=None)
    journal.record("diagnostic.validated", original, by=by, version=valid.version)
    return Diagnostic.objects.get(pk=valid.pk)


FROZEN_WITH = ("schema", "code_version", "edition", "version", "status", "created", "author")
"""What `freeze` adds to the collected figures."""


@transaction.atomic
def publish(diagnostic: Diagnostic, *, publication: str, by) -> Diagnostic:
    """Let everybody read a ready diagnostic, or the team and managers alone again."""
    _must_be_manager(by)
    locked = Diagnostic.objects.select_for_update().get(pk=diagnostic.pk)
    if locked.state != State.READY:
        raise ValidationError(
            _("Ce diagnostic est « {now} » : seul un diagnostic prêt peut être publié.").format(
                now=State(locked.state).label
            ),
            code="move",
        )
    if locked.publication != publication:
        locked.publication = Publication(publication)
        locked.save(update_fields=["publication"])
        verb = "diagnostic.published" if locked.is_public else "diagnostic.withdrawn"
        journal.record(verb, locked, by=by)
    return locked


def _must_be_manager(by) -> None:
    if not (by.is_authenticated and by.is_active and by.is_manager):
        raise PermissionDenied
