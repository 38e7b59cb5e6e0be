"""What anybody suggests: a sheet that is missing, an error on one that is there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models.organisations import Actor
from actors.querysets import CorrectionQuerySet, ProposalQuerySet


class Proposal(models.Model):
    """Somebody proposed a sheet, and is owed an answer: the person, and what they are to the actor."""

    actor = models.ForeignKey(
        Actor, verbose_name=_("acteur"), on_delete=models.CASCADE, related_name="proposals"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("compte"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    name = models.CharField(_("nom de la personne"), max_length=150)
    email = models.EmailField(_("son adresse e-mail"))
    relation = models.CharField(_("son lien avec l’acteur"), max_length=200, blank=True)
    enterprise_number = models.CharField(
        _("numéro déjà pris"),
        max_length=10,
        blank=True,
        help_text=_(
            "Un numéro d’entreprise donné ici et que porte déjà une autre fiche\u00a0: à fusionner\u00a0?"
        ),
    )
    nonce = models.CharField(
        _("formulaire"),
        max_length=32,
        blank=True,
        editable=False,
        help_text=_("Un formulaire envoyé deux fois est une proposition."),
    )
    created_at = models.DateTimeField(_("reçue le"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(_("réponse envoyée le"), null=True, blank=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposition de fiche")
        verbose_name_plural = _("propositions de fiches")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(email=""), name="proposal_is_somebody_s"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="proposal_email_is_normalised"),
            models.UniqueConstraint(fields=["nonce"], condition=~Q(nonce=""), name="one_proposal_a_form"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.actor}"


class Correction(models.Model):
    """Somebody says what is wrong on a sheet; the team reads it, and says when it is dealt with."""

    actor = models.ForeignKey(
        Actor, verbose_name=_("acteur"), on_delete=models.CASCADE, related_name="corrections"
    )
    text = models.TextField(_("ce qui est faux"), max_length=2000)
    email = models.EmailField(_("adresse pour répondre"), blank=True)
    created_at = models.DateTimeField(_("reçu le"), default=timezone.now, editable=False)
    handled_at = models.DateTimeField(_("traité le"), null=True, blank=True, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("erreur signalée")
        verbose_name_plural = _("erreurs signalées")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="correction_says_something"),
        ]

    def __str__(self) -> str:
        return str(self.actor)
