"""Papers of a training: its programme for everybody, its material for those who come."""

from pathlib import PurePath

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from trainings.models.trainings import Training
from trainings.querysets import TrainingDocumentQuerySet
from typography import numbers


class TrainingDocument(models.Model):
    """A document of a training: of everybody, or (a `private` one) of those who are registered."""

    training = models.ForeignKey(
        Training, verbose_name=_("formation"), on_delete=models.CASCADE, related_name="documents"
    )
    document = models.OneToOneField(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="+"
    )

    objects = TrainingDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document de formation")
        verbose_name_plural = _("documents de formation")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.document)

    def get_absolute_url(self) -> str:
        """Where everybody, or the team, downloads it."""
        return reverse("trainings:document", args=[self.document.public_id])

    @property
    def told(self) -> str:
        """What one gets: "PDF, 34 ko"."""
        return f"{self.kind}, {numbers.weight(self.document.size)}"

    @property
    def kind(self) -> str:
        """What it is to whoever opens it: "PDF", "DOCX"."""
        return PurePath(self.document.name).suffix[1:].upper()
