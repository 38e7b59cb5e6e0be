"""What is done to letters: taken, sent, taken back, sent again, emptied."""

import logging
import math
import os
import random
import re
import socket
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox import signals, vetoes
from outbox.bounces import Bounce
from outbox.choices import HELD, NEXT, OVER, Lane, State
from outbox.models import Letter
from outbox.transport import Conversation, Outcome, words

logger = logging.getLogger(__name__)

BATCH = 20
"""Letters taken at a time: what a login code may find in front of it, and what a dead worker holds."""

_MINUTE = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
_RATE_LOCK = 0x6C657474  # any number that no other advisory lock of this database uses


class IllegalMove(ValueError):
    """A letter cannot go from its state to the one asked for; the message names both, in French."""


@dataclass
class Delivery:
    """What a turn did: letters sent; whether others are still due; whether the server itself was at fault."""

    sent: int = 0
    more: bool = False
    trouble: bool = False


# A worker's turn -----------------------------------------------------------------------------------------


def deliver_due(lane: str, *, seconds: float | None = None) -> Delivery:
    """Send the letters of a lane that are due, for `seconds` at most (default: OUTBOX_TURN).

    In the bulk lane, transactional letters that come meanwhile pass first. When the server itself is at fault
    the turn ends: one letter waits for its next try, the others for the next sweep.
    """
    end = time.monotonic() + (settings.OUTBOX_TURN if seconds is None else seconds)
    done = Delivery()
    with Conversation() as smtp:
        while time.monotonic() < end and not done.trouble:
            batch = claim_next(Lane.TRANSACTIONAL)
            if not batch and lane == Lane.BULK:
                batch = claim_next(Lane.BULK)
            if not batch:
                return done
            _deliver_batch(batch, smtp, end, done)
    if done.trouble:
        return done
    done.more = Letter.objects.in_lane(lane).due(timezone.now()).exists()
    return done


def claim_next(lane: str, limit: int = BATCH) -> list[Letter]:
    """Reserve up to `limit` due letters of a lane for this worker, in one short transaction.

    Two workers never get the same letter. Bulk letters are counted against the rate limits.
    """
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    with transaction.atomic():
        now = timezone.now()
        due = Letter.objects.in_lane(lane).due(now)
        rates = _Rates(now) if lane == Lane.BULK and _limited() else None
        if rates:
            limit = min(limit, rates.left())
            due = due.exclude(host__in=rates.full_hosts())
        letters = list(_unlocked(due)[:limit])
        if rates:
            letters = [letter for letter in letters if rates.take(letter.host)]
        lease = now + timedelta(seconds=settings.OUTBOX_LEASE)
        fields = {"state": State.CLAIMED, "claimed_at": now, "claimed_by": owner, "lease_until": lease}
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(**fields, changed_at=now)
    for letter in letters:
        for name, value in fields.items():
            setattr(letter, name, value)
    return letters


def deliver(letter: Letter, smtp: Conversation) -> Outcome | None:
    """Send a claimed letter and write down what became of it.

    Returns None when it did not leave: vetoed, or no longer ours.
    """
    if not _begin(letter):
        return None
    outcome = smtp.send(letter.sender, letter.pending_addresses, bytes(letter.message))
    _settle(letter, outcome)
    return outcome


def sweep() -> int:
    """Take back what dead workers held, then send all that is due, in both lanes; return how many left."""
    recover()
    return deliver_due(Lane.BULK, seconds=math.inf).sent


def recover() -> None:
    """Decide about letters whose lease is over.

    Not begun, or transactional: back in the queue (at least once, under the same Message-ID). A bulk letter
    that had begun to leave is uncertain: only a person may send it again (at most once).
    """
    now = timezone.now()
    abandoned = Letter.objects.abandoned(now)
    back = {"state": State.QUEUED, "next_try_at": now, "changed_at": now, "lease_until": None}
    abandoned.filter(state=State.CLAIMED).update(**back)
    begun = abandoned.filter(state=State.SENDING)
    begun.in_lane(Lane.BULK).update(
        state=State.UNCERTAIN,
        changed_at=now,
        lease_until=None,
        last_error=_("L’envoi a été interrompu\u00a0: la lettre est peut-être partie."),
    )
    urgent = begun.in_lane(Lane.TRANSACTIONAL)
    urgent.filter(attempts__lt=settings.OUTBOX_TRIES).update(**back)
    for letter in urgent.filter(attempts__gte=settings.OUTBOX_TRIES):
        _write(letter, State.FAILED, last_error=_("L’envoi a été interrompu trop souvent."))


def _deliver_batch(letters: list[Letter], smtp: Conversation, end: float, done: Delivery) -> None:
    """Send a claimed batch until the turn is over or the server is at fault.

    What was not begun goes back to the queue at once.
    """
    for position, letter in enumerate(letters):
        if position and time.monotonic() >= end:
            _release(letters[position:])
            return
        try:
            outcome = deliver(letter, smtp)
        except BaseException:
            _release(letters[position:])
            raise
        if outcome is None:
            continue
        done.sent += bool(outcome.reached)
        if outcome.stop:
            _release(letters[position + 1 :])
            done.trouble = True
            return


def _begin(letter: Letter) -> bool:
    """Decide, in one transaction, that this letter leaves now: still ours, and nobody objects."""
    now = timezone.now()
    try:
        with transaction.atomic():
            ours = Letter.objects.filter(pk=letter.pk, state=State.CLAIMED, claimed_by=letter.claimed_by)
            begun = {
                "state": State.SENDING,
                "attempts": letter.attempts + 1,
                "changed_at": now,
                "lease_until": now + timedelta(seconds=settings.OUTBOX_LEASE),
            }
            if not ours.update(**begun):
                return False
            for name, value in begun.items():
                setattr(letter, name, value)
            reason = vetoes.ask(letter)
            if reason is None:
                return True
            _write(letter, State.CANCELLED, last_error=reason)
    except Exception:
        # A veto that cannot be asked is no permission: the letter waits, and the log says why.
        logger.exception("A veto failed on letter %s", letter.public_id)
        letter.state = State.CLAIMED
        _postpone(letter, _("La vérification avant envoi a échoué."))
    return False


def _settle(letter: Letter, outcome: Outcome) -> None:
    """Write down what became of a try."""
    lasting = {address: refusal for address, refusal in outcome.refused.items() if refusal.lasting}
    left = [
        address
        for address in letter.pending_addresses
        if address not in outcome.reached and address not in lasting
    ]
    refused = [*letter.refused_addresses, *lasting]
    answers = [f"{refusal.code} {refusal.answer}" for refusal in outcome.refused.values()]
    error = outcome.trouble or " · ".join(dict.fromkeys(answers))[:600]
    with transaction.atomic():
        if outcome.unknown and letter.lane == Lane.BULK:
            _write(letter, State.UNCERTAIN, last_error=error)
        elif left:
            _postpone(letter, error, pending="\n".join(left), refused="\n".join(refused))
        elif len(refused) < len(letter.addresses):
            _write(
                letter,
                State.SENT,
                last_error=error,
                pending="",
                refused="\n".join(refused),
                sent_at=timezone.now(),
            )
        else:
            _write(letter, State.FAILED, last_error=error, pending="", refused="\n".join(refused))
        for address, refusal in lasting.items():
            if refusal.bounce:
                _tell_bounce(letter, address, refusal)


def _tell_bounce(letter: Letter, address: str, refusal) -> None:
    """Tell the rooms above; one that fails does not make the letter's fate unknown."""
    try:
        with transaction.atomic():
            signals.bounced.send(
                sender=Letter, letter=letter, address=address, code=refusal.code, answer=refusal.answer
            )
    except Exception:
        logger.exception("A receiver of `bounced` failed on letter %s", letter.public_id)


def _postpone(letter: Letter, error: str, **fields) -> None:
    """Put a letter back for a later try, or give it up (OUTBOX_TRIES; a code that is out of date)."""
    now = timezone.now()
    stale = letter.secret and now - letter.created_at > timedelta(seconds=settings.OUTBOX_SECRET_LIFE)
    if stale or letter.attempts >= settings.OUTBOX_TRIES:
        _write(letter, State.FAILED, last_error=error, attempts=letter.attempts, **fields)
    else:
        fields |= {"attempts": letter.attempts, "next_try_at": now + wait_before(letter.attempts + 1)}
        _write(letter, State.QUEUED, last_error=error, **fields)


def wait_before(attempt: int) -> timedelta:
    """Return how long to wait before that try: 1, 2, 4… minutes, six hours at most, give or take a fifth."""
    # Letters refused together would otherwise come back together.
    jitter = random.uniform(0.8, 1.2)  # noqa: S311
    return min(_MINUTE * 2 ** max(attempt - 2, 0), _LONGEST_WAIT) * jitter


def _release(letters: list[Letter]) -> None:
    """Give back letters that were claimed and not begun; they keep their place."""
    Letter.objects.filter(
        pk__in=[letter.pk for letter in letters],
        state=State.CLAIMED,
        claimed_by__in={letter.claimed_by for letter in letters},
    ).update(state=State.QUEUED, changed_at=timezone.now(), claimed_at=None, claimed_by="", lease_until=None)


def _write(letter: Letter, state: str, **fields) -> None:
    """Move a letter that this worker holds; secret ones lose their text as soon as they are over.

    A worker may come back after its lease: what it knows replaces a doubt, never another worker's claim.
    """
    now = timezone.now()
    fields |= {"state": state, "changed_at": now, "lease_until": None}
    if letter.secret and state in OVER:
        fields |= {"message": b"", "emptied_at": now}
    written = Letter.objects.filter(
        pk=letter.pk,
        claimed_by=letter.claimed_by,
        state__in=[before for before, after in NEXT.items() if state in after],
    ).update(**fields)
    if not written:
        logger.warning("Letter %s was taken over by another worker", letter.public_id)
    for name, value in fields.items():
        setattr(letter, name, value)


def _unlocked(letters):
    """Lock rows, passing over those that another worker looks at. SQLite's writers come one by one anyway."""
    return letters.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


# Rates ---------------------------------------------------------------------------------------------------


def _limited() -> bool:
    return bool(settings.OUTBOX_BULK_PER_MINUTE or settings.OUTBOX_BULK_PER_HOST_PER_MINUTE)


def _one_count_at_a_time() -> None:
    """Let no other worker count until we have claimed: each would send the whole allowance."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_RATE_LOCK])


class _Rates:
    """What the last minute leaves to send in bulk, in all and by host; asked in a claiming transaction."""

    def __init__(self, now: datetime) -> None:
        _one_count_at_a_time()
        recent = Letter.objects.claimed_since(now - _MINUTE)
        self._used = Counter(recent.values_list("host", flat=True))

    def left(self) -> int:
        """How many more letters may leave, whatever their host."""
        if not settings.OUTBOX_BULK_PER_MINUTE:
            return BATCH
        return max(settings.OUTBOX_BULK_PER_MINUTE - self._used.total(), 0)

    def full_hosts(self) -> list[str]:
        """Hosts that have had their share."""
        share = settings.OUTBOX_BULK_PER_HOST_PER_MINUTE
        return [host for host, used in self._used.items() if share and used >= share]

    def take(self, host: str) -> bool:
        """Count one more letter for a host; False when its share is used."""
        share = settings.OUTBOX_BULK_PER_HOST_PER_MINUTE
        if share and self._used[host] >= share:
            return False
        self._used[host] += 1
        return True


# Bounces -------------------------------------------------------------------------------------------------


@transaction.atomic
def take_bounce(bounce: Bounce) -> bool:
    """Note that an address refused a letter that had left; say whether that is news.

    Only an address to which that letter went counts, and only a refusal about the mailbox. Read twice, the
    second changes nothing, even if somebody has meanwhile said that the address works again.
    """
    if not bounce.refusal.bounce:
        return False
    letter = Letter.objects.select_for_update().filter(message_id=bounce.message_id).first()
    if letter is None:
        return False
    known = {address.lower(): address for address in letter.addresses}
    address = next((known[one] for one in bounce.addresses if one in known), None)
    if address is None or address in letter.refused_addresses:
        return False
    letter.refused = "\n".join([*letter.refused_addresses, address])
    letter.last_error = f"{bounce.refusal.code} {words(bounce.refusal.answer)}"[:600]
    letter.save(update_fields=["refused", "last_error"])
    _tell_bounce(letter, address, bounce.refusal)
    return True


# A person's decisions ------------------------------------------------------------------------------------


@transaction.atomic
def resend(letter: Letter, *, by) -> Letter:
    """Put an uncertain or failed letter back in the queue, under the same Message-ID; `by` is who decided so.

    Raises IllegalMove when it is in another state, or when its text is no longer kept.
    """
    locked = Letter.objects.select_for_update().get(pk=letter.pk)
    if locked.state not in (State.UNCERTAIN, State.FAILED):
        raise _illegal(locked, State.QUEUED)
    if locked.emptied_at:
        raise IllegalMove(
            _("Le texte de cette lettre n’est plus conservé\u00a0: elle ne peut plus être renvoyée.")
        )
    now = timezone.now()
    locked.state, locked.changed_at, locked.next_try_at = State.QUEUED, now, now
    locked.attempts, locked.claimed_by, locked.claimed_at = 0, "", None
    locked.pending = "\n".join([*locked.pending_addresses, *locked.refused_addresses])
    locked.refused, locked.last_error = "", ""
    locked.resent_by = str(by)[:200]
    locked.save()
    signals.handled.send(sender=Letter, letter=locked, verb="letter.resent", by=by)
    return locked


@transaction.atomic
def cancel(letter: Letter, *, by) -> Letter:
    """Keep a waiting letter from leaving; `by` decided so. Raises IllegalMove when a worker was faster."""
    locked = Letter.objects.select_for_update().get(pk=letter.pk)
    if locked.state != State.QUEUED:
        raise _illegal(locked, State.CANCELLED)
    locked.state, locked.changed_at = State.CANCELLED, timezone.now()
    locked.last_error = _("Annulée par {person}").format(person=by)
    if locked.secret:
        locked.message, locked.emptied_at = b"", locked.changed_at
    locked.save()
    signals.handled.send(sender=Letter, letter=locked, verb="letter.cancelled", by=by)
    return locked


def _illegal(letter: Letter, wanted: str) -> IllegalMove:
    return IllegalMove(
        _(
            "Cette lettre est «\u00a0{now}\u00a0»\u00a0: elle ne peut pas devenir «\u00a0{wanted}\u00a0»."
        ).format(now=letter.get_state_display(), wanted=State(wanted).label)
    )


# What is not kept ----------------------------------------------------------------------------------------


def empty_bodies() -> int:
    """Empty the texts of letters over for OUTBOX_KEEP_BODIES_DAYS; the rows stay. Returns how many."""
    now = timezone.now()
    old = Letter.objects.with_old_bodies(now - timedelta(days=settings.OUTBOX_KEEP_BODIES_DAYS))
    return old.update(message=b"", emptied_at=now)


ERASED = "personne-effacee@invalid"


@transaction.atomic
def erase(*, address: str, before: datetime | None = None) -> int:
    """Forget a person: letters to that address that wait are cancelled; all lose text, subject and address.

    What a worker is sending at this instant stays as it is: call again once it is over. With `before`, letters
    written later are left alone. Returns how many letters changed.
    """
    now = timezone.now()
    changed = 0
    for letter in _unlocked(
        Letter.objects.to_address(address).filter(created_at__lte=before or now).exclude(state__in=HELD)
    ):
        if letter.state == State.QUEUED:
            letter.state, letter.changed_at = State.CANCELLED, now
            letter.last_error = _("La personne a demandé l’effacement de ses données.")
        letter.recipients = _without(letter.recipients, address)
        letter.pending = _without(letter.pending, address)
        letter.refused = _without(letter.refused, address)
        letter.last_error = re.sub(re.escape(address), ERASED, letter.last_error, flags=re.IGNORECASE)
        letter.message, letter.emptied_at, letter.subject = b"", now, ""
        letter.save()
        changed += 1
    return changed


def _without(lines: str, address: str) -> str:
    return "\n".join(
        ERASED if line.lower() == address.strip().lower() else line for line in lines.split("\n") if line
    )
