"""The accounts of a demonstration: plainly fictitious, ready to log in, and refused everywhere else."""

from allauth.account.models import EmailAddress
from django.conf import settings
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
        user = User.objects.create_user(email, password, name=name)
    # A password that still holds is left alone: writing it again would end the person's sessions.
    elif not user.check_password(password) or not user.is_active:
        user.set_password(password)
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
    actions.give_role(user, role=role, by=None)
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user


def line(what: str, email: str, password: str) -> str:
    """Return an account as it is told at the terminal."""
    return f"  {what:<28} {email:<36} {password}"
