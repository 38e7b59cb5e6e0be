"""First letters: at once, or at a moment chosen in advance; then the campaign ends."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from invitations.actions.moves import Refused, copy, illegal, kept_apart, locked_row, move
from invitations.actions.writing import batch, new_people, write_first
from invitations.choices import NEXT, State
from invitations.models import Campaign
from typography import dates


@transaction.atomic
def launch(campaign: Campaign, *, by: User | None) -> int:
    """Write to whoever has no letter yet; return how many letters were written now.

    The first `BATCH` are written here, `write_next` writes the others. Asked twice, it writes nobody twice.
    Raises Refused for a campaign that is over, past its deadline, or without anyone to write to.
    """
    locked = locked_row(campaign)
    people = batch(new_people(locked))
    if locked.state == State.LAUNCHING or (locked.state == State.RUNNING and not people):
        return 0
    if refusal := why_no_launch(locked):
        raise Refused(refusal)
    locked.scheduled_at = None
    locked.launched_at = locked.launched_at or timezone.now()
    move(locked, State.LAUNCHING, by=by)
    written = write_first(locked, people)
    copy(locked, campaign)
    return written


def why_no_launch(campaign: Campaign) -> str:
    """Return in French why a campaign cannot be launched now, or "" when it can."""
    if State.LAUNCHING not in NEXT[campaign.state]:
        return str(illegal(campaign, str(State.LAUNCHING.label)))
    if timezone.now() >= campaign.deadline:
        return _("La date limite est passée : reculez-la d’abord. Rien n’est parti.")
    if not new_people(campaign).exists():
        return _("Personne de nouveau à qui écrire : choisissez d’abord des destinataires joignables.")
    return ""


@transaction.atomic
def schedule(campaign: Campaign, *, at: datetime, by: User | None) -> Campaign:
    """Have a campaign launch by itself at that moment; scheduled again, the moment alone changes.

    Raises Refused for a moment that is past or not before the deadline, or for what `launch` would refuse today.
    """
    locked = locked_row(campaign)
    if locked.state != State.SCHEDULED and State.SCHEDULED not in NEXT[locked.state]:
        raise illegal(locked, str(State.SCHEDULED.label))
    if at <= timezone.now():
        raise Refused(_("Ce moment est déjà passé. Choisissez-en un à venir. Rien n’est changé."))
    if at >= locked.deadline:
        raise Refused(
            _("Les lettres partiraient après la date limite, {deadline}. Rien n’est changé.").format(
                deadline=dates.moment(locked.deadline)
            )
        )
    if refusal := why_no_launch(locked):
        raise Refused(refusal)
    locked.scheduled_at = at
    if locked.state == State.SCHEDULED:
        locked.save(update_fields=["scheduled_at"])
        journal.record("campaign.rescheduled", locked, by=by, at=at.isoformat())
    else:
        move(locked, State.SCHEDULED, by=by, at=at.isoformat())
    copy(locked, campaign)
    return locked


@transaction.atomic
def unschedule(campaign: Campaign, *, by: User | None) -> Campaign:
    """Make a scheduled campaign a draft again: nothing leaves. Asked of a draft, nothing changes. Raises Refused."""
    locked = locked_row(campaign)
    if locked.state != State.DRAFT:
        locked.scheduled_at = None
        move(locked, State.DRAFT, by=by)
    copy(locked, campaign)
    return locked


def launch_due() -> None:
    """Launch the campaigns whose moment has come, each once, whoever else looks at the same time.

    One that can no longer be launched stays scheduled: its page says why, and it leaves once that is put right.
    """
    for campaign in Campaign.objects.to_launch(timezone.now()):
        with kept_apart(campaign), transaction.atomic(), suppress(Refused):
            locked = locked_row(campaign)
            # Looked at again behind the lock: it may have been launched, moved or cancelled meanwhile.
            due = locked.scheduled_at is not None and locked.scheduled_at <= timezone.now()
            if locked.state == State.SCHEDULED and due:
                launch(locked, by=None)


@transaction.atomic
def close(campaign: Campaign, *, by: User | None) -> Campaign:
    """End a campaign: links say so, letters that wait do not leave. Raises Refused."""
    return _end(campaign, State.CLOSED, by=by)


@transaction.atomic
def cancel(campaign: Campaign, *, by: User | None) -> Campaign:
    """Call a campaign off, even as a draft; what was sent stays sent. Raises Refused."""
    return _end(campaign, State.CANCELLED, by=by)


def _end(campaign: Campaign, state: State, *, by: User | None) -> Campaign:
    locked = locked_row(campaign)
    if locked.state != state:
        locked.scheduled_at = None
        move(locked, state, by=by)
        locked.reminders.under_way().update(sent_at=timezone.now())
        locked.reminders.planned().delete()
    copy(locked, campaign)
    return locked
