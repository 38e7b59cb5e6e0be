"""Dates of an offer, and their days."""

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from territory.models import Locality, Municipality
from trainings import openings
from trainings.choices import Format, SessionState, ShareOf
from trainings.models.trainings import Training
from trainings.querysets import (
    TrainingSessionQuerySet,
)
from typography import dates

LONGEST_REMINDER = 14
"""Days before a session at which a reminder may leave, at most."""


YEARS = range(2000, 2100)
"""Years of a session: at the ends of the calendar, the time zones around a day do not exist."""


class TrainingSession(models.Model):
    """A date of a training: where, how many seats, and how far it is."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    training = models.ForeignKey(
        Training, verbose_name=_("formation"), on_delete=models.PROTECT, related_name="sessions"
    )
    format = models.CharField(_("formule"), max_length=12, choices=Format, default=Format.TRAINING)
    state = models.CharField(_("état"), max_length=12, choices=SessionState, default=SessionState.DRAFT)
    venue = models.CharField(_("lieu"), max_length=150, blank=True, help_text=_("« Ferme du Tilleul »."))
    access_notes = models.CharField(
        _("accès"), max_length=300, blank=True, help_text=_("Plain-pied, toilette adaptée, bus, parking.")
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("commune"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="training_sessions",
    )
    locality = models.ForeignKey(
        Locality,
        verbose_name=_("village"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="training_sessions",
    )
    online_url = models.URLField(
        _("lien de la visioconférence"),
        blank=True,
        help_text=_("Donné aux seules personnes qui ont une place."),
    )
    capacity = models.PositiveIntegerField(
        _("places"), null=True, blank=True, help_text=_("Laissez vide si le nombre n’est pas limité.")
    )
    minimum = models.PositiveIntegerField(_("minimum de personnes"), default=0)
    decide_on = models.DateField(
        _("jour de décision"),
        null=True,
        blank=True,
        help_text=_(
            "Ce jour-là, si le minimum n’est pas atteint, le bureau demande : maintenir ou annuler ?"
        ),
    )
    waiting_list = models.BooleanField(_("liste d’attente"), default=True)
    share = models.PositiveSmallIntegerField(
        _("places pour chacun"),
        null=True,
        blank=True,
        help_text=_("« 2 par commune » : au-delà, on attend. Vide : les places vont aux premiers."),
    )
    share_of = models.CharField(_("partagées"), max_length=12, choices=ShareOf, blank=True)
    share_days = models.PositiveSmallIntegerField(
        _("jusqu’à combien de jours avant"),
        default=0,
        help_text=_("10 : dix jours avant la séance, ce qui reste va à qui attend. 0 : jusqu’à la séance."),
    )
    opens_at = models.DateTimeField(
        _("ouverture des inscriptions"), null=True, blank=True, help_text=_("Vide : dès la publication.")
    )
    closes_at = models.DateTimeField(
        _("clôture des inscriptions"), null=True, blank=True, help_text=_("Vide : au début de la séance.")
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("rappel, en jours avant"),
        null=True,
        blank=True,
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_REMINDER)],
        help_text=_("À l’heure du début, autant de jours avant. Vide\u00a0: pas de rappel."),
    )
    trainers = models.CharField(_("avec"), max_length=200, blank=True, help_text=_("Qui anime la séance."))
    price = models.DecimalField(
        _("prix en euros"), max_digits=7, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    cancellation_reason = models.CharField(_("motif de l’annulation"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True, editable=False)
    ics_sequence = models.PositiveIntegerField(_("révision d’agenda"), default=0, editable=False)
    revised_at = models.DateTimeField(
        _("date ou lieu changés le"),
        null=True,
        editable=False,
        help_text=_("Ce que les agendas abonnés comparent."),
    )
    signed_sheet = models.ForeignKey(
        Document,
        verbose_name=_("feuille signée"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("Ce que les personnes ont signé, numérisé : une preuve, qu’on ne supprime pas."),
    )
    # The mark of the form that made a series, and the rank in it: the same form posted twice makes one.
    series = models.CharField(_("série"), max_length=32, blank=True, editable=False)
    series_rank = models.PositiveSmallIntegerField(_("rang dans la série"), null=True, editable=False)
    published_at = models.DateTimeField(_("annoncée le"), null=True, editable=False, db_index=True)
    # Read from the days by SessionDay.save, so that lists sort and filter on one indexed column.
    starts_at = models.DateTimeField(_("début"), null=True, editable=False, db_index=True)
    ends_at = models.DateTimeField(_("fin"), null=True, editable=False)

    # Counted by `with_seats`, absent otherwise; `free` is None when the number of seats is not limited.
    confirmed: int
    offered: int
    waiting: int
    free: int | None
    # Counted by `with_proof`, absent otherwise.
    people: int
    told: int
    came: int
    certified: int
    opinions: int
    papers: int

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("séance")
        verbose_name_plural = _("séances")
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["state", "ends_at"], name="session_agenda")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state_is_known"),
            models.CheckConstraint(condition=Q(format__in=Format.values), name="session_format_is_known"),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1), name="session_has_at_least_one_seat"
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(minimum__lte=F("capacity")),
                name="session_minimum_fits_its_capacity",
            ),
            models.CheckConstraint(
                condition=Q(reminder_days=None) | Q(reminder_days__range=(1, LONGEST_REMINDER)),
                name="session_reminder_is_days_before",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="session_price_is_not_negative"),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="session_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(state=SessionState.DRAFT)
                | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="session_announced_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=SessionState.DRAFT) | Q(published_at__isnull=False),
                name="session_announced_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(state=SessionState.CANCELLED, cancelled_at__isnull=False)
                | Q(state=SessionState.CLOSED)
                | (~Q(state__in=[SessionState.CANCELLED, SessionState.CLOSED]) & Q(cancelled_at=None)),
                name="session_cancelled_says_when",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancellation_reason=""),
                name="session_cancelled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(share=None, share_of="")
                | Q(share__isnull=False, share__gte=1, share_of__in=ShareOf.values),
                name="session_share_says_how_many_and_of_whom",
                violation_error_message=_("Dites combien de places, et par organisation ou par commune."),
            ),
            models.CheckConstraint(
                condition=Q(share_days__lte=366),
                name="session_share_opens_within_a_year",
                violation_error_message=_("Donnez un an au plus."),
            ),
            models.CheckConstraint(
                condition=Q(decide_on=None) | Q(minimum__gte=1),
                name="session_decides_on_a_minimum",
                violation_error_message=_("Un jour de décision demande un minimum de personnes."),
            ),
            models.UniqueConstraint(
                fields=["series", "series_rank"],
                condition=~Q(series=""),
                name="one_session_a_rank_of_a_series",
            ),
            models.CheckConstraint(
                condition=Q(series="", series_rank=None) | (~Q(series="") & Q(series_rank__isnull=False)),
                name="session_of_a_series_has_its_rank",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training} · {dates.day(self.starts_at)}" if self.starts_at else str(self.training)

    def save(self, *args, **kwargs) -> None:
        """Save; a session out of its draft keeps since when it is announced."""
        if self.state != SessionState.DRAFT and self.published_at is None:
            self.published_at = timezone.now()
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "published_at"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("trainings:session", args=[self.public_id])

    def clean(self) -> None:
        for field in ("opens_at", "closes_at", "decide_on"):
            moment = getattr(self, field)
            if moment and moment.year not in YEARS:
                raise ValidationError({field: gettext("Donnez une année entre 2000 et 2099.")})
        if self.capacity is not None and self.minimum > self.capacity:
            raise ValidationError({"minimum": gettext("Le minimum dépasse le nombre de places.")})
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": gettext("La clôture vient avant l’ouverture.")})
        if self.locality and self.municipality and self.locality.municipality_id != self.municipality_id:
            raise ValidationError({"locality": gettext("Ce village n’est pas dans la commune choisie.")})

    def revise(self) -> None:
        """Count one change of date or place more, for calendars (SEQUENCE and DTSTAMP of RFC 5545); unsaved."""
        self.ics_sequence += 1
        self.revised_at = timezone.now()

    @property
    def is_open_now(self) -> bool:
        """Say whether one can register at this moment, as far as dates and state go."""
        return not openings.why_closed(self, timezone.now())

    def count_free(self) -> int | None:
        """Count the seats that are nobody's now (None: unlimited); one query, true as long as the row is locked."""
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.registrations.taken().count())

    @property
    def share_opens_at(self) -> datetime | None:
        """When what is left of the seats goes to everybody; None without a share, or without a day."""
        if self.share is None or self.starts_at is None:
            return None
        if not self.share_days:
            return self.starts_at
        day = timezone.localtime(self.starts_at).date() - timedelta(days=self.share_days)
        return timezone.make_aware(datetime.combine(day, time.min))

    @property
    def share_told(self) -> str:
        """The share that holds at this moment, in a sentence; "" when the seats go to the first who come."""
        opens = self.share_opens_at
        if self.share is None or (opens and timezone.now() >= opens):
            return ""
        said = ngettext("{n} place {whose}", "{n} places {whose}", self.share).format(
            n=self.share, whose=self.get_share_of_display()
        )
        if opens is None or not self.share_days:
            return f"{said}."
        return gettext("{share} jusqu’au {when}, puis ce qui reste va à qui attend.").format(
            share=said, when=dates.day(timezone.localtime(opens))
        )

    @property
    def given_by(self) -> str:
        """Who gives it, in words: its own people, else those of its training."""
        return self.trainers or " ; ".join(map(str, self.training.given_by))

    @property
    def place(self) -> str:
        """Where it is held: "Ferme du Tilleul, Folx-les-Caves (Orp-Jauche)", or "En ligne"."""
        where = str(self.locality.name) if self.locality else ""
        commune = str(self.municipality.name) if self.municipality else ""
        if where and commune and where != commune:
            where = f"{where} ({commune})"
        parts = [part for part in (self.venue, where or commune) if part]
        return ", ".join(parts) or (gettext("En ligne") if self.online_url else gettext("Lieu à préciser"))

    @property
    def announced_days(self) -> list["SessionDay"]:
        """The days in order, from what is prefetched where it is."""
        return sorted(self.days.all(), key=lambda day: day.starts_at)

    @property
    def named_days(self) -> list[tuple["SessionDay", str]]:
        """The days in order, each with its name: the date, and the hours where a date has several half-days."""
        days = self.announced_days
        times = [day.date for day in days]
        return [(day, str(day) if times.count(day.date) > 1 else dates.day(day.date)) for day in days]

    @property
    def starts(self) -> list[datetime]:
        """When each day starts, in order."""
        return [day.starts_at for day in self.announced_days]

    @property
    def when(self) -> list[str]:
        """All the days in words: one line when the hours are the same, else one line a day."""
        days = self.announced_days
        if len({(day.start_time, day.end_time) for day in days}) != 1:
            return [str(day) for day in days]
        *first, last = days
        hours = dates.hours(last.start_time, last.end_time)
        named = ", ".join(dates.day(day.date, year=day.date.year != last.date.year) for day in first)
        ending = gettext(" et ") if named else ""
        return [f"{named}{ending}{dates.day(last.date)}, {hours}"]

    def read_days(self) -> None:
        """Read the first start and the last end from the days, and store both.

        An announced session that has no day for a moment, while its days are replaced, keeps what it had.
        """
        days = list(self.days.all())
        if not days and self.state != SessionState.DRAFT:
            return
        self.starts_at = min((day.starts_at for day in days), default=None)
        self.ends_at = max((day.ends_at for day in days), default=None)
        TrainingSession.objects.filter(pk=self.pk).update(starts_at=self.starts_at, ends_at=self.ends_at)


class SessionDay(models.Model):
    """One day of a session, or one half-day of it, in local time: 19:00 stays 19:00 whatever the season.

    A day that is called twice, morning and afternoon, is two rows of one date that do not overlap: each has its
    column on the sheet, its roll call and its hours on a certificate (docs/decisions/0014).
    """

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(
        TrainingSession, verbose_name=_("séance"), on_delete=models.CASCADE, related_name="days"
    )
    date = models.DateField(_("jour"))
    start_time = models.TimeField(_("de"))
    end_time = models.TimeField(_("à"))
    zone = models.CharField(_("fuseau horaire"), max_length=40, default="Europe/Brussels", editable=False)

    class Meta:
        verbose_name = _("jour")
        verbose_name_plural = _("jours")
        ordering = ["date", "start_time"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_time__gt=F("start_time")),
                name="day_ends_after_it_starts",
                violation_error_message=_("La fin doit venir après le début."),
            ),
            models.UniqueConstraint(
                fields=["session", "date", "start_time"],
                name="one_day_a_date_and_hour",
                violation_error_message=_("Ce jour et cette heure sont déjà dans la séance."),
            ),
        ]

    def __str__(self) -> str:
        return f"{dates.day(self.date)}, {dates.hours(self.start_time, self.end_time)}"

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        self.session.read_days()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        self.session.read_days()
        return deleted

    def clean(self) -> None:
        """Refuse hours that do not exist, or exist twice, on the day the clocks change."""
        if self.date and self.date.year not in YEARS:
            raise ValidationError({"date": gettext("Donnez une année entre 2000 et 2099.")})
        if not self.date or not self.start_time or not self.end_time:
            return
        for field, moment in (("start_time", self.starts_at), ("end_time", self.ends_at)):
            # Only in a gap or in an hour that comes twice does the offset depend on the fold (PEP 495).
            if moment.utcoffset() != moment.replace(fold=1).utcoffset():
                message = gettext(
                    "Cette heure n’existe pas, ou existe deux fois, le jour du changement d’heure."
                )
                raise ValidationError({field: message})

    @property
    def starts_at(self) -> datetime:
        """The instant it starts."""
        return datetime.combine(self.date, self.start_time, ZoneInfo(self.zone))

    @property
    def ends_at(self) -> datetime:
        """The instant it ends."""
        return datetime.combine(self.date, self.end_time, ZoneInfo(self.zone))

    @property
    def minutes(self) -> int:
        """How long it lasts, in minutes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60
