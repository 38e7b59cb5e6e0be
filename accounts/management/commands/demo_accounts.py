"""`manage.py demo_accounts`: one plainly fictitious account for each stored role, in a demonstration only."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import actions
from accounts.choices import Role
from accounts.models import User

ACCOUNTS = (
    (Role.ADMINISTRATOR, "administration@exemple.invalid", "Alix Exemple", "fictif-administration"),
    (Role.TEAM, "equipe@exemple.invalid", "Camille Exemple", "fictif-equipe"),
    (Role.MANAGER, "gestion@exemple.invalid", "Dominique Exemple", "fictif-gestion"),
)
"""Role, address, name, password: known to everybody, hence never outside a demonstration."""


class Command(BaseCommand):
    help = "Crée les comptes de démonstration et affiche leurs mots de passe."

    def handle(self, *args, **options) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Refusé : cette installation n’est pas une démonstration. Rien n’a changé.")
        self.stdout.write("Comptes de démonstration (adresse, mot de passe) :")
        for role, email, name, password in ACCOUNTS:
            _prepare(role, email, name, password)
            self.stdout.write(f"  {Role(role).label:<16} {email:<34} {password}")


@transaction.atomic
def _prepare(role: str, email: str, name: str, password: str) -> None:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, password, name=name)
    # A password that still holds is left alone: writing it again would end the person's sessions.
    if not user.check_password(password) or not user.is_active:
        user.set_password(password)
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
    actions.give_role(user, role=role, by=None)
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
