"""Actors, those who speak for them, and the people we may write to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.choices import FAMILY_OF, Family, Kind, MembershipRole, MembershipState, State
from actors.querysets import ActorQuerySet, ContactQuerySet
from territory import enterprise_numbers
from territory.models import Dimension, Locality, Municipality, Theme


class Actor(models.Model):
    """An organisation that acts on the territory: a commune, an association, an enterprise, a partner."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("type"), max_length=20, choices=Kind)
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.DRAFT)
    name = models.CharField(_("nom"), max_length=200)
    slug = models.SlugField(_("adresse courte"), max_length=220, unique=True)
    legal_form = models.CharField(_("forme juridique"), max_length=60, blank=True)
    enterprise_number = models.CharField(
        _("numéro d’entreprise"), max_length=10, blank=True, validators=[enterprise_numbers.validate]
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
    )
    municipalities_served = models.ManyToManyField(
        Municipality, verbose_name=_("communes desservies"), blank=True, related_name="served_by"
    )
    street = models.CharField(_("rue et numéro"), max_length=150, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    summary = models.CharField(_("en une phrase"), max_length=250, blank=True)
    description = models.TextField(_("description"), blank=True)
    email = models.EmailField(_("adresse e-mail publique"), blank=True)
    phone = models.CharField(_("téléphone public"), max_length=30, blank=True)
    website = models.URLField(_("site web"), blank=True)
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
        _("motif"), blank=True, help_text=_("Pourquoi la fiche est refusée ou archivée ; dit à la personne.")
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("fusionnée dans"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
    )
    search_text = models.TextField(_("texte cherché"), blank=True, editable=False)
    created_at = models.DateTimeField(_("créée le"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)

    objects = ActorQuerySet.as_manager()

    class Meta:
        verbose_name = _("acteur")
        verbose_name_plural = _("acteurs")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["state", "kind", "municipality"], name="actor_directory")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="actor_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="actor_state_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="actor_has_a_name"),
            models.CheckConstraint(
                condition=~Q(kind=Kind.MUNICIPALITY) | Q(municipality__isnull=False),
                name="actor_commune_names_its_municipality",
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into=None)),
                name="actor_merged_names_into_what",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="actor_is_not_merged_into_itself"),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(kind=Kind.MUNICIPALITY) & ~Q(state=State.MERGED),
                name="one_actor_a_commune",
            ),
            models.UniqueConstraint(
                fields=["enterprise_number"],
                condition=~Q(enterprise_number="") & ~Q(state=State.MERGED),
                name="one_actor_an_enterprise_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def family(self) -> Family:
        """The family by which the programme counts this actor."""
        return FAMILY_OF[self.kind]


class Membership(models.Model):
    """A user speaks for an actor."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("utilisateur"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    actor = models.ForeignKey(
        Actor, verbose_name=_("acteur"), on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("rôle"), max_length=10, choices=MembershipRole, default=MembershipRole.MEMBER)
    state = models.CharField(
        _("état"), max_length=10, choices=MembershipState, default=MembershipState.REQUESTED
    )
    since = models.DateTimeField(_("depuis"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("membre")
        verbose_name_plural = _("membres")
        ordering = ["actor__name", "role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "actor"], name="one_membership_a_user_and_actor"),
            models.CheckConstraint(
                condition=Q(role__in=MembershipRole.values), name="membership_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MembershipState.values), name="membership_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.actor}"


class Contact(models.Model):
    """A person we may write to or phone, with or without an account, with or without e-mail."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("nom"), max_length=150)
    function = models.CharField(_("fonction"), max_length=150, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    language = models.CharField(_("langue"), max_length=5, default="fr")
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("commune"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
    )
    actors = models.ManyToManyField(Actor, verbose_name=_("acteurs"), blank=True, related_name="contacts")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("compte"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact",
    )
    opted_out_at = models.DateTimeField(_("désinscrit le"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("adresse refusée le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"), default=timezone.now, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_a_name"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="contact_email_is_normalised"),
            models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="one_contact_an_email"),
        ]

    def __str__(self) -> str:
        return self.name


class Consent(models.Model):
    """A person agreed to be written to: when, to which text, said where. Withdrawn rather than deleted."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="consents"
    )
    given_at = models.DateTimeField(_("donné le"), default=timezone.now)
    text_version = models.CharField(_("version du texte"), max_length=60)
    source = models.CharField(
        _("origine"), max_length=200, help_text=_("Par exemple : fiche papier du 12/01/2027.")
    )
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    class Meta:
        verbose_name = _("consentement")
        verbose_name_plural = _("consentements")
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(text_version=""), name="consent_has_its_origin"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_is_withdrawn_after_it_is_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.given_at:%d/%m/%Y}"
