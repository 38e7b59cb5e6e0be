"""What staff wrote to the people of a session."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trainings.choices import Audience
from trainings.models.sessions import TrainingSession


class SessionMessage(models.Model):
    """A letter that staff wrote once to the people of a session; its form's mark keeps it to once."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(
        TrainingSession, verbose_name=_("séance"), on_delete=models.PROTECT, related_name="messages"
    )
    nonce = models.CharField(_("formulaire"), max_length=32, unique=True, editable=False)
    audience = models.CharField(_("à"), max_length=10, choices=Audience, default=Audience.SEATED)
    subject = models.CharField(_("objet"), max_length=150)
    body = models.TextField(_("texte"), max_length=5000)
    letters = models.PositiveIntegerField(_("lettres écrites"))
    sent_at = models.DateTimeField(_("envoyé le"), default=timezone.now)
    sent_by = models.CharField(_("envoyé par"), max_length=200)

    class Meta:
        verbose_name = _("message aux participants")
        verbose_name_plural = _("messages aux participants")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="session_message_audience_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(nonce="") & ~Q(subject="") & ~Q(body=""), name="session_message_says_something"
            ),
            models.CheckConstraint(
                condition=Q(letters__gte=1), name="session_message_was_written_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
