"""Verbs of « Me tenir au courant »: asked, confirmed, changed, stopped; a digest written, once to each."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from accounts import journal
from accounts.models import User
from accounts.querysets import normalise_email
from actors import emails
from actors.choices import Subject, SubscriptionState
from actors.models import Digest, DigestCopy, Subscription
from territory.models import Municipality, Theme

SUBSCRIPTION_TEXT = "abonnement-2026-11"
"""The text to which a person says yes; raised with each change of its words."""

UNCONFIRMED_KEPT = timedelta(days=14)
"""How long an address that nobody confirmed is kept: its link lives a week, a new one a week more."""
STOPPED_KEPT = timedelta(days=30)
"""How long a stopped subscription is kept, as the proof that it was stopped."""

DIGESTS_KEPT = timedelta(days=365)
"""How long we keep which digest was written to whom."""

BATCH = 50
"""Subscriptions looked at in one transaction."""

Compose = Callable[[Subscription], EmailMessage | None]
"""What a room above makes of a digest for one subscription; None when nothing fits."""


@transaction.atomic
def ask_subscription(
    *,
    email: str,
    subjects: Collection[str] = (),
    themes: Collection[Theme] = (),
    municipalities: Collection[Municipality] = (),
    source: str,
) -> Subscription:
    """Ask to be kept posted: the address gets a letter, and nothing more until its owner confirms.

    None ticked of anything means all of it. Whoever is subscribed already gets a letter that leads to their
    choices, which stay as they are: nobody has proved yet that the address is theirs.
    """
    subscription, made = Subscription.objects.select_for_update().get_or_create(
        email=normalise_email(email), defaults={"text_version": SUBSCRIPTION_TEXT, "source": source}
    )
    if subscription.state == SubscriptionState.ACTIVE:
        emails.send([emails.already_subscribed(subscription)])
        return subscription
    if subscription.state == SubscriptionState.STOPPED:
        subscription.state, subscription.version = SubscriptionState.PENDING, subscription.version + 1
        subscription.stopped_at = subscription.confirmed_at = None
    if not made:
        subscription.text_version, subscription.source = SUBSCRIPTION_TEXT, source
        subscription.asked_at = timezone.now()
    _choose(subscription, subjects, themes, municipalities)
    emails.send([emails.confirmation(subscription)])
    return subscription


@transaction.atomic
def confirm_subscription(subscription: Subscription) -> Subscription:
    """Say yes, by the letter's link; said twice, the first moment stays. A stopped one stays stopped."""
    locked = _locked(subscription)
    if locked.state == SubscriptionState.PENDING:
        locked.state, locked.confirmed_at = SubscriptionState.ACTIVE, timezone.now()
        locked.save(update_fields=["state", "confirmed_at"])
        journal.record("subscription.confirmed", locked, by=None, text_version=locked.text_version)
    return locked


@transaction.atomic
def change_subscription(
    subscription: Subscription,
    *,
    subjects: Collection[str] = (),
    themes: Collection[Theme] = (),
    municipalities: Collection[Municipality] = (),
) -> Subscription:
    """Change what a subscription is about; none ticked of anything means all of it."""
    locked = _locked(subscription)
    _choose(locked, subjects, themes, municipalities)
    journal.record("subscription.changed", locked, by=None)
    return locked


@transaction.atomic
def stop_subscription(subscription: Subscription, *, by: User | None = None) -> Subscription:
    """Write no digest any more, those that wait included; idempotent."""
    locked = _locked(subscription)
    if locked.state != SubscriptionState.STOPPED:
        locked.state, locked.stopped_at = SubscriptionState.STOPPED, timezone.now()
        locked.save(update_fields=["state", "stopped_at"])
        journal.record("subscription.stopped", locked, by=by)
    subscription.state, subscription.stopped_at = locked.state, locked.stopped_at
    return locked


@transaction.atomic
def stop_refused(address: str) -> bool:
    """Stop the subscription of an address that refuses letters for good; say whether there was one."""
    found = Subscription.objects.active().of_address(address).first()
    if found:
        stop_subscription(found)
    return found is not None


def send_subscription_link(subscription: Subscription) -> bool:
    """Mail a new link to the subscription's own address; say whether one left: none to who said stop."""
    letters = {
        SubscriptionState.PENDING: emails.confirmation,
        SubscriptionState.ACTIVE: emails.already_subscribed,
    }
    write = letters.get(SubscriptionState(subscription.state))
    if write:
        emails.send([write(subscription)])
    return write is not None


@transaction.atomic
def erase_old_subscriptions() -> int:
    """Erase addresses that nobody confirmed in time, and those that said stop long enough ago; return how many.

    Old digests go too, with the memory of whom they were written to.
    """
    now = timezone.now()
    Digest.objects.filter(finished_at__lt=now - DIGESTS_KEPT).delete()
    old = Subscription.objects.to_erase(
        asked_before=now - UNCONFIRMED_KEPT, stopped_before=now - STOPPED_KEPT
    )
    return old.delete()[1].get(Subscription._meta.label, 0)


# The digest ----------------------------------------------------------------------------------------------


def open_digest(until: datetime) -> Digest | None:
    """Return the digest to write: the oldest that is not finished, else the one of the period that ends at `until`.

    A period begins where the one before ended, a week earlier for the first: what was published while the
    portal was down is told late, not lost. None when there is nothing to write any more.
    """
    unfinished = Digest.objects.filter(finished_at=None).order_by("until").first()
    if unfinished:
        return unfinished
    last = Digest.objects.order_by("-until").first()
    if last and last.until >= until:
        return None
    since = last.until if last else until - timedelta(days=7)
    return Digest.objects.get_or_create(until=until, defaults={"since": since})[0]


@transaction.atomic
def write_next_copies(digest: Digest, *, compose: Compose) -> bool:
    """Write a digest to the next `BATCH` subscriptions; say whether others wait.

    The copies, their letters and how far we are become true together: a worker that dies leaves all of them
    or none. Two at once go one after the other, behind the digest's lock.
    """
    locked = _locked_digest(digest)
    if locked.finished_at:
        return False
    people = list(Subscription.objects.owed(locked).with_choices()[:BATCH])
    letters = [(one, letter) for one in people if (letter := compose(one)) is not None]
    DigestCopy.objects.bulk_create([DigestCopy(digest=locked, subscription=one) for one, _letter in letters])
    emails.send([letter for _one, letter in letters])
    if len(people) == BATCH:
        locked.walked_to = people[-1].pk
    else:
        locked.finished_at = timezone.now()
        journal.record("digest.written", locked, by=None, copies=locked.copies.count())
    locked.save(update_fields=["walked_to", "finished_at"])
    return locked.finished_at is None


# Inside --------------------------------------------------------------------------------------------------


def _locked(subscription: Subscription) -> Subscription:
    return Subscription.objects.select_for_update().get(pk=subscription.pk)


def _locked_digest(digest: Digest) -> Digest:
    """Lock the digest: whoever looks for who is next afterwards looks alone."""
    return Digest.objects.select_for_update().get(pk=digest.pk)


def _choose(
    subscription: Subscription,
    subjects: Collection[str],
    themes: Collection[Theme],
    municipalities: Collection[Municipality],
) -> None:
    for subject in Subject:
        setattr(subscription, f"about_{subject.value}", not subjects or subject.value in subjects)
    subscription.save()
    subscription.themes.set(themes)
    subscription.municipalities.set(municipalities)
