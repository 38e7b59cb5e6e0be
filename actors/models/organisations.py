"""An organisation that acts on the territory, and the addresses it had."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.choices import FAMILY_OF, Family, Kind, NACESection, SizeClass, State
from actors.querysets import ActorQuerySet
from documents.storage import private_storage, random_name
from territory import enterprise_numbers
from territory.models import Dimension, Locality, Municipality, Theme
from typography.folding import fold

RESERVED = ("proposer",)
"""What follows « /acteurs/ » in the address of a page: no sheet may be called so."""
SEARCHED = 20_000
"""Signs of a sheet that are searched; a description beyond them is read, not found."""


class Actor(models.Model):
    """An organisation that acts on the territory: a commune, an association, an enterprise, a partner."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(
        _("type"),
        max_length=20,
        choices=Kind,
        help_text=_("Décide de la famille sous laquelle on le trouve."),
    )
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.DRAFT)
    name = models.CharField(_("nom"), max_length=200, help_text=_("Tel que les gens le connaissent."))
    slug = models.SlugField(
        _("adresse courte"),
        max_length=220,
        unique=True,
        help_text=_("La fin de l’adresse de la fiche\u00a0; l’ancienne continue d’y mener."),
    )
    legal_form = models.CharField(
        _("forme juridique"),
        max_length=60,
        blank=True,
        help_text=_("Par exemple\u00a0: ASBL, SRL, coopérative."),
    )
    enterprise_number = models.CharField(
        _("numéro d’entreprise"), max_length=10, blank=True, validators=[enterprise_numbers.validate]
    )
    nace_section = models.CharField(
        _("section NACE-BEL"),
        max_length=1,
        choices=NACESection,
        blank=True,
        help_text=_("Pour une entreprise\u00a0: son activité principale."),
    )
    size_class = models.CharField(
        _("taille"),
        max_length=3,
        choices=SizeClass,
        blank=True,
        help_text=_("Pour un employeur\u00a0: combien de personnes il occupe."),
    )
    languages = models.CharField(
        _("langues"),
        max_length=120,
        blank=True,
        help_text=_(
            "Dans lesquelles on peut leur écrire ou leur parler, par exemple\u00a0: français, néerlandais."
        ),
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("commune du siège"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actors",
        help_text=_("Laissez vide pour un partenaire établi hors du territoire."),
    )
    locality = models.ForeignKey(
        Locality,
        verbose_name=_("village"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actors",
        help_text=_("Un village de la commune du siège."),
    )
    municipalities_served = models.ManyToManyField(
        Municipality,
        verbose_name=_("communes desservies"),
        blank=True,
        related_name="served_by",
        help_text=_("Là où il agit, siège compris."),
    )
    street = models.CharField(_("rue et numéro"), max_length=150, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("Degrés, par exemple 4,87."))
    lat = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("Degrés, par exemple 50,72."))
    summary = models.CharField(
        _("en une phrase"), max_length=250, blank=True, help_text=_("Montrée dans l’annuaire, sous le nom.")
    )
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("Texte simple\u00a0; une ligne vide sépare les paragraphes."),
    )
    email = models.EmailField(
        _("adresse e-mail publique"),
        blank=True,
        help_text=_("Montrée à tous\u00a0: de préférence celle d’un service, pas d’une personne."),
    )
    phone = models.CharField(_("téléphone public"), max_length=30, blank=True)
    website = models.URLField(_("site web"), blank=True)
    logo = models.FileField(
        _("logo"), storage=private_storage, upload_to=random_name, max_length=200, blank=True, editable=False
    )
    logo_width = models.PositiveSmallIntegerField(_("largeur du logo"), default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(_("hauteur du logo"), default=0, editable=False)
    events = models.TextField(
        _("ce qui s’annonce"),
        blank=True,
        help_text=_("Portes ouvertes, marchés, concerts\u00a0: une ligne chacun, avec la date."),
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("thèmes"), blank=True, related_name="actors")
    dimensions = models.ManyToManyField(
        Dimension, verbose_name=_("dimensions"), blank=True, related_name="actors"
    )
    lag_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("personne de contact au GAL"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.TextField(
        _("motif"),
        blank=True,
        help_text=_("Pourquoi la fiche est refusée ou archivée\u00a0; dit à la personne."),
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("fusionnée dans"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
    )
    confirmed_at = models.DateTimeField(
        _("confirmée le"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Quand quelqu’un de l’acteur a dit pour la dernière fois que la fiche est juste."),
    )
    confirmation_asked_at = models.DateTimeField(
        _("confirmation demandée le"), null=True, blank=True, editable=False
    )
    confirmation_round = models.PositiveIntegerField(
        _("nombre de confirmations demandées"), default=0, editable=False
    )
    search_text = models.TextField(
        _("texte cherché"),
        blank=True,
        editable=False,
        help_text=_("Nom, phrase et description, sans accents\u00a0: écrit à chaque enregistrement."),
    )
    sort_name = models.CharField(_("nom de tri"), max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(_("créée le"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)

    objects = ActorQuerySet.as_manager()

    class Meta:
        verbose_name = _("acteur")
        verbose_name_plural = _("acteurs")
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["state", "kind", "municipality", "locality"], name="actor_directory"),
            models.Index(fields=["state", "sort_name", "id"], name="actor_by_name"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="actor_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="actor_state_is_known"),
            models.CheckConstraint(
                condition=Q(nace_section__in=["", *NACESection.values])
                & Q(size_class__in=["", *SizeClass.values]),
                name="actor_section_and_size_are_known",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(slug=""), name="actor_has_a_name"),
            models.CheckConstraint(
                condition=Q(enterprise_number="") | Q(enterprise_number__regex=r"^[01][0-9]{9}$"),
                name="actor_enterprise_number_is_ten_digits",
            ),
            models.CheckConstraint(
                condition=Q(website="") | Q(website__regex=r"^https?://"), name="actor_website_is_a_page"
            ),
            models.CheckConstraint(
                # One of the two alone would be unknown to SQL, and let through.
                condition=Q(lon=None, lat=None)
                | Q(lon__isnull=False, lat__isnull=False, lon__range=(-180, 180), lat__range=(-90, 90)),
                name="actor_point_is_on_earth",
                violation_error_message=_("Donnez la longitude et la latitude, ou aucune des deux."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.MUNICIPALITY) | Q(municipality__isnull=False),
                name="actor_commune_names_its_municipality",
                violation_error_message=_("Une commune indique de quelle commune il s’agit."),
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into=None)),
                name="actor_merged_names_into_what",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="actor_is_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(logo="", logo_width=0, logo_height=0)
                | (~Q(logo="") & Q(logo_width__gt=0, logo_height__gt=0)),
                name="actor_logo_has_a_size",
            ),
            models.CheckConstraint(
                condition=Q(confirmation_round=0, confirmation_asked_at=None)
                | Q(confirmation_round__gt=0, confirmation_asked_at__isnull=False),
                name="actor_confirmation_was_asked_some_day",
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(kind=Kind.MUNICIPALITY) & ~Q(state=State.MERGED),
                name="one_actor_a_commune",
                violation_error_message=_("Cette commune a déjà sa fiche."),
            ),
            models.UniqueConstraint(
                fields=["enterprise_number"],
                condition=~Q(enterprise_number="") & ~Q(state=State.MERGED),
                name="one_actor_an_enterprise_number",
                violation_error_message=_("Un autre acteur porte déjà ce numéro d’entreprise."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Save with the text by which the directory searches and sorts, folded anew."""
        self.fold_words()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_text", "sort_name", "updated_at"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The sheet, a page composed above this room; named, not imported."""
        return reverse("portal:actor", args=[self.slug])

    def clean(self) -> None:
        """Refuse a village of another commune, and an address that was another actor's."""
        if self.locality and self.locality.municipality_id != self.municipality_id:
            raise ValidationError({"locality": _("Ce village n’est pas dans la commune du siège.")})
        if self.slug in RESERVED:
            raise ValidationError({"slug": _("Cette adresse est celle d’une page du portail.")})
        if ActorSlug.objects.filter(slug=self.slug).exclude(actor=self.pk).exists():
            raise ValidationError({"slug": _("Cette adresse mène encore à un acteur qui a changé de nom.")})

    def fold_words(self) -> None:
        """Write the two folded texts, as `save` does and `bulk_create` does not. Places: see `actors.naming`."""
        self.search_text = fold(" ".join([self.name, self.summary, self.description]))[:SEARCHED]
        self.sort_name = fold(self.name)[:200]

    @property
    def family(self) -> Family:
        """The family by which the programme counts this actor."""
        return FAMILY_OF[self.kind]

    @property
    def logo_address(self) -> str:
        """Where the logo is read, other for another picture; "" without one."""
        if not self.logo:
            return ""
        return f"{reverse('actors:logo', args=[self.slug])}?{PurePath(str(self.logo.name)).stem[:8]}"

    @property
    def enterprise_number_shown(self) -> str:
        """The enterprise number as it is printed: "0314.595.348", or ""."""
        return enterprise_numbers.shown(self.enterprise_number)

    @property
    def activity(self) -> str:
        """What the NACE section is called, without its letter: "Construction", or ""."""
        return self.get_nace_section_display().partition(" · ")[2]

    @property
    def place(self) -> str:
        """Where the seat is: "Folx-les-Caves (Orp-Jauche)", "Jodoigne", or ""."""
        if not self.locality or self.locality.name == str(self.municipality):
            return str(self.municipality or "")
        return f"{self.locality.name} ({self.municipality})"


class ActorSlug(models.Model):
    """An address that an actor had: it leads to the present one."""

    actor = models.ForeignKey(
        Actor, verbose_name=_("acteur"), on_delete=models.CASCADE, related_name="former_slugs"
    )
    slug = models.SlugField(_("ancienne adresse courte"), max_length=220, unique=True)

    class Meta:
        verbose_name = _("ancienne adresse")
        verbose_name_plural = _("anciennes adresses")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug
