"""What was said with people, face to face or from afar, and what comes next."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.choices import InteractionKind
from actors.models.organisations import Actor
from actors.models.people import Contact
from actors.querysets import InteractionQuerySet
from territory.choices import Level as ObjectiveLevel
from territory.models import Objective
from typography import dates


class Interaction(models.Model):
    """A visit, a call, a meeting: when, with whom, what was said, and the next step if there is one.

    At least one contact or actor takes part: `actions.record` sees to it, links being rows of other tables.
    """

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    date = models.DateField(_("date"), default=timezone.localdate, db_index=True)
    kind = models.CharField(
        _("type"), max_length=10, choices=InteractionKind, default=InteractionKind.MEETING
    )
    contacts = models.ManyToManyField(
        Contact, verbose_name=_("personnes"), blank=True, related_name="interactions"
    )
    actors = models.ManyToManyField(Actor, verbose_name=_("acteurs"), blank=True, related_name="interactions")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("pour le GAL"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Qui de l’équipe y était."),
    )
    action_sheet = models.ForeignKey(
        Objective,
        verbose_name=_("fiche-projet"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="interactions",
        limit_choices_to={"level": ObjectiveLevel.ACTION_SHEET},
        help_text=_("Sous laquelle le temps passé est justifié."),
    )
    summary = models.TextField(
        _("ce qui s’est dit"),
        help_text=_("Des faits\u00a0: la personne peut demander à lire ces lignes."),
    )
    next_step = models.CharField(_("prochaine étape"), max_length=200, blank=True)
    next_step_on = models.DateField(
        _("pour le"), null=True, blank=True, help_text=_("Ce jour-là, elle paraît au bureau.")
    )
    next_step_done_at = models.DateTimeField(_("étape faite le"), null=True, blank=True, editable=False)
    to_reread = models.BooleanField(
        _("à relire"),
        default=False,
        editable=False,
        help_text=_("Une personne qui y prenait part est effacée\u00a0: le texte peut encore la nommer."),
    )
    created_at = models.DateTimeField(_("notée le"), default=timezone.now, editable=False)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = _("échange")
        verbose_name_plural = _("échanges")
        ordering = ["-date", "-pk"]
        indexes = [
            models.Index(
                fields=["next_step_on"],
                condition=Q(next_step_done_at=None, next_step_on__isnull=False),
                name="interaction_to_follow",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=InteractionKind.values), name="interaction_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(summary=""), name="interaction_says_something"),
            models.CheckConstraint(
                condition=Q(next_step="", next_step_on=None)
                | (~Q(next_step="") & Q(next_step_on__isnull=False)),
                name="next_step_has_its_day",
                violation_error_message=_(
                    "Une prochaine étape a un texte et une date, ou ni l’un ni l’autre."
                ),
            ),
            models.CheckConstraint(
                condition=Q(next_step_done_at=None) | Q(next_step_on__isnull=False),
                name="done_step_was_to_do",
            ),
        ]

    def __str__(self) -> str:
        # Without a name: the journal and the history of the desk keep it.
        return f"{self.get_kind_display()} du {dates.day(self.date, weekday=False)}"
