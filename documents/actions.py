"""What is done to documents."""

import hashlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone

from documents import files
from documents.models import Document
from documents.storage import PrivateStorage

logger = logging.getLogger(__name__)

ORPHAN_AGE = timedelta(days=1)
"""A younger file may be waiting for its row: it is left alone."""


def store(*, title: str, upload, private: bool = True) -> Document:
    """Check the uploaded file, keep it and return its row; both or neither.

    Raises ValidationError for a file that is refused, StorageFull when the disk is full.
    """
    safe = files.check(upload)
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
