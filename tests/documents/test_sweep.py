"""Files that nothing names: left by a killed process, deleted after a day; the others never."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.apps import apps
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import actions, tasks
from documents.models import Document
from documents.storage import PrivateStorage
from tests.factories.diagnostics import ready

DAYS = 24 * 3600
PDF = b"%PDF-1.7\n%%EOF"
WRITER = """
import sys, time, django
django.setup()
from django.core.files.base import ContentFile
from documents.storage import PrivateStorage

class Slow(ContentFile):
    def chunks(self, chunk_size=None):
        yield b"%PDF-1.7 half"
        print("half", flush=True)
        time.sleep(300)

PrivateStorage().save("ab/ab.pdf", Slow(b"x"))
"""


@pytest.fixture
def root(tmp_path, settings):
    """An empty private storage."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT / "private"


def names(root) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def age(root, days: float) -> None:
    """Let every file be that old."""
    for path in root.rglob("*"):
        os.utime(path, (time.time() - days * DAYS,) * 2)


def orphan(root, name: str) -> str:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PDF)
    return name


def test_what_no_row_names_goes_and_what_a_row_of_any_room_names_stays(db, root):
    document = actions.store(title="Règlement", upload=SimpleUploadedFile("a.pdf", PDF))
    diagnostic = ready()
    kept = sorted([document.file.name, diagnostic.sheet.name, diagnostic.report.name])
    orphan(root, "00/0011.pdf")
    orphan(root, "00/0011.pdf.12345678.part")
    age(root, 2)
    tasks.sweep()
    assert names(root) == kept
    assert actions.sweep_orphans() == 0


def test_a_young_file_waits_for_its_row(db, root):
    name = orphan(root, "00/0011.pdf")
    age(root, 0.9)
    assert (actions.sweep_orphans(), names(root)) == (0, [name])


def test_the_file_of_a_deleted_row_goes_too(db, root):
    actions.store(title="Règlement", upload=SimpleUploadedFile("a.pdf", PDF))
    Document.objects.all().delete()
    age(root, 2)
    assert (actions.sweep_orphans(), names(root)) == (1, [])


def test_before_any_file_there_is_nothing_to_do(db, root):
    assert actions.sweep_orphans() == 0


def test_every_private_field_is_asked():
    """The sweep deletes what it does not know: a field that it would miss is a loss."""
    fields = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(getattr(field, "storage", None), PrivateStorage)
    ]
    assert {"documents.Document.file", "diagnostics.Diagnostic.report", "diagnostics.Diagnostic.sheet"} <= {
        *fields
    }


def test_a_process_killed_while_it_writes_leaves_nothing_under_the_name_nor_for_long(db, root, tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "smartrural.settings",
        "DEMONSTRATION": "1",
        "VAR_DIR": str(tmp_path),
        "MEDIA_ROOT": str(root.parent),
        "PYTHONPATH": str(project.BASE_DIR),
    }
    with subprocess.Popen(
        [sys.executable, "-c", WRITER], env=environment, stdout=subprocess.PIPE, cwd=project.BASE_DIR
    ) as writer:
        assert writer.stdout.readline() == b"half\n"
        writer.send_signal(signal.SIGKILL)
    (left,) = names(root)
    assert left.startswith("ab/ab.pdf.")
    assert not PrivateStorage().exists("ab/ab.pdf")
    age(root, 2)
    tasks.sweep()
    assert names(root) == []
