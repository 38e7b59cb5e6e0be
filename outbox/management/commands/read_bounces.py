"""Read the mailbox to which servers return our letters."""

import mailbox
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from outbox import actions, bounces


class Command(BaseCommand):
    help = str(
        _(
            "Lit une boîte de retours (fichier mbox ou dossier Maildir) et note les adresses qui refusent nos lettres."
        )
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help=str(_("la boîte ; elle n’est pas modifiée")))

    def handle(self, *args, path: Path, **options) -> None:
        if not path.exists():
            raise CommandError(_("{path} n’existe pas. Rien n’est lu.").format(path=path))
        box: mailbox.Mailbox = (
            mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
        )
        read = refused = 0
        try:
            for message in box:
                read += 1
                refused += sum(actions.take_bounce(bounce) for bounce in bounces.read(message))
        except FileNotFoundError as error:
            raise CommandError(_("{path} n’est pas un dossier Maildir.").format(path=path)) from error
        finally:
            box.close()
        self.stdout.write(
            _("{read} messages lus, {refused} adresses nouvellement refusées.").format(
                read=read, refused=refused
            )
        )
