"""Needs: what somebody lacks, and what several communes lack together."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Actor, Contact
from needs.choices import Focus, Horizon, NeedState, Origin, SharedNeedState, Stance, Urgency
from needs.models.surveys import Answer
from needs.querysets import NeedQuerySet, PositionQuerySet, SharedNeedQuerySet
from territory.models import Dimension, Municipality, Objective, Pillar, Theme


class Need(models.Model):
    """Something that somebody lacks, in their own words; it stays theirs when it is pooled."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("titre"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    origin = models.CharField(_("origine"), max_length=12, choices=Origin)
    source = models.OneToOneField(
        Answer,
        verbose_name=_("réponse d’origine"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="need",
    )
    actor = models.ForeignKey(
        Actor,
        verbose_name=_("acteur"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
    )
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("commune"), on_delete=models.PROTECT, related_name="needs"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("auteur"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("auteur sans compte"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="needs",
    )
    theme = models.ForeignKey(
        Theme, verbose_name=_("thème"), on_delete=models.PROTECT, null=True, blank=True, related_name="needs"
    )
    dimension = models.ForeignKey(
        Dimension,
        verbose_name=_("dimension"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
    )
    pillars = models.ManyToManyField(Pillar, verbose_name=_("piliers"), blank=True, related_name="needs")
    objectives = models.ManyToManyField(
        Objective, verbose_name=_("objectifs liés (PST, ODD)"), blank=True, related_name="needs"
    )
    urgency = models.PositiveSmallIntegerField(_("urgence"), choices=Urgency, default=Urgency.NORMAL)
    horizon = models.CharField(_("horizon"), max_length=6, choices=Horizon, default=Horizon.MEDIUM)
    focus = models.CharField(_("accent"), max_length=13, choices=Focus, blank=True)
    poolable = models.BooleanField(
        _("à mutualiser"), default=False, help_text=_("La personne le souhaite avec d’autres communes.")
    )
    publishable = models.BooleanField(
        _("commune nommée"),
        default=False,
        help_text=_("Sa commune accepte d’être nommée quand le besoin est montré à tous."),
    )
    state = models.CharField(
        _("état"), max_length=9, choices=NeedState, default=NeedState.SUBMITTED, editable=False
    )
    reason = models.TextField(
        _("motif"), blank=True, help_text=_("Pourquoi le besoin n’est pas retenu ; dit à la personne.")
    )
    created_at = models.DateTimeField(_("reçu le"), default=timezone.now, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("besoin")
        verbose_name_plural = _("besoins")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="need_has_a_title"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="need_origin_is_known"),
            models.CheckConstraint(condition=Q(state__in=NeedState.values), name="need_state_is_known"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="need_urgency_is_known"),
            models.CheckConstraint(condition=Q(horizon__in=Horizon.values), name="need_horizon_is_known"),
            models.CheckConstraint(
                condition=~Q(state=NeedState.DECLINED) | ~Q(reason=""), name="need_declined_says_why"
            ),
            models.CheckConstraint(
                condition=Q(source=None) | Q(origin=Origin.ANSWER), name="need_with_an_answer_says_so"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SharedNeed(models.Model):
    """A need that several communes have; the needs it was made of stay, with their authors."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("titre"), max_length=160)
    slug = models.SlugField(_("adresse courte"), max_length=180, unique=True)
    description = models.TextField(_("description"), blank=True)
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("thème"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_needs",
    )
    dimension = models.ForeignKey(
        Dimension,
        verbose_name=_("dimension"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_needs",
    )
    needs = models.ManyToManyField(Need, verbose_name=_("besoins réunis"), related_name="shared_needs")
    horizon = models.CharField(_("horizon"), max_length=6, choices=Horizon, default=Horizon.MEDIUM)
    public = models.BooleanField(
        _("publié"), default=False, help_text=_("Visible de tous, avec les communes et sans les personnes.")
    )
    state = models.CharField(
        _("état"), max_length=8, choices=SharedNeedState, default=SharedNeedState.STUDIED, editable=False
    )
    created_at = models.DateTimeField(_("réuni le"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("publié le"), null=True, editable=False, db_index=True)

    objects = SharedNeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("besoin mutualisé")
        verbose_name_plural = _("besoins mutualisés")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="shared_need_has_a_title"),
            models.CheckConstraint(
                condition=Q(state__in=SharedNeedState.values), name="shared_need_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(horizon__in=Horizon.values), name="shared_need_horizon_is_known"
            ),
            models.CheckConstraint(
                condition=Q(public=False) | Q(published_at__isnull=False),
                name="shared_need_published_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        """Save; a published one keeps since when, one that is withdrawn forgets it."""
        if self.public != (self.published_at is not None):
            self.published_at = timezone.now() if self.public else None
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "published_at"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its page, composed above this room with what answers it; named, not imported."""
        return reverse("portal:shared_need", args=[self.slug])


class Position(models.Model):
    """How far a municipality goes with a shared need: an intention, until a délibération says so."""

    shared_need = models.ForeignKey(
        SharedNeed, verbose_name=_("besoin mutualisé"), on_delete=models.CASCADE, related_name="positions"
    )
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("commune"), on_delete=models.PROTECT, related_name="positions"
    )
    stance = models.CharField(
        _("position"),
        max_length=10,
        choices=Stance,
        help_text=_(
            "La commune l’a dite pour qu’elle soit connue : tous la voient une fois le besoin publié."
        ),
    )
    updated_at = models.DateTimeField(_("dite le"), default=timezone.now, editable=False)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position d’une commune")
        verbose_name_plural = _("positions des communes")
        ordering = ["municipality__slug", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shared_need", "municipality"], name="one_position_a_municipality"
            ),
            models.CheckConstraint(condition=Q(stance__in=Stance.values), name="position_stance_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.get_stance_display()}"
