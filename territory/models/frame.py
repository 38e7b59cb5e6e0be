"""The frame of reading: themes, dimensions, pillars, and the plans whose objectives the work serves."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from territory.choices import MUNICIPAL_PLANS, Level, PlanKind
from territory.models.places import Municipality
from territory.querysets import ObjectiveQuerySet, StrategicPlanQuerySet


class Entry(models.Model):
    """One line of a short list that people choose from."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("nom"), max_length=100, unique=True)
    description = models.TextField(_("description"), blank=True)
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Theme(Entry):
    """What an actor, a training or a project is about."""

    class Meta(Entry.Meta):
        verbose_name = _("thème")
        verbose_name_plural = _("thèmes")
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="theme_has_code_and_name")
        ]


class Dimension(Entry):
    """One of the six dimensions of a smart territory (Giffinger et al., Smart cities, 2007)."""

    colour = models.SlugField(
        _("clé de couleur"),
        max_length=20,
        unique=True,
        help_text=_("Nom de la couleur dans la feuille de style."),
    )

    class Meta(Entry.Meta):
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="dimension_has_code_and_name")
        ]


class Pillar(Entry):
    """One of the three pillars of sustainable development: economic, social, environmental."""

    class Meta(Entry.Meta):
        verbose_name = _("pilier")
        verbose_name_plural = _("piliers")
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="pillar_has_code_and_name")
        ]


class StrategicPlan(models.Model):
    """A plan that the work answers to; its objectives form a tree."""

    kind = models.CharField(_("type"), max_length=20, choices=PlanKind)
    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("titre"), max_length=200)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("commune"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
        help_text=_("Pour un PST ou un PCDR seulement."),
    )
    start_year = models.PositiveSmallIntegerField(_("première année"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("dernière année"), null=True, blank=True)
    adopted_by_college = models.DateField(_("adopté par le Collège le"), null=True, blank=True)
    adopted_by_council = models.DateField(
        _("adopté ou pris en acte par le Conseil le"), null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    url = models.URLField(_("adresse du document"), blank=True)

    objects = StrategicPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan stratégique")
        verbose_name_plural = _("plans stratégiques")
        ordering = ["kind", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PlanKind.values), name="plan_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind__in=MUNICIPAL_PLANS, municipality__isnull=False)
                | (~Q(kind__in=MUNICIPAL_PLANS) & Q(municipality__isnull=True)),
                name="plan_municipality_goes_with_its_kind",
                violation_error_message=_(
                    "Un PST ou un PCDR appartient à une commune, les autres plans à aucune."
                ),
            ),
            models.CheckConstraint(
                condition=Q(start_year=None) | Q(end_year=None) | Q(start_year__lte=F("end_year")),
                name="plan_begins_before_it_ends",
                violation_error_message=_("La première année ne peut pas suivre la dernière."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Objective(models.Model):
    """A node of a plan's tree, down to the action or the « fiche-projet »."""

    plan = models.ForeignKey(
        StrategicPlan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="objectives"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("objectif parent"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    level = models.CharField(_("niveau"), max_length=20, choices=Level)
    code = models.CharField(
        _("code"), max_length=30, help_text=_("Unique dans le plan, par exemple « 1.2 ».")
    )
    title = models.CharField(_("titre"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("objectif")
        verbose_name_plural = _("objectifs")
        ordering = ["plan", "order", "code"]
        constraints = [
            models.UniqueConstraint("plan", "code", name="one_objective_a_code_in_its_plan"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="objective_level_is_known"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(title=""), name="objective_has_code_and_title"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="objective_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def clean(self) -> None:
        """Refuse a parent in another plan, or below this objective."""
        above = self.parent
        while above:
            if above.plan_id != self.plan_id:
                raise ValidationError({"parent": _("L’objectif parent appartient à un autre plan.")})
            if above.pk == self.pk:
                raise ValidationError(
                    {"parent": _("L’objectif parent se trouve sous celui-ci : choisissez-en un autre.")}
                )
            above = above.parent
