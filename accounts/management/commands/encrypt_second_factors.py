"""`manage.py encrypt_second_factors`: put secrets under the present SECRET_KEY, so that the old one can go."""

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from accounts import actions


class Command(BaseCommand):
    help = "Chiffre à nouveau les secrets des secondes protections, après un changement de SECRET_KEY."

    def handle(self, *args, **options) -> None:
        try:
            done = actions.encrypt_again()
        except InvalidToken as error:
            raise CommandError(
                "Un secret n’est lisible par aucune clé. Rien n’a changé. "
                "Remettez l’ancienne clé dans SECRET_KEY_FALLBACKS, puis recommencez."
            ) from error
        self.stdout.write(f"Secrets chiffrés à nouveau\u00a0: {done}.")
