"""`manage.py load_territory`: make the database match a territory's folder."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from territory import actions
from territory.tables import FolderError
from typography import numbers


class Command(BaseCommand):
    help = "Charge le territoire : communes, contours, zones, indicateurs. Relancé, ne change rien."

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder",
            type=Path,
            default=settings.TERRITORY_DIR,
            help="dossier qui contient territoire.toml (par défaut : %(default)s)",
        )
        parser.add_argument("--lag", default="", help="code du GAL, quand le dossier en décrit plusieurs")
        parser.add_argument("--dry-run", action="store_true", help="tout vérifier, ne rien écrire")

    def handle(self, *, folder: Path, lag: str, dry_run: bool, **options):
        try:
            report = actions.load_folder(folder, lag=lag, dry_run=dry_run)
        except FolderError as error:
            raise CommandError(_("%s. Rien n’a été écrit.") % error) from None
        except DatabaseError as error:
            raise CommandError(_("La base a refusé ces données (%s). Rien n’a été écrit.") % error) from None
        for kind, tally in report.items():
            if tally != actions.Tally():
                self.stdout.write(f"{kind} : {_told(tally)}")
        changes = sum(tally.changes for tally in report.values())
        total = ngettext("%s changement", "%s changements", changes) % numbers.number(changes)
        self.stdout.write(_("%s (essai : rien n’a été écrit)") % total if dry_run else total)


def _told(tally: actions.Tally) -> str:
    counts = {
        _("ajouts"): tally.created,
        _("changements"): tally.changed,
        _("retraits"): tally.removed,
        _("inchangés"): tally.unchanged,
        _("saisis au bureau, gardés"): tally.kept,
    }
    return ", ".join(f"{name} {numbers.number(count)}" for name, count in counts.items() if count)
