"""Offers: what one learns, for whom, and with whom."""

from pathlib import PurePath

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actors.choices import Family, State
from actors.models import Actor
from documents.storage import private_storage, random_name
from needs.models import SharedNeed
from territory.choices import Level as ObjectiveLevel
from territory.models import Dimension, Objective, Theme
from trainings import names
from trainings.choices import Level, TrainingState
from trainings.querysets import (
    TrainingQuerySet,
)

PICTURE_WIDTH = 800
"""Pixels: a page gives an offer's picture at most half of it, for screens with fine pixels."""


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
    image = models.FileField(
        _("image"), storage=private_storage, upload_to=random_name, max_length=200, blank=True, editable=False
    )
    image_width = models.PositiveSmallIntegerField(_("largeur de l’image"), default=0, editable=False)
    image_height = models.PositiveSmallIntegerField(_("hauteur de l’image"), default=0, editable=False)
    image_alt = models.CharField(
        _("ce que montre l’image"),
        max_length=200,
        blank=True,
        help_text=_("Pour qui ne la voit pas : « Six personnes autour d’une carte, dans une grange »."),
    )
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
            models.CheckConstraint(
                condition=Q(image="", image_width=0, image_height=0)
                | (~Q(image="") & Q(image_width__gt=0, image_height__gt=0)),
                name="training_image_has_a_size",
            ),
            models.CheckConstraint(
                condition=Q(image="") | ~Q(image_alt=""), name="training_image_says_what_it_shows"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.title, self.summary = names.clean(self.title), names.clean(self.summary)
        self.image_alt = names.clean(self.image_alt)
        self.search_text = names.folded(f"{self.title} {self.summary}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("trainings:training", args=[self.slug])

    @property
    def audience(self) -> str:
        """Whom it is for: "communes, entreprises", or "tous publics"."""
        return ", ".join(str(Family(value).label) for value in self.families) or gettext("tous publics")

    @property
    def given_by(self) -> list["Trainer"]:
        """Those who give it, each once: two sheets of one organisation may have been merged."""
        found = self.trainers.select_related("actor")
        return [*{(one.name, one.actor_id): one for one in found}.values()]

    @property
    def image_address(self) -> str:
        """Where the picture is read, other for another picture; "" without one."""
        if not self.image:
            return ""
        return f"{reverse('trainings:image', args=[self.slug])}?{PurePath(str(self.image.name)).stem[:8]}"


class Trainer(models.Model):
    """Who gives a training: a person, an actor of the directory, or a person of that actor."""

    training = models.ForeignKey(
        Training, verbose_name=_("formation"), on_delete=models.CASCADE, related_name="trainers"
    )
    name = models.CharField(
        _("nom"), max_length=160, blank=True, help_text=_("« Odile Fictive, Atelier du Tilleul ».")
    )
    actor = models.ForeignKey(
        Actor,
        verbose_name=_("acteur"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="trainings_given",
        limit_choices_to={"state": State.PUBLISHED},
    )

    class Meta:
        verbose_name = _("formateur ou formatrice")
        verbose_name_plural = _("formateurs et formatrices")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") | Q(actor__isnull=False),
                name="trainer_is_somebody",
                violation_error_message=_("Donnez un nom, choisissez un acteur, ou les deux."),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.name, str(self.actor or "")]))

    def save(self, *args, **kwargs) -> None:
        self.name = names.clean(self.name)
        super().save(*args, **kwargs)

    @property
    def leads_to_a_sheet(self) -> bool:
        """Whether the actor has a page that everybody may read."""
        return bool(self.actor and self.actor.state == State.PUBLISHED)
