"""`manage.py load_questionnaire`: load a questionnaire's file, by default the one for communes."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from needs import actions, questionnaire_files

SHIPPED = Path(__file__).resolve().parents[2] / "questionnaires" / "commune.toml"


class Command(BaseCommand):
    help = "Charge un questionnaire et le publie. Relancé, ne change rien."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED, help="fichier TOML")
        parser.add_argument("--draft", action="store_true", help="laisser en brouillon, à relire au bureau")

    def handle(self, *, file: Path, draft: bool, **options):
        try:
            code, version, own, sections = questionnaire_files.read(file)
            content = actions.Content(own, sections)
            changed = actions.load_questionnaire(
                code=code, version=version, content=content, publish=not draft, by=None
            )
        except questionnaire_files.FileError as error:
            raise CommandError(_("%s. Rien n’a été écrit.") % error) from None
        except ValidationError as error:
            told = " ".join(error.messages)
            raise CommandError(_("%s Rien n’a été écrit.") % told) from None
        questions = sum(len(asked) for _section, asked in sections)
        state = _("chargé") if changed else _("0 changement")
        self.stdout.write(f"{own['title']} (version {version}, {questions} questions) : {state}")
