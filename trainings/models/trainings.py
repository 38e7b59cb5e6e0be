"""Offers: what one learns, and for whom."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actors.choices import Family
from needs.models import SharedNeed
from territory.choices import Level as ObjectiveLevel
from territory.models import Dimension, Objective, Theme
from trainings import names
from trainings.choices import Level, TrainingState
from trainings.querysets import (
    TrainingQuerySet,
)


class Training(models.Model):
    """An offer: what one learns, for whom; its sessions say when and where."""

    title = models.CharField(_("titre"), max_length=160)
    slug = models.SlugField(_("adresse courte"), max_length=180, unique=True)
    state = models.CharField(_("état"), max_length=12, choices=TrainingState, default=TrainingState.DRAFT)
    summary = models.CharField(_("en une phrase"), max_length=300)
    objectives = models.TextField(
        _("objectifs"), blank=True, help_text=_("Un par ligne : ce avec quoi la personne repart.")
    )
    programme = models.TextField(_("programme"), blank=True, help_text=_("Un moment par ligne."))
    action_sheet = models.ForeignKey(
        Objective,
        verbose_name=_("fiche-projet"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="trainings",
        limit_choices_to={"level": ObjectiveLevel.ACTION_SHEET},
        help_text=_("Sous laquelle les séances sont justifiées."),
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("thèmes"), blank=True, related_name="trainings")
    dimensions = models.ManyToManyField(
        Dimension, verbose_name=_("dimensions"), blank=True, related_name="trainings"
    )
    shared_needs = models.ManyToManyField(
        SharedNeed,
        verbose_name=_("besoins auxquels elle répond"),
        blank=True,
        related_name="trainings",
        help_text=_("La page de chaque besoin mutualisé mène alors à cette formation."),
    )
    families = models.JSONField(
        _("publics"), default=list, blank=True, help_text=_("Aucun : tous les publics.")
    )
    level = models.CharField(_("niveau"), max_length=12, choices=Level, default=Level.ALL)
    search_text = models.TextField(_("texte cherché"), blank=True, editable=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("formation")
        verbose_name_plural = _("formations")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=TrainingState.values), name="training_state_is_known"
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="training_level_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="training_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.title, self.summary = names.clean(self.title), names.clean(self.summary)
        self.search_text = names.folded(f"{self.title} {self.summary}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("trainings:training", args=[self.slug])

    @property
    def audience(self) -> str:
        """Whom it is for: "communes, entreprises", or "tous publics"."""
        return ", ".join(str(Family(value).label) for value in self.families) or gettext("tous publics")
