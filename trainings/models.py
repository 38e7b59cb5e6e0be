"""Offers, their dates, and the people who come."""

import uuid
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actors.choices import Family
from actors.models import Actor, Contact
from documents.models import Document
from needs.models import SharedNeed
from territory.choices import Level as ObjectiveLevel
from territory.models import Dimension, Locality, Municipality, Objective, Theme
from trainings import names, openings
from trainings.choices import Format, Level, RegistrationState, SessionState, TrainingState
from trainings.querysets import (
    CertificateQuerySet,
    RegistrationQuerySet,
    TrainingQuerySet,
    TrainingSessionQuerySet,
)
from typography import dates, numbers


class Training(models.Model):
    """An offer: what one learns, for whom; its sessions say when and where."""

    title = models.CharField(_("titre"), max_length=160)
    slug = models.SlugField(_("adresse courte"), max_length=180, unique=True)
    state = models.CharField(_("état"), max_length=12, choices=TrainingState, default=TrainingState.DRAFT)
    summary = models.CharField(_("en une phrase"), max_length=300)
    objectives = models.TextField(
        _("objectifs"), blank=True, help_text=_("Un par ligne : ce avec quoi la personne repart.")
    )
    programme = models.TextField(_("programme"), blank=True, help_text=_("Un moment par ligne."))
    action_sheet = models.ForeignKey(
        Objective,
        verbose_name=_("fiche-projet"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="trainings",
        limit_choices_to={"level": ObjectiveLevel.ACTION_SHEET},
        help_text=_("Sous laquelle les séances sont justifiées."),
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("thèmes"), blank=True, related_name="trainings")
    dimensions = models.ManyToManyField(
        Dimension, verbose_name=_("dimensions"), blank=True, related_name="trainings"
    )
    shared_needs = models.ManyToManyField(
        SharedNeed,
        verbose_name=_("besoins auxquels elle répond"),
        blank=True,
        related_name="trainings",
        help_text=_("La page de chaque besoin mutualisé mène alors à cette formation."),
    )
    families = models.JSONField(
        _("publics"), default=list, blank=True, help_text=_("Aucun : tous les publics.")
    )
    level = models.CharField(_("niveau"), max_length=12, choices=Level, default=Level.ALL)
    search_text = models.TextField(_("texte cherché"), blank=True, editable=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("formation")
        verbose_name_plural = _("formations")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=TrainingState.values), name="training_state_is_known"
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="training_level_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="training_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.title, self.summary = names.clean(self.title), names.clean(self.summary)
        self.search_text = names.folded(f"{self.title} {self.summary}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("trainings:training", args=[self.slug])

    @property
    def audience(self) -> str:
        """Whom it is for: "communes, entreprises", or "tous publics"."""
        return ", ".join(str(Family(value).label) for value in self.families) or gettext("tous publics")


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
    waiting_list = models.BooleanField(_("liste d’attente"), default=True)
    opens_at = models.DateTimeField(
        _("ouverture des inscriptions"), null=True, blank=True, help_text=_("Vide : dès la publication.")
    )
    closes_at = models.DateTimeField(
        _("clôture des inscriptions"), null=True, blank=True, help_text=_("Vide : au début de la séance.")
    )
    trainers = models.CharField(_("avec"), max_length=200, blank=True, help_text=_("Qui anime la séance."))
    price = models.DecimalField(
        _("prix en euros"), max_digits=7, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    cancellation_reason = models.CharField(_("motif de l’annulation"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True, editable=False)
    ics_sequence = models.PositiveIntegerField(_("révision d’agenda"), default=0, editable=False)
    signed_sheet = models.ForeignKey(
        Document,
        verbose_name=_("feuille signée"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("Ce que les personnes ont signé, numérisé : une preuve, qu’on ne supprime pas."),
    )
    published_at = models.DateTimeField(_("annoncée le"), null=True, editable=False, db_index=True)
    # Read from the days by SessionDay.save, so that lists sort and filter on one indexed column.
    starts_at = models.DateTimeField(_("début"), null=True, editable=False, db_index=True)
    ends_at = models.DateTimeField(_("fin"), null=True, editable=False)

    # Counted by `with_seats`, absent otherwise; `free` is None when the number of seats is not limited.
    confirmed: int
    waiting: int
    free: int | None

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
        if self.capacity is not None and self.minimum > self.capacity:
            raise ValidationError({"minimum": gettext("Le minimum dépasse le nombre de places.")})
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": gettext("La clôture vient avant l’ouverture.")})
        if self.locality and self.municipality and self.locality.municipality_id != self.municipality_id:
            raise ValidationError({"locality": gettext("Ce village n’est pas dans la commune choisie.")})

    @property
    def is_open_now(self) -> bool:
        """Say whether one can register at this moment, as far as dates and state go."""
        return not openings.why_closed(self, timezone.now())

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
    """One day of a session, in local time: 19:00 stays 19:00 whatever the season."""

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
                fields=["session", "date"],
                name="one_day_a_date",
                violation_error_message=_("Ce jour est déjà dans la séance."),
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
    nonce = models.CharField(_("formulaire"), max_length=40, blank=True, editable=False)
    link_version = models.PositiveSmallIntegerField(_("version du lien"), default=1, editable=False)
    entered_by = models.CharField(_("saisie par"), max_length=200, blank=True, editable=False)
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
                condition=~Q(told=F("state")) & ~Q(email=""),
                name="registration_untold",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "email", "folded_name"],
                condition=Q(state__in=[RegistrationState.CONFIRMED, RegistrationState.WAITING])
                & ~Q(email=""),
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


class Attendance(models.Model):
    """Whether a person was there on one day; no row as long as nobody said."""

    registration = models.ForeignKey(
        Registration, verbose_name=_("inscription"), on_delete=models.CASCADE, related_name="marks"
    )
    day = models.ForeignKey(
        SessionDay, verbose_name=_("jour"), on_delete=models.PROTECT, related_name="marks"
    )
    attended = models.BooleanField(_("présence"))

    class Meta:
        verbose_name = _("présence d’un jour")
        verbose_name_plural = _("présences des jours")
        ordering = ["day", "registration"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "day"], name="one_attendance_a_person_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.registration.name}, {dates.day(self.day.date)}"


class Certificate(models.Model):
    """What a person may show: the hours they really attended, frozen as they were when it was issued."""

    number = models.CharField(_("numéro"), max_length=14, unique=True, editable=False)
    registration = models.ForeignKey(
        Registration, verbose_name=_("inscription"), on_delete=models.PROTECT, related_name="certificates"
    )
    name = models.CharField(_("nom"), max_length=150)
    title = models.CharField(_("formation"), max_length=160)
    place = models.CharField(_("lieu"), max_length=320, blank=True)
    trainers = models.CharField(_("avec"), max_length=200, blank=True)
    days = models.JSONField(_("jours"), help_text=_("Chaque jour de présence : date, début, fin."))
    minutes = models.PositiveIntegerField(_("minutes de présence"))
    issued_at = models.DateTimeField(_("délivrée le"), default=timezone.now)
    issued_by = models.CharField(_("délivrée par"), max_length=200)
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True)
    withdrawn_by = models.CharField(_("retirée par"), max_length=200, blank=True)
    withdrawn_reason = models.CharField(_("motif du retrait"), max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(withdrawn_at=None),
                name="one_valid_certificate_a_person",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="certificate_is_for_some_time"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$"),
                name="certificate_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="certificate_withdrawn_says_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("trainings:certificate", args=[self.number])

    @property
    def when(self) -> list[str]:
        """The days attended, in words."""
        return [
            f"{dates.day(date.fromisoformat(day))}, "
            f"{dates.hours(time.fromisoformat(start), time.fromisoformat(end))}"
            for day, start, end in self.days
        ]

    @property
    def duration(self) -> str:
        """How long in all: "4 h", "3 h 30", "45 min"."""
        return duration(self.minutes)


def duration(minutes: int) -> str:
    """Return minutes in words: "4 h", "3 h 30", "45 min"; no-break spaces."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{numbers.number(hours)}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")


class Evaluation(models.Model):
    """What somebody thought of a session: not who, and not when, so that nothing leads back to a person.

    Its key is drawn at random: rows told in their order of arrival would tell who wrote which.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(
        TrainingSession, verbose_name=_("séance"), on_delete=models.PROTECT, related_name="evaluations"
    )
    useful = models.PositiveSmallIntegerField(_("utile"))
    clear = models.PositiveSmallIntegerField(_("clair"))
    welcome = models.PositiveSmallIntegerField(_("accueil"))
    remarks = models.TextField(_("remarques"), blank=True)
    missing = models.TextField(_("ce qui manque"), blank=True)

    class Meta:
        verbose_name = _("évaluation")
        verbose_name_plural = _("évaluations")
        ordering = ["session", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(useful__range=(1, 5), clear__range=(1, 5), welcome__range=(1, 5)),
                name="evaluation_scores_are_from_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return gettext("Une évaluation")
