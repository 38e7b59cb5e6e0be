"""Diagnostics and the figures they froze."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diagnostics.choices import IN_PROGRESS, Publication, State, Status
from diagnostics.querysets import DiagnosticQuerySet, SnapshotQuerySet
from documents.storage import private_storage, random_name
from typography import elision


class Diagnostic(models.Model):
    """One version of the diagnostic of a municipality or an area, from request to stored PDF."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    municipality = models.ForeignKey(
        "territory.Municipality",
        verbose_name=_("commune"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    area = models.ForeignKey(
        "territory.Area",
        verbose_name=_("zone"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    title = models.CharField(_("titre"), max_length=200)
    edition = models.CharField(_("édition"), max_length=9, help_text=_("L’année, par exemple 2026."))
    version = models.PositiveSmallIntegerField(_("version"))
    survey = models.ForeignKey(
        "needs.Survey",
        verbose_name=_("enquête"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Vide\u00a0: la dernière à laquelle les communes ont répondu."),
    )
    chapters = models.JSONField(
        _("chapitres"), default=list, blank=True, help_text=_("Vide\u00a0: tous ceux qui ont de la matière.")
    )
    status = models.CharField(_("statut"), max_length=20, choices=Status, default=Status.PROVISIONAL)
    publication = models.CharField(
        _("lisible par"), max_length=20, choices=Publication, default=Publication.PRIVATE
    )

    state = models.CharField(_("état"), max_length=20, choices=State, default=State.REQUESTED)
    done = models.PositiveSmallIntegerField(_("étapes faites"), default=0)
    total = models.PositiveSmallIntegerField(_("étapes en tout"), default=4)
    message = models.CharField(_("où en est le travail"), max_length=200, blank=True)
    error = models.TextField(_("pourquoi il a échoué"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    lease = models.UUIDField(_("bail"), null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(_("tenu jusqu’à"), null=True, blank=True, editable=False)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("demandé par"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    requested_at = models.DateTimeField(_("demandé le"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("terminé le"), null=True, blank=True, editable=False)

    report = models.FileField(
        _("diagnostic complet"), storage=private_storage, upload_to=random_name, blank=True, max_length=200
    )
    report_sha256 = models.CharField(_("empreinte du diagnostic"), max_length=64, blank=True)
    sheet = models.FileField(
        _("fiche d’une page"), storage=private_storage, upload_to=random_name, blank=True, max_length=200
    )
    sheet_sha256 = models.CharField(_("empreinte de la fiche"), max_length=64, blank=True)
    maker = models.CharField(_("version de WeasyPrint"), max_length=20, blank=True)

    objects = DiagnosticQuerySet.as_manager()

    class Meta:
        verbose_name = _("diagnostic")
        verbose_name_plural = _("diagnostics")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(municipality__isnull=False, area__isnull=True)
                | Q(municipality__isnull=True, area__isnull=False),
                name="diagnostic_has_one_scope",
                violation_error_message=_("Choisissez une commune ou une zone, pas les deux."),
            ),
            models.UniqueConstraint(
                fields=["municipality", "edition", "version"], name="one_version_a_municipality_and_edition"
            ),
            models.UniqueConstraint(
                fields=["area", "edition", "version"], name="one_version_an_area_and_edition"
            ),
            models.UniqueConstraint(
                fields=["municipality", "edition", "requested_by"],
                condition=Q(state__in=IN_PROGRESS),
                name="one_in_progress_a_municipality_and_person",
            ),
            models.UniqueConstraint(
                fields=["area", "edition", "requested_by"],
                condition=Q(state__in=IN_PROGRESS),
                name="one_in_progress_an_area_and_person",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="diagnostic_state_is_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="diagnostic_status_is_known"),
            models.CheckConstraint(
                condition=Q(publication__in=Publication.values), name="diagnostic_publication_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.READY) | (~Q(report="") & ~Q(sheet="") & ~Q(report_sha256="")),
                name="ready_diagnostic_has_its_files",
            ),
            models.CheckConstraint(
                condition=Q(publication=Publication.PRIVATE) | Q(state=State.READY),
                name="published_diagnostic_is_ready",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.FAILED) | ~Q(error=""), name="failed_diagnostic_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.edition}, version {self.version}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("diagnostics:diagnostic_page", args=[self.public_id])

    @property
    def scope(self):
        """The municipality or the area."""
        return self.municipality or self.area

    @property
    def is_in_progress(self) -> bool:
        """True while a worker has, or will have, to work on it."""
        return self.state in IN_PROGRESS

    @property
    def is_ready(self) -> bool:
        """True once its files are stored."""
        return self.state == State.READY

    @property
    def is_public(self) -> bool:
        """True when everybody may read it."""
        return self.publication == Publication.PUBLIC

    @property
    def readers(self) -> str:
        """Who reads it, made and not published, in words: those whom `visible_to` lets in."""
        if not self.municipality:
            return gettext("L’équipe et les gestionnaires")
        return gettext("L’équipe, les gestionnaires et les membres de la fiche {of_place}").format(
            of_place=elision.of(self.municipality.name)
        )

    @property
    def has_failed(self) -> bool:
        """True when it stopped with an error."""
        return self.state == State.FAILED


class Snapshot(models.Model):
    """The figures of one diagnostic, frozen: what page, PDF and data files are made from, and nothing else.

    Written once. `update` refuses, `save` refuses, and a database trigger refuses whatever comes another way.
    """

    diagnostic = models.OneToOneField(
        Diagnostic, verbose_name=_("diagnostic"), on_delete=models.PROTECT, related_name="snapshot"
    )
    data = models.JSONField(_("chiffres"))
    schema = models.PositiveSmallIntegerField(_("version du schéma"))
    code_version = models.CharField(_("version du code"), max_length=60)
    author = models.CharField(_("arrêté par"), max_length=200)
    created_at = models.DateTimeField(_("arrêté le"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("chiffres arrêtés")
        verbose_name_plural = _("chiffres arrêtés")
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="snapshot_has_a_sha256")
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    def save(self, *args, **kwargs) -> None:
        """Write it, once."""
        if not self._state.adding:
            raise TypeError("a snapshot is frozen: make a new version of the diagnostic")
        super().save(*args, **kwargs)
