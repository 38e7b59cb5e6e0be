"""`manage.py load_demo`: a programme of plainly fictitious people, in a demonstration only."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from smartrural.demonstration import programme
from typography import numbers


class Command(BaseCommand):
    help = (
        "Charge un programme fictif dans une démonstration et dit par où y entrer. Relancé, ne change rien."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder", type=Path, help="dossier du territoire\u00a0; celui des réglages par défaut"
        )

    def handle(self, *, folder: Path | None = None, **options) -> None:
        try:
            n = programme.load(folder)
        except programme.Refused as refusal:
            raise CommandError(str(refusal)) from None
        for line in programme.doors():
            self.stdout.write(line)
        told = ngettext("%s changement", "%s changements", n) % numbers.number(n)
        self.stdout.write(f"Programme de démonstration\u00a0: {told}")
