"""What is typed to bring a file in."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.models import Import
from tabular import reading, targets


class UploadForm(forms.Form):
    """A file, what it holds and where it comes from."""

    target = forms.ChoiceField(label=_("Que contient le fichier ?"), widget=forms.RadioSelect)
    source = forms.CharField(
        label=_("D’où vient ce fichier ?"),
        max_length=150,
        help_text=Import._meta.get_field("source").help_text,
    )
    upload = forms.FileField(
        label=_("Fichier"),
        help_text=_(
            "CSV, Excel (.xlsx) ou JSON, 5 Mio et 5 000 lignes au plus. Rien n’est écrit avant votre accord."
        ),
        widget=forms.ClearableFileInput({"accept": ",".join(reading.EXTENSIONS)}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offered = [target for target in targets.every() if user.has_perms(target.permissions)]
        cast(Any, self.fields["target"]).choices = [
            (one.key, f"{str(one.label).capitalize()}. {one.help}") for one in offered
        ]


class FileForm(forms.Form):
    """How the file is written, when what was found out is wrong."""

    encoding = forms.ChoiceField(
        label=_("Codage"),
        required=False,
        choices=[("", _("trouvé automatiquement")), *reading.ENCODINGS.items()],
    )
    delimiter = forms.ChoiceField(
        label=_("Séparateur"),
        required=False,
        choices=[("", _("trouvé automatiquement")), *reading.DELIMITERS.items()],
    )
    header = forms.IntegerField(
        label=_("Ligne des titres"), required=False, min_value=1, max_value=reading.MOST_LINES
    )


class LenientForm(forms.Form):
    """What to do with a cell that cannot be read."""

    lenient = forms.BooleanField(
        label=_(
            "Garder la ligne quand une cellule facultative est illisible (la cellule est laissée de côté)"
        ),
        required=False,
    )


def column_field(target: targets.Target, column: str) -> forms.ChoiceField:
    """Return the field that says where a column goes."""
    choices: list[tuple] = [("", _("laissée de côté"))]
    choices += [(one.name, f"{one.label}{' *' if one.required else ''}") for one in target.fields]
    return forms.ChoiceField(label=column, choices=choices, required=False)


class ColumnsForm(forms.Form):
    """One choice a column of the file; names of columns never reach the names of fields."""

    def __init__(self, data=None, *, target: targets.Target, columns: list[str], mapping: dict):
        initial = {f"c{place}": mapping.get(column, "") for place, column in enumerate(columns)}
        super().__init__(data, initial=initial)
        self.columns = columns
        for place, column in enumerate(columns):
            self.fields[f"c{place}"] = column_field(target, column)

    @property
    def mapping(self) -> dict[str, str]:
        """What was chosen: column → field."""
        return {column: self.cleaned_data[f"c{place}"] for place, column in enumerate(self.columns)}
