"""Verbs: asked once, collected once, frozen for good, never half-written."""

import errno
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import JournalEntry
from diagnostics import actions, figures, snapshots, tasks
from diagnostics.choices import NEXT, Publication, State, Status
from diagnostics.models import Diagnostic, Snapshot
from documents import pdf
from tests.factories.accounts import ManagerFactory, UserFactory
from tests.factories.diagnostics import DiagnosticFactory, SnapshotFactory, frozen, ready
from tests.factories.needs import SurveyFactory
from tests.factories.territory import AreaFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
META = actions.FROZEN_WITH


@pytest.fixture(autouse=True)
def collected(monkeypatch):
    """Take the collecting's place: real figures, and how often they were asked for."""
    asked = []

    def collect(scope, *, edition, survey, chapters):
        asked.append(scope)
        return {key: value for key, value in frozen().items() if key not in META}

    monkeypatch.setattr(figures, "collect", collect)
    return asked


def verbs() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))


def stored(media) -> list:
    return [path for path in media.rglob("*") if path.is_file()] if media.exists() else []


def late(diagnostic) -> None:
    """Let the lease run out, as when a worker was killed."""
    Diagnostic.objects.filter(pk=diagnostic.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_asking_twice_while_one_is_in_progress_gives_the_same():
    place, by = MunicipalityFactory(), ManagerFactory()
    first = actions.request(scope=place, edition="2026", by=by)
    assert actions.request(scope=place, edition="2026", by=by) == first
    assert verbs() == ["diagnostic.requested"]


def test_another_person_or_a_finished_one_gives_the_next_version(quick_layout):
    place, by = MunicipalityFactory(), ManagerFactory()
    first = actions.produce(actions.request(scope=place, edition="2026", by=by))
    second = actions.request(scope=place, edition="2026", by=by)
    third = actions.request(scope=place, edition="2026", by=ManagerFactory())
    other = actions.request(scope=place, edition="2027", by=by)
    assert [one.version for one in (first, second, third, other)] == [1, 2, 3, 1]


def test_only_managers_and_staff_may_ask():
    with pytest.raises(PermissionDenied):
        actions.request(scope=MunicipalityFactory(), edition="2026", by=UserFactory())


def test_an_empty_area_is_refused_and_nothing_is_written():
    with pytest.raises(ValidationError, match="ne contient aucune commune"):
        actions.request(scope=AreaFactory(), edition="2026", by=ManagerFactory())
    assert (Diagnostic.objects.count(), verbs()) == (0, [])


def test_produce_goes_from_request_to_stored_files(quick_layout, media):
    diagnostic = actions.request(scope=MunicipalityFactory(), edition="2026", by=ManagerFactory())
    made = actions.produce(diagnostic)
    assert (made.state, made.done, made.total, made.error, made.maker) == (State.READY, 4, 4, "", "70.0")
    with made.report.open() as file:
        assert file.read().startswith(b"%PDF-")
    assert len(stored(media)) == 2
    assert verbs() == ["diagnostic.requested", "diagnostic.frozen", "diagnostic.rendered"]
    snapshot = made.snapshot
    assert snapshot.sha256 == snapshots.fingerprint(snapshot.data)
    assert {name: snapshot.data[name] for name in ("version", "status", "edition")} == {
        "version": 1,
        "status": "provisoire",
        "edition": "2026",
    }


def test_the_fingerprint_holds_once_read_back_from_the_database():
    snapshot = SnapshotFactory()
    again = Snapshot.objects.get(pk=snapshot.pk)
    assert snapshots.canonical(again.data) == snapshots.canonical(frozen())


def test_a_layout_that_fails_is_told_in_french_and_a_retry_does_not_collect_again(
    quick_layout, monkeypatch, collected, media
):
    diagnostic = actions.request(scope=MunicipalityFactory(), edition="2026", by=ManagerFactory())

    def too_long(html, **options):
        raise pdf.TookTooLong("La mise en page a dépassé 120 s et a été arrêtée.")

    with monkeypatch.context() as patch:
        patch.setattr(pdf, "render_isolated", too_long)
        failed = actions.produce(diagnostic)
    assert (failed.state, failed.error) == (
        State.FAILED,
        "La mise en page a dépassé 120 s et a été arrêtée.",
    )
    assert stored(media) == []
    frozen_before = failed.snapshot.sha256
    again = actions.retry(failed, by=failed.requested_by)
    assert again.state == State.RENDERING
    made = actions.produce(again)
    assert (made.state, made.snapshot.sha256, len(collected)) == (State.READY, frozen_before, 1)


def test_an_unforeseen_error_shows_no_detail_and_is_logged(quick_layout, monkeypatch, caplog):
    def broken(scope, **wanted):
        raise RuntimeError("détail interne")

    monkeypatch.setattr(figures, "collect", broken)
    made = actions.produce(DiagnosticFactory())
    assert made.state == State.FAILED
    assert "détail interne" not in made.error
    assert "détail interne" in caplog.text


def test_misshapen_figures_are_never_frozen(quick_layout, monkeypatch):
    def uneven(scope, **wanted):
        data = {key: value for key, value in frozen().items() if key not in META}
        data["tables"][0]["rows"][0]["cells"].pop()
        return data

    monkeypatch.setattr(figures, "collect", uneven)
    made = actions.produce(DiagnosticFactory())
    assert (made.state, Snapshot.objects.count()) == (State.FAILED, 0)


def test_a_version_keeps_the_survey_and_the_chapters_that_were_asked_for(quick_layout, monkeypatch):
    asked = []

    def collect(scope, **wanted):
        asked.append(wanted)
        return {key: value for key, value in frozen().items() if key not in META}

    monkeypatch.setattr(figures, "collect", collect)
    survey, by = SurveyFactory(), ManagerFactory()
    diagnostic = actions.request(
        scope=MunicipalityFactory(), edition="2026", by=by, survey=survey, chapters=["portrait", "needs"]
    )
    made = actions.produce(diagnostic)
    assert asked == [{"edition": "2026", "survey": survey, "chapters": ["portrait", "needs"]}]
    valid = actions.validate(made, by=by)
    assert (valid.survey, valid.chapters) == (survey, ["portrait", "needs"])


def test_two_workers_cannot_hold_the_same_diagnostic():
    diagnostic = DiagnosticFactory()
    assert actions.claim(diagnostic) is not None
    assert actions.claim(diagnostic) is None


def test_a_killed_worker_s_diagnostic_is_taken_up_where_it_stood(quick_layout, collected):
    diagnostic = actions.request(scope=MunicipalityFactory(), edition="2026", by=ManagerFactory())
    held = actions.claim(diagnostic)
    actions.collect(held)  # then the worker is killed
    assert actions.produce(diagnostic).state == State.RENDERING
    late(diagnostic)
    assert actions.produce(diagnostic).state == State.READY
    assert len(collected) == 1


def test_a_worker_that_lost_its_lease_writes_nothing_and_leaves_no_file(quick_layout, media):
    diagnostic = actions.request(scope=MunicipalityFactory(), edition="2026", by=ManagerFactory())
    slow = actions.claim(diagnostic)
    actions.collect(slow)
    late(diagnostic)
    made = actions.produce(diagnostic)
    with pytest.raises(actions.LeaseLost):
        actions.render(slow)
    made.refresh_from_db()
    assert made.state == State.READY
    assert len(stored(media)) == 2


def test_a_lease_lost_between_storing_and_writing_leaves_no_file(quick_layout, media, monkeypatch):
    held = actions.claim(actions.request(scope=MunicipalityFactory(), edition="2026", by=ManagerFactory()))
    actions.collect(held)
    record = actions._move

    def move(held, **fields):
        if fields.get("state") == State.READY:
            raise actions.LeaseLost
        record(held, **fields)

    monkeypatch.setattr(actions, "_move", move)
    with pytest.raises(actions.LeaseLost):
        actions.render(held)
    assert stored(media) == []


def test_a_diagnostic_that_kills_its_worker_each_time_ends_as_failed():
    diagnostic = DiagnosticFactory()
    for _attempt in range(actions.ATTEMPTS):
        assert actions.claim(diagnostic) is not None
        late(diagnostic)
    assert actions.claim(diagnostic) is None
    diagnostic.refresh_from_db()
    assert (diagnostic.state, diagnostic.error) == (
        State.FAILED,
        "Le travail s’est interrompu 3 fois de suite.",
    )


def test_the_sweep_takes_up_what_nobody_holds(monkeypatch):
    lost, silent, held = (DiagnosticFactory(version=n) for n in (1, 2, 3))
    actions.claim(silent)
    late(silent)
    actions.claim(held)
    ready(version=4)
    sent = []
    monkeypatch.setattr(tasks.produce, "delay", sent.append)
    tasks.sweep()
    assert sent == [lost.pk, silent.pk]


def test_a_full_disk_fails_with_a_clear_error_and_leaves_no_file(quick_layout, media, monkeypatch):
    def chunks(self, chunk_size=None):
        yield b"%PDF"
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ContentFile, "chunks", chunks)
    made = actions.produce(actions.request(scope=MunicipalityFactory(), edition="2026", by=ManagerFactory()))
    assert made.state == State.FAILED
    assert made.error.startswith("Il n’y a plus de place sur le serveur")
    assert stored(media) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda snapshot: snapshot.save(),
        lambda snapshot: Snapshot.objects.update(schema=2),
        lambda snapshot: Snapshot.objects.filter(pk=snapshot.pk).update(sha256="0" * 64),
    ],
)
def test_a_snapshot_cannot_be_changed(change):
    with pytest.raises(TypeError, match="frozen"):
        change(SnapshotFactory())


def test_the_database_itself_refuses_to_change_a_snapshot():
    snapshot = SnapshotFactory()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE diagnostics_snapshot SET author = 'autre' WHERE id = %s", [snapshot.pk])
    assert Snapshot.objects.get().author == "Odile Fictive"


def test_validating_makes_a_new_version_of_the_same_figures_and_keeps_the_old_one(quick_layout):
    read, by = ready(), ManagerFactory()
    valid = actions.produce(actions.validate(read, by=by))
    read.refresh_from_db()
    assert (read.status, read.version) == (Status.PROVISIONAL, 1)
    assert (valid.status, valid.version, valid.state) == (Status.VALIDATED, 2, State.READY)
    before, after = (
        {key: value for key, value in one.snapshot.data.items() if key not in META} for one in (read, valid)
    )
    assert before == after
    assert valid.snapshot.data["status"] == "validé"
    assert actions.validate(read, by=by) == valid


def test_an_unfinished_diagnostic_can_be_neither_validated_nor_published():
    diagnostic, by = DiagnosticFactory(), ManagerFactory()
    with pytest.raises(ValidationError, match="demandé"):
        actions.validate(diagnostic, by=by)
    with pytest.raises(ValidationError, match="demandé"):
        actions.publish(diagnostic, publication=Publication.PUBLIC, by=by)


def test_publishing_twice_writes_one_line():
    diagnostic, by = ready(), ManagerFactory()
    for _time in range(2):
        actions.publish(diagnostic, publication=Publication.PUBLIC, by=by)
    assert verbs() == ["diagnostic.published"]
    actions.publish(diagnostic, publication=Publication.PRIVATE, by=by)
    assert verbs() == ["diagnostic.published", "diagnostic.withdrawn"]


def test_a_ready_diagnostic_cannot_be_retried_and_both_states_are_named():
    with pytest.raises(ValidationError) as refusal:
        actions.retry(ready(), by=ManagerFactory())
    assert refusal.value.messages == [
        "Ce diagnostic est «\u00a0prêt\u00a0»\u00a0: il ne peut pas devenir «\u00a0mise en page\u00a0»."
    ]


def test_every_state_is_in_the_table_of_moves():
    assert set(NEXT) == set(State)


@pytest.mark.parametrize(
    "fields",
    [
        {"municipality": None},
        {"state": "inconnu"},
        {"state": State.READY},
        {"state": State.FAILED},
        {"publication": Publication.PUBLIC},
        {"status": "autre"},
    ],
)
def test_the_database_refuses_what_no_action_would_write(fields):
    with pytest.raises(DatabaseError), transaction.atomic():
        DiagnosticFactory(**fields)


def test_the_database_refuses_two_scopes_and_two_equal_versions():
    first = DiagnosticFactory()
    with pytest.raises(DatabaseError), transaction.atomic():
        DiagnosticFactory(area=AreaFactory())
    with pytest.raises(DatabaseError), transaction.atomic():
        DiagnosticFactory(municipality=first.municipality)
    with pytest.raises(DatabaseError), transaction.atomic():
        DiagnosticFactory(municipality=first.municipality, version=2, requested_by=first.requested_by)
