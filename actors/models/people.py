"""People we may write to or phone, and what they agreed to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import normalise_email
from actors.models.organisations import Actor
from actors.querysets import ContactQuerySet
from territory.models import Municipality
from typography.folding import fold


class Contact(models.Model):
    """A person we may write to or phone, with or without an account, with or without e-mail."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("nom"), max_length=150)
    function = models.CharField(
        _("fonction"),
        max_length=150,
        blank=True,
        help_text=_("Par exemple\u00a0: directrice générale, échevin."),
    )
    email = models.EmailField(
        _("adresse e-mail"),
        blank=True,
        help_text=_("Vide pour une personne sans e-mail\u00a0: elle reste joignable."),
    )
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
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("fusionné dans"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        help_text=_("Seul reste d’un contact fusionné ce qui ne pouvait pas suivre."),
    )
    opted_out_at = models.DateTimeField(_("désinscrit le"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("adresse refusée le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(
        _("effacé le"),
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "La personne l’a demandé\u00a0: il ne reste qu’une ligne sans nom, pour que les comptes restent justes."
        ),
    )
    search_text = models.TextField(
        _("texte cherché"),
        blank=True,
        editable=False,
        help_text=_(
            "Nom, fonction, adresse et chiffres du téléphone, sans accents\u00a0: écrit à chaque enregistrement."
        ),
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "pk"]
        permissions = [("erase_contact", _("Peut effacer une personne"))]
        indexes = [models.Index(fields=["name", "id"], name="contact_by_name")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_a_name"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(email="", user=None),
                name="merged_contact_is_not_written_to",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="contact_is_not_merged_into_itself"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="contact_email_is_normalised"),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(email="", phone="", function="", user=None),
                name="erased_contact_is_nobody",
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=~Q(email=""),
                name="one_contact_an_email",
                violation_error_message=_("Un autre contact a déjà cette adresse."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Save with the text by which the desk searches, folded anew."""
        self.fold_words()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    def fold_words(self) -> None:
        """Write the folded text, as `save` does and `bulk_create` does not."""
        digits = "".join(sign for sign in self.phone if sign.isdigit())
        self.search_text = fold(" ".join([self.name, self.function, self.email, digits]))

    def clean(self) -> None:
        self.email = normalise_email(self.email)


class Consent(models.Model):
    """A person agreed to be written to: when, to which text, said where. Withdrawn rather than deleted."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="consents"
    )
    given_at = models.DateTimeField(_("donné le"), default=timezone.now)
    text_version = models.CharField(
        _("version du texte"),
        max_length=60,
        help_text=_("Le texte que la personne a lu, par exemple «\u00a02027-01\u00a0»."),
    )
    source = models.CharField(
        _("origine"), max_length=200, help_text=_("Par exemple\u00a0: fiche papier du 12/01/2027.")
    )
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    class Meta:
        verbose_name = _("consentement")
        verbose_name_plural = _("consentements")
        ordering = ["-given_at"]
        indexes = [models.Index(fields=["given_at"], name="consent_by_moment")]
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
