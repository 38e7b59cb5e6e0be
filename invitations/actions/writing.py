"""Letters are written: who awaits one, and batch after batch until nobody does."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from invitations import emails
from invitations.actions.moves import copy, locked_row
from invitations.choices import State
from invitations.models import Campaign, Invitation, Reminder, Sending
from invitations.querysets import InvitationQuerySet
from outbox.models import Letter
from territory.models import LAG

BATCH = 200
"""Letters written in one transaction; what a page that launches waits for, the rest comes behind it."""


def new_people(campaign: Campaign) -> InvitationQuerySet:
    """Invitations of a campaign that wait for their first letter and may get one."""
    return Invitation.objects.filter(campaign=campaign).never_written().unanswered().writable()


def to_remind(campaign: Campaign) -> InvitationQuerySet:
    """Invitations of a campaign that await a reminder, whenever their last letter was."""
    return Invitation.objects.filter(campaign=campaign).remindable()


def due_for_reminder(campaign: Campaign) -> InvitationQuerySet:
    """Invitations of a campaign to which a reminder would write now."""
    return Invitation.objects.filter(campaign=campaign).due_for_reminder(recent_since(campaign))


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
    locked = locked_row(campaign)
    if locked.state == State.LAUNCHING:
        write_first(locked, batch(new_people(locked)) if locked.is_open else [])
    elif locked.state == State.RUNNING and (reminder := locked.reminders.under_way().first()):
        write_reminder(locked, reminder)
    copy(locked, campaign)
    return Campaign.objects.being_written().filter(pk=locked.pk).exists()


def write_first(campaign: Campaign, people: list[Invitation]) -> int:
    """Write first letters to these people; fewer than a batch were the last, and the launch is over."""
    written = write(campaign, people, reminder=None)
    if written < BATCH:
        campaign.state = State.RUNNING
        campaign.save(update_fields=["state"])
    return written


def write_reminder(campaign: Campaign, reminder: Reminder) -> int:
    """Write a reminder to whom it is due; fewer than a batch were the last, and it is over."""
    people = batch(due_for_reminder(campaign)) if campaign.is_open else []
    written = write(campaign, people, reminder=reminder)
    if written < BATCH:
        reminder.sent_at = timezone.now()
        reminder.save(update_fields=["sent_at"])
    return written


def batch(people: InvitationQuerySet) -> list[Invitation]:
    """Return the next of these people to write to, `BATCH` at most, with what a letter says."""
    return list(people.select_related("contact", "actor")[:BATCH])


def recent_since(campaign: Campaign) -> datetime:
    """Return the first instant whose letters are too recent for a reminder.

    Days are those of the calendar: a launch takes its time, and its last letters are as old as its first.
    """
    day = timezone.localdate() - timedelta(days=campaign.days_between - 1)
    return timezone.make_aware(datetime.combine(day, time.min))


def write(campaign: Campaign, invitations: list[Invitation], *, reminder: Reminder | None) -> int:
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
    # The latest of each: one that was kept back may have been written before.
    letters = dict(
        Letter.objects.filter(
            about__in=[str(invitation.public_id) for invitation in invitations], kind=emails.kind_of(reminder)
        )
        .order_by("pk")
        .values_list("about", "pk")
    )
    for sending in sendings:
        sending.letter_id = letters.get(str(sending.invitation.public_id))
    Sending.objects.bulk_update(sendings, ["letter"])
    # Who is written to has an address that works again.
    campaign.invitations.filter(pk__in=[one.pk for one in invitations]).exclude(bounced_at=None).update(
        bounced_at=None
    )
    return len(sendings)
