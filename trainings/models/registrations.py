"""People who come to a session, or wait for a seat."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.models import Actor, Contact
from territory.models import Municipality
from trainings.choices import LIVE, RegistrationState
from trainings.models.sessions import TrainingSession
from trainings.querysets import (
    RegistrationQuerySet,
)


class Registration(models.Model):
    """A person who comes to a session, or waits for a seat. It holds its own name and address."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(
        TrainingSession, verbose_name=_("séance"), on_delete=models.PROTECT, related_name="registrations"
    )
    state = models.CharField(_("état"), max_length=12, choices=RegistrationState, editable=False)
    name = models.CharField(_("nom"), max_length=150)
    folded_name = models.CharField(_("nom comparé"), max_length=300, editable=False)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    organisation_text = models.CharField(_("organisation, telle qu’écrite"), max_length=200, blank=True)
    actor = models.ForeignKey(
        Actor,
        verbose_name=_("acteur"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("compte"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("commune"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        help_text=_("Vide : hors du territoire, ou inconnue."),
    )
    access_needs = models.CharField(_("besoins pour venir"), max_length=300, blank=True)
    consent_version = models.CharField(_("texte accepté"), max_length=60, blank=True, editable=False)
    consented_at = models.DateTimeField(_("accepté le"), null=True, blank=True, editable=False)
    registered_at = models.DateTimeField(_("inscrite le"), default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True, editable=False)
    position = models.PositiveIntegerField(_("ordre d’arrivée"), editable=False)
    group = models.UUIDField(
        _("inscrits ensemble"),
        default=uuid.uuid4,
        editable=False,
        help_text=_("Les personnes d’un groupe attendent et entrent ensemble."),
    )
    told = models.CharField(
        _("état écrit à la personne"), max_length=12, choices=RegistrationState, blank=True, editable=False
    )
    offered_until = models.DateTimeField(
        _("place proposée jusqu’au"), null=True, blank=True, editable=False, db_index=True
    )
    # A seat is free for the first who confirms, and this person is still to be written to.
    call_owed = models.BooleanField(_("appel à écrire"), default=False, editable=False)
    seated_at = models.DateTimeField(
        _("place obtenue le"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Vide\u00a0: dès l’inscription."),
    )
    # The first day for which each letter was written: a session that moves to another day is written of again.
    asked_for = models.DateField(_("venue demandée pour le"), null=True, blank=True, editable=False)
    coming_at = models.DateTimeField(_("venue confirmée le"), null=True, blank=True, editable=False)
    reminded_for = models.DateField(_("rappel écrit pour le"), null=True, blank=True, editable=False)
    nonce = models.CharField(_("formulaire"), max_length=40, blank=True, editable=False)
    link_version = models.PositiveSmallIntegerField(_("version du lien"), default=1, editable=False)
    # Only followed from a colleague to who wrote their name: an index would be paid by all who register.
    brought_by = models.ForeignKey(
        "self",
        verbose_name=_("inscrite par"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="brought",
        db_index=False,
    )
    entered_by = models.CharField(_("saisie par"), max_length=200, blank=True, editable=False)
    walk_in = models.BooleanField(_("venue sans inscription"), default=False, editable=False)
    # Read from the marks of each day by `actions.mark_attendance`: came on one day at least, or on none.
    attended = models.BooleanField(_("présence"), null=True, blank=True, editable=False)
    evaluation_asked = models.BooleanField(_("évaluation demandée"), default=False, editable=False)
    # That the person answered, never what: nothing leads from here to an evaluation, nor back.
    evaluated = models.BooleanField(_("évaluation rendue"), default=False, editable=False)
    erase_on = models.DateField(
        _("nom effacé le"),
        null=True,
        blank=True,
        editable=False,
        db_index=True,
        help_text=_(
            "La personne a demandé l’effacement\u00a0; la preuve de présence garde son nom jusqu’à ce jour."
        ),
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscription")
        verbose_name_plural = _("inscriptions")
        ordering = ["session", "position"]
        indexes = [
            models.Index(fields=["session", "state", "position"], name="registration_queue"),
            models.Index(
                fields=["session", "position"],
                condition=(~Q(told=F("state")) | Q(call_owed=True)) & ~Q(email=""),
                name="registration_untold",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "email", "folded_name"],
                condition=Q(state__in=LIVE) & ~Q(email=""),
                name="one_registration_a_person",
            ),
            models.UniqueConstraint(
                fields=["session", "nonce", "email", "folded_name"],
                condition=~Q(nonce=""),
                name="one_registration_a_form",
            ),
            models.UniqueConstraint(fields=["session", "position"], name="one_position_an_arrival"),
            models.CheckConstraint(
                condition=Q(state__in=RegistrationState.values), name="registration_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(told__in=["", *RegistrationState.values]), name="registration_told_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=RegistrationState.CANCELLED, cancelled_at__isnull=False)
                | (~Q(state=RegistrationState.CANCELLED) & Q(cancelled_at=None)),
                name="registration_cancelled_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state=RegistrationState.OFFERED, offered_until__isnull=False)
                | (~Q(state=RegistrationState.OFFERED) & Q(offered_until=None)),
                name="registration_offered_says_until_when",
            ),
            models.CheckConstraint(
                condition=Q(call_owed=False) | Q(state=RegistrationState.WAITING),
                name="registration_called_waits",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(folded_name=""), name="registration_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="registration_email_is_normalised"
            ),
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(entered_by=""),
                name="registration_without_email_is_entered_by_staff",
            ),
            models.CheckConstraint(
                condition=Q(walk_in=False) | ~Q(entered_by=""),
                name="registration_walk_in_is_entered_by_staff",
            ),
            models.CheckConstraint(
                condition=Q(attended=None) | Q(state=RegistrationState.CONFIRMED),
                name="registration_attended_had_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(erase_on=None) | Q(email="", phone="", access_needs="", contact=None, user=None),
                name="registration_held_is_a_name_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.session}"

    @property
    def organisation(self) -> str:
        """The actor's name, or what the person wrote."""
        return str(self.actor) if self.actor else self.organisation_text

    @property
    def rank(self) -> int | None:
        """The rank in the queue, from 1; None for who does not wait. One query."""
        if self.state != RegistrationState.WAITING:
            return None
        return self.session.registrations.waiting().filter(position__lte=self.position).count()
