"""Letters: what was written to whom, and whether it left."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox import kinds
from outbox.choices import HELD, Lane, State
from outbox.querysets import LetterQuerySet


class Letter(models.Model):
    """One message as it will leave, with everyone it goes to; written in its sender's transaction."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    lane = models.CharField(_("voie"), max_length=20, choices=Lane, default=Lane.TRANSACTIONAL)
    kind = models.CharField(_("type"), max_length=60, blank=True)
    about = models.CharField(_("à propos de"), max_length=120, blank=True, db_index=True)
    secret = models.BooleanField(
        _("secrète"),
        default=False,
        help_text=_(
            "Contient un code ou un lien de connexion\u00a0: ni son objet ni son texte ne se lisent ici."
        ),
    )
    state = models.CharField(_("état"), max_length=20, choices=State, default=State.QUEUED)
    sender = models.CharField(_("expéditeur"), max_length=320)
    recipients = models.TextField(_("destinataires"), help_text=_("Une adresse par ligne."))
    pending = models.TextField(_("restent à servir"), blank=True)
    refused = models.TextField(_("adresses refusées"), blank=True)
    host = models.CharField(_("domaine du destinataire"), max_length=255)
    subject = models.TextField(_("objet"), blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=998, db_index=True)
    message = models.BinaryField(_("message"))
    created_at = models.DateTimeField(_("écrite le"), default=timezone.now, db_index=True)
    changed_at = models.DateTimeField(_("dans cet état depuis"), default=timezone.now)
    next_try_at = models.DateTimeField(_("prochain essai"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    claimed_at = models.DateTimeField(_("réservée le"), null=True, blank=True)
    claimed_by = models.CharField(_("réservée par"), max_length=120, blank=True)
    lease_until = models.DateTimeField(_("réservée jusqu’au"), null=True, blank=True)
    sent_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    emptied_at = models.DateTimeField(_("texte effacé le"), null=True, blank=True)
    last_error = models.TextField(_("dernière réponse"), blank=True)
    resent_by = models.CharField(_("renvoyée par"), max_length=200, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("lettre")
        verbose_name_plural = _("lettres")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("resend_letter", _("Peut renvoyer une lettre")),
            ("cancel_letter", _("Peut annuler une lettre")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="letter_lane_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="letter_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.SENT, sent_at__isnull=False)
                | (~Q(state=State.SENT) & Q(sent_at__isnull=True)),
                name="letter_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HELD)
                | (Q(claimed_at__isnull=False, lease_until__isnull=False) & ~Q(claimed_by="")),
                name="letter_held_has_a_holder",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.UNCERTAIN) | Q(lane=Lane.BULK), name="letter_uncertain_is_bulk"
            ),
            models.CheckConstraint(
                condition=Q(secret=False)
                | (
                    Q(subject="")
                    & (
                        ~Q(state__in=[State.SENT, State.FAILED, State.CANCELLED])
                        | Q(emptied_at__isnull=False)
                    )
                ),
                name="letter_secret_is_not_kept",
            ),
            models.CheckConstraint(
                condition=Q(emptied_at__isnull=True) | ~Q(state__in=[State.QUEUED, *HELD]),
                name="letter_to_send_has_its_body",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "next_try_at", "id"], condition=Q(state=State.QUEUED), name="letter_due"
            ),
            models.Index(fields=["lease_until"], condition=Q(state__in=HELD), name="letter_lease"),
            models.Index(fields=["claimed_at", "host"], condition=Q(lane=Lane.BULK), name="letter_rate"),
            models.Index(fields=["changed_at"], condition=Q(emptied_at__isnull=True), name="letter_body"),
        ]

    def __str__(self) -> str:
        return self.subject or kinds.called(self.kind) or str(_("lettre sans objet"))

    @property
    def addresses(self) -> list[str]:
        """Everyone the letter goes to (To, Cc and Bcc)."""
        return self.recipients.split("\n")

    @property
    def pending_addresses(self) -> list[str]:
        """Those whom it has not reached yet."""
        return self.pending.split("\n") if self.pending else []

    @property
    def refused_addresses(self) -> list[str]:
        """Those whose server refused it for good."""
        return self.refused.split("\n") if self.refused else []
