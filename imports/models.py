"""Imports: a file on its way in, what each of its lines would do, and what lines became before."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.storage import private_storage, random_name
from imports.choices import State
from imports.querysets import ImportQuerySet, RowQuerySet
from tabular import targets
from tabular.targets import Outcome, Target
from typography.folding import fold


class Import(models.Model):
    """A file that somebody brings in: nothing of it is written before they confirm.

    The file and its rows are erased by retention; what remains says who brought in what, and how much.
    """

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    target = models.CharField(_("type"), max_length=40)
    source = models.CharField(
        _("d’où vient ce fichier"),
        max_length=150,
        help_text=_(
            "Par exemple : annuaire de la commune d’Incourt. La prochaine fois, le même nom rappelle les "
            "colonnes et reconnaît les lignes."
        ),
    )
    source_key = models.CharField(max_length=150, editable=False)
    name = models.CharField(_("fichier"), max_length=120)
    file = models.FileField(
        _("fichier gardé"), storage=private_storage, upload_to=random_name, blank=True, max_length=200
    )
    form = models.JSONField(_("écriture du fichier"), default=dict, blank=True)
    mapping = models.JSONField(_("colonnes"), default=dict, blank=True)
    options = models.JSONField(_("choix pour tout le fichier"), default=dict, blank=True)

    state = models.CharField(_("état"), max_length=10, choices=State, default=State.COLUMNS)
    done = models.PositiveIntegerField(_("lignes faites"), default=0)
    total = models.PositiveIntegerField(_("lignes en tout"), default=0)
    error = models.TextField(_("pourquoi il est interrompu"), blank=True)
    warnings = models.JSONField(_("remarques sur le fichier"), default=list, blank=True)
    counts = models.JSONField(_("bilan"), default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0, editable=False)
    lease = models.UUIDField(_("bail"), null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(_("tenu jusqu’à"), null=True, blank=True, editable=False)

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("importé par"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("déposé le"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("terminé le"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("effacé le"), null=True, blank=True, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["target", "source_key"], name="import_source")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="import_state_is_known"),
            models.CheckConstraint(
                condition=~Q(target="") & ~Q(source="") & ~Q(source_key="") & ~Q(name=""),
                name="import_says_what_and_whence",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WRITING, State.DONE]) | Q(confirmed_at__isnull=False),
                name="import_is_confirmed_before_it_writes",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.FAILED) | ~Q(error=""), name="failed_import_says_why"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(file=""), name="erased_import_keeps_no_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind.label} · {self.source}"

    def save(self, *args, **kwargs) -> None:
        """Save with the folded source, by which a later file is recognised."""
        self.source_key = fold(self.source)[:150] or "?"
        super().save(*args, **kwargs)

    @property
    def kind(self) -> Target:
        """What the file is read into. Raises KeyError for a kind that no room offers any more."""
        return targets.get(self.target)


class Row(models.Model):
    """One record of a file and what would be done with it."""

    run = models.ForeignKey(Import, verbose_name=_("import"), on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("ligne"))
    part = models.CharField(_("colonne"), max_length=300, blank=True)
    outcome = models.CharField(_("résultat"), max_length=10, choices=Outcome)
    label = models.CharField(_("nom"), max_length=300, blank=True)
    object_id = models.CharField(_("objet"), max_length=40, blank=True)
    values = models.JSONField(_("valeurs"), default=dict, blank=True)
    changes = models.JSONField(_("modifications"), default=list, blank=True)
    reasons = models.JSONField(_("remarques"), default=list, blank=True)
    candidates = models.JSONField(_("doublons possibles"), default=list, blank=True)
    choice = models.CharField(_("décision"), max_length=40, blank=True)
    written = models.BooleanField(_("écrite"), default=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = _("ligne d’import")
        verbose_name_plural = _("lignes d’import")
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["run", "outcome", "line"], name="import_row_by_outcome")]
        constraints = [
            models.UniqueConstraint(fields=["run", "line", "part"], name="one_row_a_line_and_column"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="row_outcome_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.label}"


class Known(models.Model):
    """What a record of a source became, so that a later file of this source finds it again.

    `mark` is a keyed digest: neither the record nor a person is read from it.
    """

    target = models.CharField(max_length=40)
    source_key = models.CharField(max_length=150)
    mark = models.CharField(max_length=64)
    object_id = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("ligne reconnue")
        verbose_name_plural = _("lignes reconnues")
        indexes = [models.Index(fields=["target", "object_id"], name="known_object")]
        constraints = [
            models.UniqueConstraint(fields=["target", "source_key", "mark"], name="one_object_a_mark")
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.object_id}"
