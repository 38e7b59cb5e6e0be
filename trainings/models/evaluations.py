"""What people thought of a session."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trainings.models.sessions import TrainingSession


class Evaluation(models.Model):
    """What somebody thought of a session: not who, and not when, so that nothing leads back to a person.

    Its key is drawn at random: rows told in their order of arrival would tell who wrote which.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(
        TrainingSession, verbose_name=_("séance"), on_delete=models.PROTECT, related_name="evaluations"
    )
    useful = models.PositiveSmallIntegerField(_("utile"))
    clear = models.PositiveSmallIntegerField(_("clair"))
    welcome = models.PositiveSmallIntegerField(_("accueil"))
    remarks = models.TextField(_("remarques"), blank=True)
    missing = models.TextField(_("ce qui manque"), blank=True)
    shown = models.BooleanField(
        _("montrée"),
        default=False,
        editable=False,
        help_text=_("Les avis paraissent cinq à la fois : un seul de plus dirait lequel."),
    )

    class Meta:
        verbose_name = _("évaluation")
        verbose_name_plural = _("évaluations")
        ordering = ["session", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(useful__range=(1, 5), clear__range=(1, 5), welcome__range=(1, 5)),
                name="evaluation_scores_are_from_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return gettext("Une évaluation")
