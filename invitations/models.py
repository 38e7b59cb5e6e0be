"""Campaigns, the people they invite, and the letters written to each."""

import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from actors.choices import Family
from actors.models import Actor, Contact
from invitations import placeholders
from invitations.choices import OPEN, Progress, State
from invitations.querysets import CampaignQuerySet, InvitationQuerySet, ReminderQuerySet, SendingQuerySet
from outbox.models import Letter
from territory.choices import Level
from territory.models import Objective


def validate_local_path(path: str) -> None:
    """Refuse an address that could lead out of the portal."""
    local = path.startswith("/") and path.isprintable() and " " not in path
    if not local or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        raise ValidationError(
            _("Donnez une page de ce portail, qui commence par « / »\u00a0: par exemple /enquetes/."),
            code="not_local",
        )
    try:
        resolve(urlsplit(path).path)
    except Resolver404 as nowhere:
        raise ValidationError(
            _("Cette page n’existe pas sur le portail\u00a0: ouvrez-la, puis copiez son adresse."),
            code="nowhere",
        ) from nowhere


class Campaign(models.Model):
    """A mailing that invites people to one page of the portal, until a deadline."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(
        _("titre"),
        max_length=150,
        help_text=_("À quoi vous invitez ; la personne le lit en ouvrant son lien."),
    )
    kind = models.CharField(
        _("type"), max_length=40, blank=True, help_text=_("Enquête, séance, atelier… ; pour vos listes.")
    )
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    action_sheet = models.ForeignKey(
        Objective,
        verbose_name=_("fiche-projet"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        limit_choices_to={"level": Level.ACTION_SHEET},
    )
    family = models.CharField(
        _("au nom de"),
        max_length=16,
        choices=Family,
        blank=True,
        help_text=_("La famille pour laquelle les personnes répondent ; vide : n’importe laquelle."),
    )
    subject = models.CharField(_("objet"), max_length=150, validators=[placeholders.validate_subject])
    body = models.TextField(
        _("texte"),
        max_length=10_000,
        validators=[placeholders.validate],
        help_text=_(
            "Une ligne vide sépare deux paragraphes. Vous pouvez écrire {prenom}, {nom}, {organisation}, {lien} et "
            "{date_limite}. {lien} seul sur sa ligne devient un bouton ; sans {lien}, le bouton vient à la fin."
        ),
    )
    reply_to = models.EmailField(_("adresse de réponse"), help_text=_("Une boîte que quelqu’un lit."))
    landing_path = models.CharField(
        _("page d’arrivée"),
        max_length=500,
        validators=[validate_local_path],
        help_text=_("La page du portail où mène le lien, par exemple /enquetes/besoins-2027/."),
    )
    deadline = models.DateTimeField(_("date limite"))
    reminders_allowed = models.PositiveSmallIntegerField(_("relances, au plus"), default=2)
    days_between = models.PositiveSmallIntegerField(_("jours entre deux lettres, au moins"), default=7)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("créée par"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("créée le"), default=timezone.now, editable=False)
    scheduled_at = models.DateTimeField(
        _("programmée pour le"), null=True, blank=True, editable=False, db_index=True
    )
    launched_at = models.DateTimeField(_("lancée le"), null=True, blank=True, editable=False)

    # Counted by `with_advance`, absent otherwise.
    invited: int
    answered: int
    letters: int
    sent: int

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campagne")
        verbose_name_plural = _("campagnes")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="campaign_state_is_known"),
            models.CheckConstraint(
                condition=Q(family__in=["", *Family.values]), name="campaign_family_is_known"
            ),
            models.CheckConstraint(
                condition=Q(landing_path__startswith="/")
                & ~Q(landing_path__startswith="//")
                & ~Q(landing_path__startswith="/\\"),
                name="campaign_lands_on_this_portal",
            ),
            models.CheckConstraint(condition=Q(days_between__gte=1), name="campaign_reminds_a_day_apart"),
            models.CheckConstraint(
                condition=~Q(state__in=OPEN) | Q(launched_at__isnull=False), name="campaign_open_was_launched"
            ),
            models.CheckConstraint(
                condition=Q(state=State.SCHEDULED, scheduled_at__isnull=False)
                | (~Q(state=State.SCHEDULED) & Q(scheduled_at=None)),
                name="campaign_scheduled_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether its links work and its letters may leave: launched, and not past its deadline."""
        return self.state in OPEN and timezone.now() < self.deadline


class Invitation(models.Model):
    """One person invited by one campaign, perhaps for an actor; its letters carry a personal link."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campagne"), on_delete=models.PROTECT, related_name="invitations"
    )
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.PROTECT, related_name="invitations"
    )
    actor = models.ForeignKey(
        Actor,
        verbose_name=_("acteur"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations",
    )
    link_version = models.PositiveSmallIntegerField(_("version du lien"), default=1)
    begun_at = models.DateTimeField(_("commencée le"), null=True, blank=True)
    answered_at = models.DateTimeField(_("répondue le"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("adresse refusée le"), null=True, blank=True)
    reached_at = models.DateTimeField(
        _("jointe autrement le"),
        null=True,
        blank=True,
        help_text=_("Par téléphone ou par la poste, quand aucune lettre ne peut lui parvenir."),
    )
    reached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("jointe par"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["contact__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "contact"], name="one_invitation_a_contact"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(begun_at__isnull=False, answered_at__gte=F("begun_at")),
                name="invitation_is_begun_before_it_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(reached_by=None) | Q(reached_at__isnull=False),
                name="invitation_reached_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.actor or self.contact}"

    def get_progress_display(self) -> str:
        """Where it is, in French; asked of invitations that `with_progress` gave."""
        return str(Progress(self.progress).label)  # type: ignore[attr-defined]


class Reminder(models.Model):
    """One round of letters to those who have not answered; until `begun_at`, it is only planned."""

    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campagne"), on_delete=models.CASCADE, related_name="reminders"
    )
    number = models.PositiveSmallIntegerField(_("numéro"))
    planned_at = models.DateTimeField(_("prévue le"))
    begun_at = models.DateTimeField(_("commencée le"), null=True, blank=True)
    sent_at = models.DateTimeField(_("écrite le"), null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("relance")
        verbose_name_plural = _("relances")
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_reminder_a_number"),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(begun_at__isnull=False, sent_at=None),
                name="one_reminder_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(begun_at__isnull=False),
                name="reminder_is_begun_before_it_is_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.number}"


class Sending(models.Model):
    """A letter written to one invited person: the first (`reminder` is empty) or that of a reminder.

    `letter` is empty when the outbox could not take it (an address that no letter can be sent to).
    """

    invitation = models.ForeignKey(
        Invitation, verbose_name=_("invitation"), on_delete=models.CASCADE, related_name="sendings"
    )
    reminder = models.ForeignKey(
        Reminder,
        verbose_name=_("relance"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="sendings",
    )
    letter = models.OneToOneField(
        Letter,
        verbose_name=_("lettre"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitation_sending",
    )
    written_at = models.DateTimeField(_("écrite le"), default=timezone.now)

    objects = SendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("envoi")
        verbose_name_plural = _("envois")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation"], condition=Q(reminder=None), name="one_first_letter_an_invitation"
            ),
            models.UniqueConstraint(fields=["invitation", "reminder"], name="one_letter_a_reminder"),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} · {self.reminder_id or 0}"
