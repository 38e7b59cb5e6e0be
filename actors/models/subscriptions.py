"""« Me tenir au courant »: who asked for the digest, about what, and which digests were written to whom."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.choices import Subject, SubscriptionState
from actors.querysets import SubscriptionQuerySet
from territory.models import Municipality, Theme


class Subscription(models.Model):
    """An address that wants to be kept posted: its owner's choices, and what they agreed to.

    No name, no contact, no account: the address alone. Consent to the digest is its own; a contact of the same
    address who opted out of campaigns may still read it (docs/decisions/0016). `version` makes the links of
    an earlier subscription fail.
    """

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("adresse e-mail"))
    state = models.CharField(
        _("état"), max_length=10, choices=SubscriptionState, default=SubscriptionState.PENDING
    )
    about_trainings = models.BooleanField(_("formations et rencontres"), default=True)
    about_projects = models.BooleanField(_("projets"), default=True)
    about_needs = models.BooleanField(_("besoins partagés"), default=True)
    themes = models.ManyToManyField(
        Theme,
        verbose_name=_("thèmes"),
        blank=True,
        related_name="subscriptions",
        help_text=_("Aucun : tous les thèmes."),
    )
    municipalities = models.ManyToManyField(
        Municipality,
        verbose_name=_("communes"),
        blank=True,
        related_name="subscriptions",
        help_text=_("Aucune : tout le territoire."),
    )
    text_version = models.CharField(_("version du texte"), max_length=60)
    source = models.CharField(_("origine"), max_length=200)
    asked_at = models.DateTimeField(_("demandé le"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(
        _("confirmé le"), null=True, blank=True, editable=False, help_text=_("Le jour du consentement.")
    )
    stopped_at = models.DateTimeField(_("arrêté le"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version du lien"), default=1, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("abonnement")
        verbose_name_plural = _("abonnements")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state=SubscriptionState.ACTIVE), name="subscription_active"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["email"], name="one_subscription_an_email"),
            models.CheckConstraint(
                condition=Q(email=Lower("email")) & ~Q(email=""), name="subscription_email_is_normalised"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SubscriptionState.values), name="subscription_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(about_trainings=True) | Q(about_projects=True) | Q(about_needs=True),
                name="subscription_is_about_something",
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(text_version=""), name="subscription_has_its_origin"
            ),
            models.CheckConstraint(
                condition=Q(state=SubscriptionState.PENDING, confirmed_at=None)
                | Q(state=SubscriptionState.ACTIVE, confirmed_at__isnull=False)
                | Q(state=SubscriptionState.STOPPED),
                name="subscription_active_was_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state=SubscriptionState.STOPPED, stopped_at__isnull=False)
                | (~Q(state=SubscriptionState.STOPPED) & Q(stopped_at=None)),
                name="subscription_stopped_says_when",
            ),
        ]

    def __str__(self) -> str:
        # The journal and the history outlive the address.
        return str(_("abonnement %s") % self.public_id.hex[:8])

    @property
    def subjects(self) -> list[Subject]:
        """What it is about, in the order of `Subject`."""
        return [subject for subject in Subject if getattr(self, f"about_{subject.value}")]

    @property
    def is_about_everything(self) -> bool:
        """Whether no subject is left out: nothing was ticked, or all of it."""
        return len(self.subjects) == len(Subject)


class Digest(models.Model):
    """One week's digest: what was published in [since, until), and how far the subscriptions are walked.

    `walked_to` is the primary key of the last subscription that was looked at; it moves in the transaction
    that writes the letters.
    """

    since = models.DateTimeField(_("depuis"))
    until = models.DateTimeField(_("jusqu’à"), unique=True)
    walked_to = models.BigIntegerField(_("parcouru jusqu’à"), default=0, editable=False)
    finished_at = models.DateTimeField(_("terminé le"), null=True, editable=False)

    class Meta:
        verbose_name = _("résumé de la semaine")
        verbose_name_plural = _("résumés de la semaine")
        ordering = ["-until"]
        constraints = [
            models.CheckConstraint(condition=Q(since__lt=F("until")), name="digest_begins_before_it_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.until:%d/%m/%Y}"


class DigestCopy(models.Model):
    """A digest was written to a subscription, in the same transaction: never a second time."""

    digest = models.ForeignKey(
        Digest, verbose_name=_("résumé"), on_delete=models.CASCADE, related_name="copies"
    )
    subscription = models.ForeignKey(
        Subscription, verbose_name=_("abonnement"), on_delete=models.CASCADE, related_name="copies"
    )
    written_at = models.DateTimeField(_("écrit le"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("exemplaire du résumé")
        verbose_name_plural = _("exemplaires du résumé")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest", "subscription"], name="one_copy_a_subscription"),
        ]

    def __str__(self) -> str:
        return f"{self.digest} · {self.subscription}"
