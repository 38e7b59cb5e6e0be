"""`manage.py demo_accounts`: one plainly fictitious account for each stored role, in a demonstration only."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts import demonstration
from accounts.choices import Role


class Command(BaseCommand):
    help = "Crée les comptes de démonstration et affiche leurs mots de passe."

    def handle(self, *args, **options) -> None:
        try:
            demonstration.check()
        except demonstration.NotADemonstration as refusal:
            raise CommandError(str(refusal)) from None
        entrance = f"{settings.SITE_URL}{reverse('account_login')}"
        self.stdout.write(f"Comptes de démonstration, à donner sur {entrance} (adresse, mot de passe)\u00a0:")
        for role, email, name, password in demonstration.ACCOUNTS:
            demonstration.open_account(role=role, email=email, name=name, password=password)
            self.stdout.write(demonstration.line(str(Role(role).label), email, password))
