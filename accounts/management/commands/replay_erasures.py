"""After a restore: erase again those who had asked for it since the backup."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import actions, erasure


class Command(BaseCommand):
    """`manage.py replay_erasures [fichier]`: apply the register of erasures to this database."""

    help = "Efface à nouveau, après une restauration, les personnes que le registre des effacements contient."

    def add_arguments(self, parser) -> None:
        parser.add_argument("register", nargs="?", help="Le registre\u00a0; par défaut ERASURE_REGISTER.")

    def handle(self, *args, register: str | None, **options) -> None:
        path = Path(register or settings.ERASURE_REGISTER)
        if not path.is_file():
            raise CommandError(f"Le registre {path} n’existe pas\u00a0: rien n’est changé.")
        entries = erasure.entries(path)
        people = actions.replay_erasures(entries)
        self.stdout.write(f"{len(entries)} effacements lus, {people} appliqués à nouveau.")
