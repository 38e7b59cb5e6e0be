"""Verbs of a campaign: prepared, launched, reminded, closed; and of an invitation: begun, answered."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from actors import actions as actors
from actors.models import Actor, Contact
from invitations import emails, exports
from invitations.choices import NEXT, State
from invitations.models import Campaign, Invitation, Reminder, Sending
from invitations.querysets import InvitationQuerySet
from outbox.models import Letter
from territory.models import LAG
from typography import dates

logger = logging.getLogger(__name__)

BATCH = 200
"""Letters written in one transaction; what a page that launches waits for, the rest comes behind it."""

NEW_LINK_PAUSE = 600
"""Seconds before the same person gets another new link by mail."""


class Refused(Exception):
    """What was asked cannot be done; its text, in French, is for the person who asked."""


# Campaigns -----------------------------------------------------------------------------------------------


@transaction.atomic
def save(campaign: Campaign, *, by: User | None, changed: Iterable[str] = ()) -> Campaign:
    """Write a campaign that was typed or built by a room above; `changed` names its fields.

    Raises ValidationError for a text, an address or a page that no letter could carry.
    """
    new = campaign.pk is None
    if new and campaign.created_by is None:
        campaign.created_by = by
    campaign.full_clean()
    campaign.save()
    journal.record(f"campaign.{'created' if new else 'changed'}", campaign, by=by, fields=sorted(changed))
    return campaign


@transaction.atomic
def prepare(
    campaign: Campaign, *, contacts: Iterable[Contact], by: User | None, actor: Actor | None = None
) -> int:
    """Invite these contacts, without writing to them yet; return how many are new.

    A contact speaks for `actor`, else for the first of its own actors by name that is of the campaign's
    family. Raises Refused once the campaign is over.
    """
    locked = _locked(campaign)
    if not NEXT[locked.state]:
        raise _illegal(locked, _("recevoir de nouveaux destinataires"))
    there = set(locked.invitations.values_list("contact_id", flat=True))
    new = [contact for contact in dict.fromkeys(contacts) if contact.pk not in there]
    if actor is None:
        prefetch_related_objects(new, "actors")
    Invitation.objects.bulk_create(
        [
            Invitation(campaign=locked, contact=contact, actor=actor or _speaks_for(contact, locked.family))
            for contact in new
        ],
        batch_size=500,
    )
    if new:
        journal.record("campaign.prepared", locked, by=by, people=len(new))
    return len(new)


@transaction.atomic
def launch(campaign: Campaign, *, by: User | None) -> int:
    """Write to whoever has no letter yet; return how many letters were written now.

    The first `BATCH` are written here, `write_next` writes the others. Asked twice, it writes nobody twice.
    Raises Refused for a campaign that is over, past its deadline, or without anyone to write to.
    """
    locked = _locked(campaign)
    people = _batch(new_people(locked))
    if locked.state == State.LAUNCHING or (locked.state == State.RUNNING and not people):
        return 0
    if refusal := why_no_launch(locked):
        raise Refused(refusal)
    locked.scheduled_at = None
    locked.launched_at = locked.launched_at or timezone.now()
    _move(locked, State.LAUNCHING, by=by)
    written = _write_first(locked, people)
    _copy(locked, campaign)
    return written


def why_no_launch(campaign: Campaign) -> str:
    """Return in French why a campaign cannot be launched now, or "" when it can."""
    if State.LAUNCHING not in NEXT[campaign.state]:
        return str(_illegal(campaign, str(State.LAUNCHING.label)))
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
    locked = _locked(campaign)
    if locked.state != State.SCHEDULED and State.SCHEDULED not in NEXT[locked.state]:
        raise _illegal(locked, str(State.SCHEDULED.label))
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
        _move(locked, State.SCHEDULED, by=by, at=at.isoformat())
    _copy(locked, campaign)
    return locked


@transaction.atomic
def unschedule(campaign: Campaign, *, by: User | None) -> Campaign:
    """Make a scheduled campaign a draft again: nothing leaves. Asked of a draft, nothing changes. Raises Refused."""
    locked = _locked(campaign)
    if locked.state != State.DRAFT:
        locked.scheduled_at = None
        _move(locked, State.DRAFT, by=by)
    _copy(locked, campaign)
    return locked


def launch_due() -> None:
    """Launch the campaigns whose moment has come, each once, whoever else looks at the same time.

    One that can no longer be launched stays scheduled: its page says why, and it leaves once that is put right.
    """
    for campaign in Campaign.objects.to_launch(timezone.now()):
        with kept_apart(campaign), transaction.atomic(), suppress(Refused):
            locked = _locked(campaign)
            # Looked at again behind the lock: it may have been launched, moved or cancelled meanwhile.
            due = locked.scheduled_at is not None and locked.scheduled_at <= timezone.now()
            if locked.state == State.SCHEDULED and due:
                launch(locked, by=None)


@contextmanager
def kept_apart(campaign: Campaign) -> Iterator[None]:
    """Log what goes wrong with one campaign and let the others go on; a database that is away stops them all."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # whatever it is, it is this campaign's, and is tried again at the next turn
        logger.exception("campaign %s: this turn failed", campaign.public_id)


@transaction.atomic
def remind(campaign: Campaign, *, by: User | None) -> int:
    """Write again to those who have not answered; return how many letters were written now.

    Each person has had no letter for `days_between` days. A planned reminder begins early.
    Raises Refused when the campaign is not running, is past its deadline, has used its reminders, was
    reminded too short a time ago, or nobody is due.
    """
    locked = _locked(campaign)
    if refusal := why_no_reminder(locked):
        raise Refused(refusal)
    now = timezone.now()
    reminder = locked.reminders.planned().order_by("number").first()
    reminder = reminder or Reminder(campaign=locked, number=_next_number(locked), planned_at=now)
    reminder.begun_at = now
    reminder.planned_at = min(reminder.planned_at, now)
    reminder.save()
    journal.record("campaign.reminded", locked, by=by, number=reminder.number)
    written = _write_reminder(locked, reminder)
    _copy(locked, campaign)
    return written


def why_no_reminder(campaign: Campaign) -> str:
    """Return in French why a campaign cannot be reminded now, or "" when it can."""
    now = timezone.now()
    if campaign.state != State.RUNNING:
        return str(_illegal(campaign, _("relancée")))
    if now >= campaign.deadline:
        return _("La date limite est passée : personne n’est relancé.")
    reminders = list(campaign.reminders.begun())
    if len(reminders) >= campaign.reminders_allowed:
        return _("Les {n} relances prévues ont eu lieu. Augmentez leur nombre pour relancer encore.").format(
            n=len(reminders)
        )
    last = max([reminder.begun_at for reminder in reminders], default=campaign.launched_at)
    if last and last >= _recent_since(campaign):
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
    locked = _locked(campaign)
    if not NEXT[locked.state]:
        raise _illegal(locked, _("relancée"))
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
    locked = _locked(campaign)
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
            locked = _locked(campaign)
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


def to_remind(campaign: Campaign) -> InvitationQuerySet:
    """Invitations of a campaign that await a reminder, whenever their last letter was."""
    return Invitation.objects.filter(campaign=campaign).remindable()


def due_for_reminder(campaign: Campaign) -> InvitationQuerySet:
    """Invitations of a campaign to which a reminder would write now."""
    return Invitation.objects.filter(campaign=campaign).due_for_reminder(_recent_since(campaign))


def new_people(campaign: Campaign) -> InvitationQuerySet:
    """Invitations of a campaign that wait for their first letter and may get one."""
    return Invitation.objects.filter(campaign=campaign).never_written().unanswered().writable()


def to_write(campaign: Campaign) -> int:
    """Count the people whom a launch or a reminder under way has yet to reach."""
    if not campaign.is_open:
        return 0
    if campaign.state == State.LAUNCHING:
        return new_people(campaign).count()
    if campaign.reminders.under_way().exists():
        return due_for_reminder(campaign).count()
    return 0


@transaction.atomic
def write_next(campaign: Campaign) -> bool:
    """Write the next `BATCH` letters of a launch or a reminder that is under way; say whether others wait."""
    locked = _locked(campaign)
    if locked.state == State.LAUNCHING:
        _write_first(locked, _batch(new_people(locked)) if locked.is_open else [])
    elif locked.state == State.RUNNING and (reminder := locked.reminders.under_way().first()):
        _write_reminder(locked, reminder)
    _copy(locked, campaign)
    return Campaign.objects.being_written().filter(pk=locked.pk).exists()


@transaction.atomic
def close(campaign: Campaign, *, by: User | None) -> Campaign:
    """End a campaign: links say so, letters that wait do not leave. Raises Refused."""
    return _end(campaign, State.CLOSED, by=by)


@transaction.atomic
def cancel(campaign: Campaign, *, by: User | None) -> Campaign:
    """Call a campaign off, even as a draft; what was sent stays sent. Raises Refused."""
    return _end(campaign, State.CANCELLED, by=by)


def send_test(campaign: Campaign, *, contact: Contact, actor: Actor | None, by: User) -> None:
    """Send to whoever prepares it the letter that this contact would get."""
    emails.send([emails.trial(campaign, contact, actor, to=by.email)])
    journal.record("campaign.tested", campaign, by=by)


@transaction.atomic
def export_unanswered(campaign: Campaign, *, by: User) -> bytes:
    """Return who has not answered as CSV; the journal keeps who took the list, and how long it was."""
    content, people = exports.unanswered_csv(campaign)
    journal.record("campaign.exported", campaign, by=by, people=people)
    return content


# Invitations ---------------------------------------------------------------------------------------------


@transaction.atomic
def mark_begun(invitation: Invitation) -> Invitation:
    """Note the first button pressed; pressed again, nothing changes. Raises Refused once it is over."""
    locked = _locked_invitation(invitation.public_id)
    if not locked.campaign.is_open:
        raise Refused(_("Cette invitation est terminée. Rien n’est changé."))
    if locked.begun_at is None:
        locked.begun_at = timezone.now()
        locked.save(update_fields=["begun_at"])
        journal.record("invitation.begun", locked.campaign, by=None, invitation=str(locked.public_id))
    return locked


@transaction.atomic
def mark_answered(invitation_public_id: UUID | str) -> Invitation | None:
    """Note that what was asked is done; called by the room above, in its transaction. Idempotent.

    Returns None for an invitation that does not exist (any more): an answer is never lost for that.
    """
    try:
        locked = _locked_invitation(invitation_public_id)
    except (Invitation.DoesNotExist, ValidationError):
        return None
    if locked.answered_at is None:
        locked.answered_at = timezone.now()
        locked.begun_at = locked.begun_at or locked.answered_at
        locked.save(update_fields=["begun_at", "answered_at"])
        journal.record("invitation.answered", locked.campaign, by=None, invitation=str(locked.public_id))
    return locked


@transaction.atomic
def mark_unanswered(invitation_public_id: UUID | str) -> None:
    """Note that what was done is to be done again; called by the room above, in its transaction. Idempotent."""
    locked = _locked_invitation(invitation_public_id)
    if locked.answered_at is not None:
        locked.answered_at = None
        locked.save(update_fields=["answered_at"])
        journal.record("invitation.reopened", locked.campaign, by=None, invitation=str(locked.public_id))


@transaction.atomic
def hand_down(campaign: Campaign, *, deadline: datetime, landing_path: str, by: User | None) -> None:
    """Follow what the campaign invites to: until when, at which page. A campaign that is over stays as it was."""
    locked = _locked(campaign)
    told = (deadline, landing_path)
    if not NEXT[locked.state] or (locked.deadline, locked.landing_path) == told:
        return
    locked.deadline, locked.landing_path = told
    save(locked, by=by, changed=["deadline", "landing_path"])


@transaction.atomic
def mark_bounced(letter: Letter, *, address: str) -> None:
    """Note that an address refused a letter for good: on the contact, and on the invitation it was for."""
    actors.mark_bounced(address)
    refused = Invitation.objects.filter(sendings__letter=letter, bounced_at=None)
    refused.update(bounced_at=timezone.now())


@transaction.atomic
def mark_reached(invitation: Invitation, *, by: User) -> Invitation:
    """Note that somebody phoned or wrote to a person whom no letter reaches; ticked again, nothing changes.

    Raises Refused for a person who is not on that list.
    """
    locked = _locked_invitation(invitation.public_id)
    if locked.reached_at is None:
        if not Invitation.objects.out_of_reach().filter(pk=locked.pk).exists():
            raise Refused(_("Cette personne n’est plus à joindre autrement. Rien n’est changé."))
        locked.reached_at, locked.reached_by = timezone.now(), by
        locked.save(update_fields=["reached_at", "reached_by"])
        journal.record("invitation.reached", locked.campaign, by=by, invitation=str(locked.public_id))
    return locked


@transaction.atomic
def mark_unreached(invitation: Invitation, *, by: User) -> Invitation:
    """Take back a tick; asked again, nothing changes."""
    locked = _locked_invitation(invitation.public_id)
    if locked.reached_at is not None:
        locked.reached_at = locked.reached_by = None
        locked.save(update_fields=["reached_at", "reached_by"])
        journal.record("invitation.unreached", locked.campaign, by=by, invitation=str(locked.public_id))
    return locked


@transaction.atomic
def tick_bounced(invitation: Invitation, *, by: User) -> Invitation:
    """Note by hand that the address of an invited person refuses letters; ticked again, nothing changes.

    Raises Refused for a person without address.
    """
    locked = _locked_invitation(invitation.public_id)
    address = locked.contact.email
    if not address:
        raise Refused(_("Cette personne n’a pas d’adresse e-mail. Rien n’est changé."))
    if locked.bounced_at is None:
        actors.mark_bounced(address)
        locked.bounced_at = timezone.now()
        locked.save(update_fields=["bounced_at"])
        journal.record("invitation.bounced", locked.campaign, by=by, invitation=str(locked.public_id))
    return locked


@transaction.atomic
def send_new_link(invitation: Invitation) -> bool:
    """Mail a new personal link to the invited person's own address; say whether one left.

    None leaves for a campaign that is over, an invitation answered, a person without a working address, or
    somebody who has just got one.
    """
    contact = invitation.contact
    useless = invitation.answered_at or contact.bounced_at or not contact.email
    if useless or not invitation.campaign.is_open:
        return False
    if not cache.add(f"new-link:{invitation.public_id}", 1, NEW_LINK_PAUSE):
        return False
    emails.send([emails.new_link(invitation)])
    journal.record(
        "invitation.link_renewed", invitation.campaign, by=None, invitation=str(invitation.public_id)
    )
    return True


# Inside --------------------------------------------------------------------------------------------------


def _locked(campaign: Campaign) -> Campaign:
    """Lock the campaign's row: whoever looks for new people afterwards looks alone."""
    return Campaign.objects.select_for_update().get(pk=campaign.pk)


def _locked_invitation(public_id: UUID | str) -> Invitation:
    found = Invitation.objects.select_related("campaign").select_for_update(of=("self",))
    return found.get(public_id=public_id)


def _speaks_for(contact: Contact, family: str) -> Actor | None:
    """Return the first of a contact's actors by name that is of this family ("": of any)."""
    return next((actor for actor in contact.actors.all() if family in ("", actor.family)), None)


def _next_number(campaign: Campaign) -> int:
    return (campaign.reminders.aggregate(number=Max("number"))["number"] or 0) + 1


def _last_moment(campaign: Campaign) -> datetime | None:
    """Return when the last letters left or are to leave: those of a reminder, else the first; None for a draft."""
    last = campaign.reminders.aggregate(last=Max("planned_at"))["last"]
    return last or campaign.launched_at or campaign.scheduled_at


def _day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _recent_since(campaign: Campaign) -> datetime:
    """Return the first instant whose letters are too recent for a reminder.

    Days are those of the calendar: a launch takes its time, and its last letters are as old as its first.
    """
    day = timezone.localdate() - timedelta(days=campaign.days_between - 1)
    return timezone.make_aware(datetime.combine(day, time.min))


def _batch(people: InvitationQuerySet) -> list[Invitation]:
    return list(people.select_related("contact", "actor")[:BATCH])


def _write_first(campaign: Campaign, people: list[Invitation]) -> int:
    """Write first letters to these people; fewer than a batch were the last, and the launch is over."""
    written = _write(campaign, people, reminder=None)
    if written < BATCH:
        campaign.state = State.RUNNING
        campaign.save(update_fields=["state"])
    return written


def _write_reminder(campaign: Campaign, reminder: Reminder) -> int:
    people = _batch(due_for_reminder(campaign)) if campaign.is_open else []
    written = _write(campaign, people, reminder=reminder)
    if written < BATCH:
        reminder.sent_at = timezone.now()
        reminder.save(update_fields=["sent_at"])
    return written


def _write(campaign: Campaign, invitations: list[Invitation], *, reminder: Reminder | None) -> int:
    """Write one letter to each of these people, and remember which; return how many."""
    if not invitations:
        return 0
    lag = LAG.objects.first()
    for invitation in invitations:
        invitation.campaign = campaign
    # The rows first: where two writers meet, the database refuses the second before a letter exists.
    sendings = Sending.objects.bulk_create(
        [Sending(invitation=invitation, reminder=reminder) for invitation in invitations]
    )
    emails.send(emails.written(invitation, reminder=reminder, lag=lag) for invitation in invitations)
    letters = dict(
        Letter.objects.filter(
            about__in=[str(invitation.public_id) for invitation in invitations], kind=emails.kind_of(reminder)
        ).values_list("about", "pk")
    )
    for sending in sendings:
        sending.letter_id = letters.get(str(sending.invitation.public_id))
    Sending.objects.bulk_update(sendings, ["letter"])
    return len(sendings)


def _end(campaign: Campaign, state: State, *, by: User | None) -> Campaign:
    locked = _locked(campaign)
    if locked.state != state:
        locked.scheduled_at = None
        _move(locked, state, by=by)
        locked.reminders.under_way().update(sent_at=timezone.now())
        locked.reminders.planned().delete()
    _copy(locked, campaign)
    return locked


def _move(campaign: Campaign, state: State, *, by: User | None, **facts: str) -> None:
    if state not in NEXT[campaign.state]:
        raise _illegal(campaign, str(state.label))
    campaign.state = state
    campaign.save(update_fields=["state", "scheduled_at", "launched_at"])
    journal.record(f"campaign.{state}", campaign, by=by, **facts)


def _copy(locked: Campaign, campaign: Campaign) -> None:
    """Let the caller's object tell what was written."""
    campaign.state, campaign.launched_at = locked.state, locked.launched_at
    campaign.scheduled_at = locked.scheduled_at


def _illegal(campaign: Campaign, wanted: str) -> Refused:
    return Refused(
        _("La campagne est « {now} » : elle ne peut pas être « {wanted} ». Rien n’est changé.").format(
            now=campaign.get_state_display(), wanted=wanted
        )
    )
