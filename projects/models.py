"""Projects that several actors build together: who, where, until when, and which needs they answer."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF
from actors.models import Actor
from needs.choices import Horizon
from needs.models import SharedNeed
from projects.choices import EXPLAINED, STATE_ICONS, STATE_TAGS, UNDER_WAY, Kind, PartnerRole, State
from projects.querysets import MilestoneQuerySet, ProjectQuerySet
from territory.choices import Level
from territory.models import Dimension, Municipality, Objective, Pillar, Theme


class Project(models.Model):
    """Something that several actors build for several municipalities, led by one of them."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("titre"), max_length=160)
    slug = models.SlugField(_("adresse courte"), max_length=180, unique=True)
    kind = models.CharField(_("type"), max_length=14, choices=Kind, default=Kind.TOOL)
    summary = models.CharField(
        _("en une phrase"), max_length=250, blank=True, help_text=_("Ce que le projet change, et pour qui.")
    )
    story = models.TextField(
        _("récit"),
        blank=True,
        help_text=_("Une ligne vide sépare deux paragraphes. Public, sauf à l’annonce."),
    )
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.ANNOUNCED, editable=False)
    state_since = models.DateField(_("dans cet état depuis le"), default=timezone.localdate, editable=False)
    reason = models.TextField(
        _("motif"),
        blank=True,
        help_text=_("Pour mettre en pause ou abandonner : le motif est dit sur la page du projet."),
    )
    published = models.BooleanField(_("publié"), default=False, editable=False)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True, editable=False)
    lead = models.ForeignKey(
        Actor, verbose_name=_("porteur"), on_delete=models.PROTECT, related_name="projects_led"
    )
    lag_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("contact au GAL"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"role__in": STAFF},
    )
    action_sheet = models.ForeignKey(
        Objective,
        verbose_name=_("fiche-projet"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        limit_choices_to={"level": Level.ACTION_SHEET},
        help_text=_("La fiche de la stratégie du GAL sous laquelle le projet se compte."),
    )
    municipalities = models.ManyToManyField(
        Municipality, verbose_name=_("communes concernées"), blank=True, related_name="projects"
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("thèmes"), blank=True, related_name="projects")
    dimensions = models.ManyToManyField(
        Dimension, verbose_name=_("dimensions"), blank=True, related_name="projects"
    )
    pillars = models.ManyToManyField(Pillar, verbose_name=_("piliers"), blank=True, related_name="projects")
    objectives = models.ManyToManyField(
        Objective,
        verbose_name=_("objectifs servis"),
        blank=True,
        related_name="projects_serving",
        help_text=_("Objectifs de PST, de PCDR ou de développement durable."),
    )
    shared_needs = models.ManyToManyField(
        SharedNeed, verbose_name=_("besoins auxquels il répond"), blank=True, related_name="projects"
    )
    horizon = models.CharField(_("horizon"), max_length=6, choices=Horizon, default=Horizon.MEDIUM)
    starts_on = models.DateField(_("début prévu le"), null=True, blank=True)
    ends_on = models.DateField(_("fin prévue le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("projet")
        verbose_name_plural = _("projets")
        ordering = ["title", "pk"]
        indexes = [models.Index(fields=["published", "state"], name="project_list")]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(slug=""), name="project_has_a_title"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="project_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="project_state_is_known"),
            models.CheckConstraint(condition=Q(horizon__in=Horizon.values), name="project_horizon_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=EXPLAINED) | ~Q(reason=""),
                name="project_stopped_says_why",
                violation_error_message=_("Un projet en pause ou abandonné garde son motif."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="project_begins_before_it_ends",
                violation_error_message=_("La fin prévue ne peut pas précéder le début."),
            ),
            models.CheckConstraint(
                condition=Q(published=False) | Q(published_at__isnull=False),
                name="project_published_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The project's sheet."""
        return reverse("projects:project", args=[self.slug])

    def clean(self) -> None:
        """Refuse another project's former address, an objective that is no fiche-projet, a stop without a reason."""
        if ProjectSlug.objects.filter(slug=self.slug).exclude(project=self.pk).exists():
            raise ValidationError({"slug": _("Cette adresse mène encore à un projet qui a changé de titre.")})
        if self.action_sheet and self.action_sheet.level != Level.ACTION_SHEET:
            raise ValidationError({"action_sheet": _("Choisissez une fiche-projet, pas un autre objectif.")})
        if self.state in EXPLAINED and not self.reason.strip():
            raise ValidationError({"reason": _("Un projet en pause ou abandonné garde son motif.")})

    @property
    def described(self) -> bool:
        """Whether there is something to read: an announced project shows its title alone."""
        return self.state != State.ANNOUNCED and bool(self.summary or self.story)

    @property
    def is_under_way(self) -> bool:
        """Whether it is neither over nor stopped: only then may a step be late."""
        return self.state in UNDER_WAY

    @property
    def icon(self) -> str:
        """The sign of the state, a symbol of img/icons.svg."""
        return STATE_ICONS[self.state]

    @property
    def tag(self) -> str:
        """The colour of the state's tag; "" is neutral."""
        return STATE_TAGS.get(self.state, "")


class ProjectSlug(models.Model):
    """An address that a project had: it leads to the present one."""

    project = models.ForeignKey(
        Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="former_slugs"
    )
    slug = models.SlugField(_("ancienne adresse courte"), max_length=180, unique=True)

    class Meta:
        verbose_name = _("ancienne adresse")
        verbose_name_plural = _("anciennes adresses")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Partnership(models.Model):
    """An actor's part in a project, besides leading it; an actor may have several."""

    project = models.ForeignKey(
        Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="partnerships"
    )
    actor = models.ForeignKey(
        Actor, verbose_name=_("acteur"), on_delete=models.PROTECT, related_name="partnerships"
    )
    role = models.CharField(_("rôle"), max_length=8, choices=PartnerRole, default=PartnerRole.PARTNER)

    class Meta:
        verbose_name = _("partenaire")
        verbose_name_plural = _("partenaires")
        ordering = ["project", "actor__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "actor", "role"],
                name="one_partnership_a_role",
                violation_error_message=_("Cet acteur a déjà ce rôle dans le projet."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=PartnerRole.values), name="partnership_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor}, {self.get_role_display()}"


class Milestone(models.Model):
    """A step of a project: the day it is due, the day it was reached."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="milestones"
    )
    title = models.CharField(_("étape"), max_length=160)
    due_on = models.DateField(_("prévue le"))
    done_on = models.DateField(_("franchie le"), null=True, blank=True)
    responsible = models.ForeignKey(
        Actor,
        verbose_name=_("responsable"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
    )
    order = models.PositiveSmallIntegerField(
        _("ordre"), default=0, help_text=_("Départage deux étapes du même jour.")
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("étape")
        verbose_name_plural = _("étapes")
        ordering = ["due_on", "order", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None), name="milestone_waiting")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="milestone_has_a_title"),
            models.UniqueConstraint(
                fields=["project", "title"],
                name="one_milestone_a_title",
                violation_error_message=_("Ce projet a déjà une étape de ce nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a day that has not come as the day it was reached."""
        if self.done_on and self.done_on > timezone.localdate():
            raise ValidationError({"done_on": _("Une étape franchie ne peut pas l’être demain.")})

    @property
    def is_late(self) -> bool:
        """Whether its day has passed, in a project under way."""
        return self.done_on is None and self.due_on < timezone.localdate() and self.project.is_under_way
