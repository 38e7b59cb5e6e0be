"""Who was there, and the certificates that say so."""

from datetime import date, time

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trainings.models.registrations import Registration
from trainings.models.sessions import SessionDay
from trainings.querysets import (
    CertificateQuerySet,
)
from typography import dates, numbers


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
