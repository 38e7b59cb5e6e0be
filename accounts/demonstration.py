"""The accounts of a demonstration: plainly fictitious, ready to log in, and refused everywhere else."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password, get_hasher
from django.db import transaction

from accounts import actions
from accounts.choices import Role
from accounts.models import User

DOMAIN = "exemple.invalid"
"""Where fictitious people have their addresses: a name that no letter can reach (RFC 2606)."""

ACCOUNTS = (
    (Role.ADMINISTRATOR, f"administration@{DOMAIN}", "Alix Exemple", "fictif-administration"),
    (Role.TEAM, f"equipe@{DOMAIN}", "Camille Exemple", "fictif-equipe"),
    (Role.MANAGER, f"gestion@{DOMAIN}", "Dominique Exemple", "fictif-gestion"),
)
"""Role, address, name, password: known to everybody, hence never outside a demonstration."""


class NotADemonstration(Exception):
    """This installation is real: nothing fictitious is written to it."""


def check() -> None:
    """Raise NotADemonstration unless this installation is one."""
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Refusé : cette installation n’est pas une démonstration. Rien n’a changé.")


@transaction.atomic
def open_account(*, role: str, email: str, name: str, password: str) -> User:
    """Return the fictitious user of this address, made if there is none, whose password lets them in.

    Raises NotADemonstration.
    """
    check()
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, None, name=name)
        user.password = _hashed(password)
        user.save(update_fields=["password"])
    # A password that still holds is left alone: writing it again would end the person's sessions.
    elif not check_password(password, user.password) or not user.is_active:
        user.password = _hashed(password)
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
    actions.give_role(user, role=role, by=None)
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user


def _hashed(password: str) -> str:
    """Return the hash of a password that everybody knows: a million rounds would only make people wait.

    The first log-in hashes it again as the settings say.
    """
    hasher = get_hasher()
    few = {"iterations": 1000} if hasattr(hasher, "iterations") else {}
    return hasher.encode(password, hasher.salt(), **few)


def line(what: str, email: str, password: str) -> str:
    """Return an account as it is told at the terminal."""
    return f"  {what:<28} {email:<36} {password}"
