"""Documents: files that are kept, with what is needed to trust and to hand them over."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.storage import private_storage, random_name


class Document(models.Model):
    """A file somebody sent: checked, under a random name, in private storage."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("titre"), max_length=200)
    file = models.FileField(_("fichier"), storage=private_storage, upload_to=random_name, max_length=200)
    name = models.CharField(
        _("nom au téléchargement"),
        max_length=120,
        help_text=_("Le nom que reçoit la personne qui télécharge."),
    )
    content_type = models.CharField(_("type"), max_length=100, editable=False)
    size = models.PositiveIntegerField(_("taille en octets"), editable=False)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, editable=False)
    private = models.BooleanField(
        _("privé"), default=True, help_text=_("Décochez pour que tout le monde puisse le télécharger.")
    )
    uploaded_at = models.DateTimeField(_("déposé le"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="document_is_not_empty"),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_has_a_sha256"
            ),
        ]

    def __str__(self) -> str:
        return self.title
