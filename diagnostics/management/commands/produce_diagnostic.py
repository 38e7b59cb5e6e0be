"""`manage.py produce_diagnostic --scope 25048 --output jodoigne.pdf`: a PDF without portal, worker or account."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnostics import figures, report, snapshots
from diagnostics.choices import Status
from documents import pdf
from territory.models import LAG, Area, Municipality


class Command(BaseCommand):
    """Collect the figures of a municipality or an area, and print them. Nothing is stored."""

    help = "Imprime le diagnostic territorial d’une commune ou d’une zone."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--scope", required=True, help="code INS d’une commune ou code d’une zone")
        parser.add_argument("--output", required=True, type=Path, help="fichier PDF à écrire")
        parser.add_argument("--edition", default="", help="édition à imprimer (l’année en cours par défaut)")
        parser.add_argument("--sheet", action="store_true", help="la fiche d’une page seulement")

    def handle(self, *args, scope: str, output: Path, edition: str, sheet: bool, **options) -> None:
        place = (
            Municipality.objects.filter(code=scope).first()
            or Area.objects.filter(code=scope).first()
            or Municipality.objects.filter(slug=scope).first()
        )
        if place is None:
            raise CommandError(
                _(
                    "Aucune commune ni zone n’a le code {code}. Lancez d’abord « manage.py load_territory »."
                ).format(code=scope)
            )
        created = timezone.now().replace(microsecond=0)
        edition = edition or str(created.year)
        try:
            data = {
                **figures.collect(place, edition=edition),
                "schema": snapshots.SCHEMA,
                "code_version": settings.CODE_VERSION,
                "edition": edition,
                "version": 0,
                "status": str(Status.PROVISIONAL.label),
                "created": created.isoformat(),
                "author": _("ligne de commande"),
            }
            html = report.sheet_html(data) if sheet else report.report_html(data)
            content = pdf.render_isolated(html, created=created).content
            output.write_bytes(content)
        except LAG.DoesNotExist as error:
            raise CommandError(_("Le territoire n’est pas encore chargé.")) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except (pdf.NotPrinted, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{output} ({len(content) // 1024}\u00a0Kio)")
