"""Verbs of the yearly question: is the sheet still right?"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import journal
from accounts.models import User
from actors.anniversaries import months_before
from actors.choices import State
from actors.emails import sheets as letters
from actors.models import Actor, Membership

ASKED_AFTER = 12
"""Months without a confirmation after which the referents are asked."""
LATE_AFTER = 13
"""Months after which the team looks itself."""
LINK_DAYS = 60


def ask_for_confirmations(*, now: datetime | None = None) -> int:
    """Ask the referents of each sheet that nobody confirmed for a year; return of how many sheets.

    Each sheet is one transaction, its row locked and asked about again: it is marked and its letters are
    written together, so that a second run, or one after a kill, writes to nobody twice in a year.
    """
    moment = now or timezone.now()
    due = Actor.objects.to_ask_for_confirmation(months_before(moment, ASKED_AFTER))
    return sum(ask_for_confirmation(pk, now=moment) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def ask_for_confirmation(pk: int, *, now: datetime) -> bool:
    """Ask the referents of one sheet, unless it was asked or confirmed meanwhile; say whether it was asked."""
    due = Actor.objects.to_ask_for_confirmation(months_before(now, ASKED_AFTER))
    if Actor.objects.select_for_update().filter(pk=pk).first() is None:
        return False
    actor = due.with_places().filter(pk=pk).first()
    if actor is None:
        return False
    actor.confirmation_asked_at, actor.confirmation_round = now, actor.confirmation_round + 1
    actor.save(update_fields=["confirmation_asked_at", "confirmation_round"])
    for referent in actor.memberships.referents().select_related("user"):
        referent.actor = actor
        letters.confirmation_asked(referent, expires=now + timedelta(days=LINK_DAYS)).send()
    journal.record("actor.confirmation_asked", actor, by=None)
    return True


def send_confirmation_link(membership: Membership) -> bool:
    """Write this year's question again to a referent whose link is too old; say whether there was anything to ask."""
    referent = Membership.objects.referents().select_related("user", "actor").filter(pk=membership.pk).first()
    if referent is None or referent.actor.state != State.PUBLISHED or answered(referent):
        return False
    expires = timezone.now() + timedelta(days=LINK_DAYS)
    letters.confirmation_asked(referent, expires=expires, lane="transactional").send()
    return True


@transaction.atomic
def confirm(actor: Actor, *, by: User) -> Actor:
    """Note that somebody who keeps the sheet says it is right today."""
    locked = Actor.objects.select_for_update().get(pk=actor.pk)
    locked.confirmed_at = timezone.now()
    locked.save(update_fields=["confirmed_at"])
    journal.record("actor.confirmed", locked, by=by)
    actor.confirmed_at = locked.confirmed_at
    return locked


def answered(membership: Membership) -> bool:
    """Say whether the question of this year has its answer already, whoever gave it."""
    actor = membership.actor
    asked, confirmed = actor.confirmation_asked_at, actor.confirmed_at
    return bool(asked and confirmed and confirmed >= asked)
