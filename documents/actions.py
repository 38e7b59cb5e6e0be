"""What is done to documents."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from documents import files
from documents.images import SafeImage
from documents.models import Document
from documents.storage import PrivateStorage

logger = logging.getLogger(__name__)

ORPHAN_AGE = timedelta(days=1)
"""A younger file may be waiting for its row: it is left alone."""


def store(*, title: str, upload, private: bool = True, max_bytes: int = files.BYTES) -> Document:
    """Check the uploaded file, keep it and return its row; both or neither.

    Raises ValidationError for a file that is refused, StorageFull when the disk is full.
    """
    safe = files.check(upload, max_bytes=max_bytes)
    document = Document(
        title=title,
        name=safe.name,
        content_type=safe.content_type,
        size=len(safe.content),
        sha256=hashlib.sha256(safe.content).hexdigest(),
        private=private,
    )
    document.file.save(f"fichier{safe.extension}", ContentFile(safe.content), save=False)
    try:
        with transaction.atomic():
            document.save()
    except BaseException:
        document.file.delete(save=False)
        raise
    return document


def discard(document: Document) -> None:
    """Delete a document; its file goes once that is certain. Raises ProtectedError where a row still names it."""
    storage, name = document.file.storage, str(document.file.name)
    with transaction.atomic():
        document.delete()
        transaction.on_commit(lambda: storage.delete(name), robust=True)


@contextmanager
def new_picture(rows: QuerySet, field: str, picture: SafeImage | None, **values: Any) -> Iterator[Any]:
    """Give the one row of `rows` this picture, already written anew, or none; yield it with `had_picture`.

    The row keeps the size in `<field>_width` and `<field>_height`, and takes the other `values` with it; what
    the body does belongs to the same transaction. The former file goes once all is certain, the new one where
    anything fails. Raises StorageFull, with nothing changed, when the disk is full.
    """
    width, height = f"{field}_width", f"{field}_height"
    written, storage = "", rows.model._meta.get_field(field).storage
    try:
        with transaction.atomic():
            row = rows.select_for_update().get()
            file = getattr(row, field)
            former = str(file.name or "")
            if picture is None:
                setattr(row, field, "")
            else:
                file.save(f"{field}{picture.extension}", ContentFile(picture.content), save=False)
                written = str(file.name)
            setattr(row, width, picture.width if picture else 0)
            setattr(row, height, picture.height if picture else 0)
            for name, value in values.items():
                setattr(row, name, value)
            row.had_picture = bool(former)
            row.save(update_fields=[field, width, height, *values])
            yield row
            if former:
                transaction.on_commit(lambda: storage.delete(former), robust=True)
    except BaseException:
        if written:
            storage.delete(written)
        raise


def sweep_orphans() -> int:
    """Delete the private files that no row names, left by a process killed half-way; return how many.

    Rows of every room are asked. Files are listed before rows are read: what is named meanwhile stays.
    """
    storage = PrivateStorage()
    before = (timezone.now() - ORPHAN_AGE).timestamp()
    root = Path(storage.location)
    old = [path for path in root.rglob("*") if path.is_file() and path.stat().st_mtime < before]
    named = set(_named()) if old else set()
    orphans = [path for path in old if str(path.relative_to(root)) not in named]
    for path in orphans:
        path.unlink(missing_ok=True)
    if orphans:
        logger.warning("orphan private files deleted: %d", len(orphans))
    return len(orphans)


def _named() -> Iterator[str]:
    """Yield the name of each private file that a row of any model holds."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, models.FileField) and isinstance(field.storage, PrivateStorage):
                yield from model._base_manager.values_list(field.name, flat=True).iterator()
