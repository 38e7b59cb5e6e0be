"""What is done to documents."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

from documents import files
from documents.models import Document


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
