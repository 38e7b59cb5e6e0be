"""What a training shows and hands out: its picture, its documents."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from documents import actions as documents
from documents.images import SafeImage
from documents.models import Document
from trainings import names
from trainings.models import Training, TrainingDocument

MOST_DOCUMENTS = 10
DOCUMENT_BYTES = 10 * 1024 * 1024
"""Of one: all that is public goes into the proof file of each session."""


def set_image(training: Training, *, picture: SafeImage | None, alt: str = "", by: User) -> Training:
    """Give a training this picture, already written anew, with what it shows in words; or none.

    Raises StorageFull, with nothing changed, when the disk is full.
    """
    rows = Training.objects.filter(pk=training.pk)
    alt = names.clean(alt) if picture else ""
    with documents.new_picture(rows, "image", picture, image_alt=alt) as locked:
        if picture or locked.had_picture:
            journal.record("training.image_changed" if picture else "training.image_removed", locked, by=by)
    return locked


@transaction.atomic
def add_document(
    training: Training, *, title: str, upload, private: bool = False, by: User
) -> TrainingDocument:
    """Keep a document with a training, of everybody or (`private`) of those who are registered.

    Raises ValidationError for a file that is refused, or one too many; StorageFull when the disk is full.
    """
    Training.objects.select_for_update().get(pk=training.pk)
    if training.documents.count() >= MOST_DOCUMENTS:
        raise ValidationError(
            _("Une formation prend {most} documents : retirez-en un d’abord.").format(most=MOST_DOCUMENTS)
        )
    kept = documents.store(title=names.clean(title), upload=upload, private=private, max_bytes=DOCUMENT_BYTES)
    paper = TrainingDocument.objects.create(training=training, document=kept)
    journal.record("training.document_added", training, by=by, sha256=kept.sha256, private=private)
    return paper


@transaction.atomic
def change_document(paper: TrainingDocument, *, title: str, private: bool, by: User) -> TrainingDocument:
    """Give a document another title, or other readers; the file stays: another file is another document."""
    kept = Document.objects.select_for_update().get(pk=paper.document_id)
    kept.title, kept.private = names.clean(title), private
    kept.save(update_fields=["title", "private"])
    journal.record("training.document_changed", paper.training, by=by, sha256=kept.sha256, private=private)
    paper.document = kept
    return paper


@transaction.atomic
def remove_document(paper: TrainingDocument, *, by: User) -> None:
    """Take a document away; its file goes with the row (see `receivers`)."""
    journal.record("training.document_removed", paper.training, by=by, sha256=paper.document.sha256)
    paper.delete()
