"""What is done to accounts."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts import emails, journal
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
