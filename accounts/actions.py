"""What is done to accounts."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts import adapter, emails, journal
from accounts.choices import Role
from accounts.models import User


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
