"""`manage.py load_communes`: one actor for each municipality of the LAG."""

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from actors import actions
from typography import numbers


class Command(BaseCommand):
    help = "Crée la fiche de chaque commune du GAL. Relancé, ne change rien."

    def handle(self, **options):
        n = len(actions.create_communes(by=None))
        self.stdout.write(ngettext("%s changement", "%s changements", n) % numbers.number(n))
