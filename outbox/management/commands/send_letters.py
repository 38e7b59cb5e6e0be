"""One sweep by hand, where no worker runs."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from outbox import actions
from outbox.figures import count_by_state


class Command(BaseCommand):
    help = str(_("Envoie les lettres en attente, une fois, sans processus d’arrière-plan."))

    def handle(self, *args, **options) -> None:
        actions.sweep()
        for label, count in count_by_state():
            if count:
                self.stdout.write(f"{label} : {count}")
