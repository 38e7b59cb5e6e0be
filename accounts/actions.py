"""What is done to accounts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from accounts import adapter, emails, erasure, journal
from accounts.choices import Role
from accounts.models import Erasure, User

STILL_LEAVING = timedelta(days=7)
"""How long after an erasure what was leaving at that very moment is looked for again."""


@transaction.atomic
def give_role(user: User, *, role: str, by: User | None) -> User:
    """Give a user a stored role, or take it away with ""; written in the journal.

    Raises ValueError for an unknown role.
    """
    if role and role not in Role.values:
        raise ValueError(role)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.role != role:
        before, locked.role = locked.role, role
        locked.save(update_fields=["role"])
        journal.record("user.role_changed", locked, by=by, before=before, after=role)
    user.role = role
    return locked


@transaction.atomic
def set_active(user: User, *, active: bool, by: User | None) -> User:
    """Close an account, or open it again; written in the journal, once. Its sessions end as it closes."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.is_active != active:
        locked.is_active = active
        locked.save(update_fields=["is_active"])
        if not active:
            for session in UserSession.objects.filter(user=locked):
                session.end()
        journal.record("user.reopened" if active else "user.closed", locked, by=by)
    user.is_active = active
    return locked


@transaction.atomic
def invite_user(user: User, *, by: User | None) -> User:
    """Open an account for somebody: save this new user, without a password, its address taken as verified.

    A letter tells the person, who enters by a mailed code. Raises ValueError for a user already saved or an
    unknown role, IntegrityError when the address is somebody's.
    """
    if user.pk:
        raise ValueError(user.pk)
    role, user.role = user.role, ""
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    journal.record("user.invited", user, by=by)
    give_role(user, role=role, by=by)
    emails.invited(user).send()
    return user


@transaction.atomic
def encrypt_again() -> int:
    """Encrypt the secrets of second factors with the present SECRET_KEY; return how many were not yet.

    Old keys are read from SECRET_KEY_FALLBACKS. Raises cryptography's InvalidToken, with nothing written, for
    a secret that no key reads.
    """
    changed = 0
    for authenticator in Authenticator.objects.select_for_update().order_by("pk"):
        renewed = {
            name: adapter.encrypted_again(value) if name in adapter.SECRETS else value
            for name, value in authenticator.data.items()
        }
        if renewed != authenticator.data:
            authenticator.data = renewed
            authenticator.save(update_fields=["data"])
            changed += 1
    return changed


@transaction.atomic
def reset_second_factor(user: User, *, by: User | None) -> bool:
    """Take away every second factor and the recovery codes of a person who lost them.

    The lost phone may be logged in: all sessions end. A letter tells the person. Return False, with nothing
    written, for one who has none.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    authenticators = Authenticator.objects.filter(user=locked)
    kinds = sorted(authenticators.values_list("type", flat=True))
    if not kinds:
        return False
    authenticators.delete()
    for session in UserSession.objects.filter(user=locked):
        session.end()
    journal.record("user.second_factor_reset", locked, by=by, kinds=kinds)
    emails.second_factor_reset(locked).send()
    return True


@transaction.atomic
def erase(person: erasure.Person, *, by: User | None, dry_run: bool = False) -> erasure.Report:
    """Erase a person from every room; what is under legal hold waits, without what is no evidence.

    Written in the journal and in the register outside the database, the last before the transaction holds.
    With `dry_run`, do it and undo it: the report tells what would be done. Raises ValidationError for somebody
    who has a role here, OSError where the register cannot be written; nothing is erased then.
    """
    whole = erasure.identify(person)
    report = erasure.Report(erasure.forget(whole))
    if dry_run:
        transaction.set_rollback(True)
        return report
    until = report.holds_until
    row = Erasure.objects.create(
        marks=erasure.marks(whole), holds_until=until, finished_at=None if until else timezone.now()
    )
    journal.record("person.erased", row, by=by, rows=report.erased)
    erasure.write_down(row)
    return report


def replay_erasures(entries: Iterable[erasure.Entry], *, by: User | None = None) -> int:
    """Erase again whom a restored backup brought back; return how many people were found.

    Everybody whom a room knows is compared with the marks. Rows made after an erasure are left alone: the
    person came back of their own will. Run twice, it finds nobody the second time.
    """
    asked: dict[str, erasure.Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.at):
        asked.update(dict.fromkeys(entry.marks, entry))
        _remember(entry)
    found: list[tuple[erasure.Person, erasure.Entry]] = []
    for person, since in erasure.known() if asked else ():
        last = max((asked[mark] for mark in _every_mark(person) if mark in asked), key=_when, default=None)
        if last and since <= last.at:
            found.append((replace(person, before=last.at), last))
    people = 0
    for person, entry in found:
        with transaction.atomic():
            report = erasure.Report(erasure.forget(erasure.identify(person)))
            if report.erased:
                row = Erasure.objects.get(public_id=entry.public_id)
                journal.record("person.erased_again", row, by=by, rows=report.erased)
                people += 1
    return people


def finish_erasures() -> int:
    """Erase what waited until yesterday or before, and letters that were leaving while their person was erased.

    Return how many rows changed.
    """
    today = timezone.localdate()
    with transaction.atomic():
        changed = erasure.finish(today)
        Erasure.objects.filter(holds_until__lt=today, finished_at=None).update(finished_at=timezone.now())
    recent = Erasure.objects.filter(at__gte=timezone.now() - STILL_LEAVING)
    return changed + replay_erasures(
        erasure.Entry(str(row.public_id), row.at, tuple(row.marks), row.holds_until) for row in recent
    )


def _when(entry: erasure.Entry) -> datetime:
    return entry.at


def _every_mark(person: erasure.Person) -> Iterator[str]:
    """Yield the marks of a person under the present key, and under those before it."""
    for secret in erasure.secrets():
        yield from erasure.marks(person, secret=secret)


def _remember(entry: erasure.Entry) -> None:
    """Keep the line of an erasure that a restored database knows nothing of."""
    Erasure.objects.get_or_create(
        public_id=entry.public_id,
        defaults={
            "at": entry.at,
            "marks": list(entry.marks),
            "holds_until": entry.until,
            "finished_at": None if entry.until else entry.at,
        },
    )
