"""What is done to accounts."""

from django.db import transaction

from accounts import journal
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
