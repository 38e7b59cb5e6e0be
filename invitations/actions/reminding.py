"""Letters to those who have not answered: by hand, or planned in advance."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from invitations.actions.moves import Refused, copy, illegal, kept_apart, locked_row
from invitations.actions.writing import due_for_reminder, recent_since, to_remind, write_reminder
from invitations.choices import NEXT, State
from invitations.models import Campaign, Reminder
from typography import dates


@transaction.atomic
def remind(campaign: Campaign, *, by: User | None) -> int:
    """Write again to those who have not answered; return how many letters were written now.

    Each person has had no letter for `days_between` days. A planned reminder begins early.
    Raises Refused when the campaign is not running, is past its deadline, has used its reminders, was
    reminded too short a time ago, or nobody is due.
    """
    locked = locked_row(campaign)
    if refusal := why_no_reminder(locked):
        raise Refused(refusal)
    now = timezone.now()
    reminder = locked.reminders.planned().order_by("number").first()
    reminder = reminder or Reminder(campaign=locked, number=_next_number(locked), planned_at=now)
    reminder.begun_at = now
    reminder.planned_at = min(reminder.planned_at, now)
    reminder.save()
    journal.record("campaign.reminded", locked, by=by, number=reminder.number)
    written = write_reminder(locked, reminder)
    copy(locked, campaign)
    return written


def why_no_reminder(campaign: Campaign) -> str:
    """Return in French why a campaign cannot be reminded now, or "" when it can."""
    now = timezone.now()
    if campaign.state != State.RUNNING:
        return str(illegal(campaign, _("relancée")))
    if now >= campaign.deadline:
        return _("La date limite est passée : personne n’est relancé.")
    reminders = list(campaign.reminders.begun())
    if len(reminders) >= campaign.reminders_allowed:
        return _("Les {n} relances prévues ont eu lieu. Augmentez leur nombre pour relancer encore.").format(
            n=len(reminders)
        )
    last = max([reminder.begun_at for reminder in reminders], default=campaign.launched_at)
    if last and last >= recent_since(campaign):
        return _("La dernière lettre date de moins de {n} jours. Personne n’est relancé.").format(
            n=campaign.days_between
        )
    if not due_for_reminder(campaign).exists():
        return _("Personne n’attend de relance : tous ont répondu, ou ne peuvent plus recevoir de lettre.")
    return ""


@transaction.atomic
def plan_reminder(campaign: Campaign, *, at: datetime, by: User | None) -> Reminder:
    """Plan a reminder that leaves by itself, after those planned before; people are chosen when it leaves.

    Raises Refused for a campaign that is over, one reminder too many, a moment that is past, not before the
    deadline, or fewer than `days_between` days after the letters before.
    """
    locked = locked_row(campaign)
    if not NEXT[locked.state]:
        raise illegal(locked, _("relancée"))
    if locked.reminders.count() >= locked.reminders_allowed:
        raise Refused(
            _("La campagne permet {n} relances au plus, et elles sont déjà là. Rien n’est changé.").format(
                n=locked.reminders_allowed
            )
        )
    if at <= timezone.now():
        raise Refused(_("Ce moment est déjà passé. Choisissez-en un à venir. Rien n’est changé."))
    if at >= locked.deadline:
        raise Refused(
            _("La relance partirait après la date limite, {deadline}. Rien n’est changé.").format(
                deadline=dates.moment(locked.deadline)
            )
        )
    before = _last_moment(locked)
    if before and _day_of(at) < _day_of(before) + timedelta(days=locked.days_between):
        raise Refused(
            _("Il faut {n} jours au moins après les lettres du {day}. Rien n’est changé.").format(
                n=locked.days_between, day=dates.day(before)
            )
        )
    reminder = Reminder.objects.create(campaign=locked, number=_next_number(locked), planned_at=at)
    journal.record("campaign.reminder_planned", locked, by=by, number=reminder.number, at=at.isoformat())
    return reminder


@transaction.atomic
def drop_reminder(campaign: Campaign, *, number: int, by: User | None) -> None:
    """Take back a planned reminder; asked twice, nothing more happens. Raises Refused once it has begun."""
    locked = locked_row(campaign)
    reminder = locked.reminders.filter(number=number).first()
    if reminder is None:
        return
    if reminder.begun_at:
        raise Refused(_("Cette relance a déjà commencé : elle ne peut plus être retirée."))
    reminder.delete()
    journal.record("campaign.reminder_dropped", locked, by=by, number=number)


def remind_due() -> None:
    """Begin the planned reminders whose moment has come, each once, whoever else looks at the same time.

    One that comes too soon after another letter waits. One for which nobody is left ends without a letter.
    """
    for campaign in Campaign.objects.to_remind(timezone.now()):
        with kept_apart(campaign), transaction.atomic():
            locked = locked_row(campaign)
            if Campaign.objects.to_remind(timezone.now()).filter(pk=locked.pk).exists():
                _begin_planned(locked)


def _begin_planned(campaign: Campaign) -> None:
    reminder = campaign.reminders.planned().order_by("number")[0]
    if not to_remind(campaign).exists():
        reminder.begun_at = reminder.sent_at = timezone.now()
        reminder.save()
        journal.record("campaign.reminder_useless", campaign, by=None, number=reminder.number)
    else:
        with suppress(Refused):
            remind(campaign, by=None)


def _next_number(campaign: Campaign) -> int:
    return (campaign.reminders.aggregate(number=Max("number"))["number"] or 0) + 1


def _last_moment(campaign: Campaign) -> datetime | None:
    """Return when the last letters left or are to leave: those of a reminder, else the first; None for a draft."""
    last = campaign.reminders.aggregate(last=Max("planned_at"))["last"]
    return last or campaign.launched_at or campaign.scheduled_at


def _day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()
