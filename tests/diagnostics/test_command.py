"""`produce_diagnostic`: a file, or a French sentence and exit status 1."""

import pytest
from django.core.management import CommandError, call_command

from diagnostics.models import Diagnostic


def test_an_unknown_code_is_told_in_french(db, tmp_path):
    with pytest.raises(CommandError, match="Aucune commune ni zone n’a le code 00000") as error:
        call_command("produce_diagnostic", scope="00000", output=tmp_path / "x.pdf")
    assert error.value.returncode == 1


@pytest.mark.parametrize(
    ("scope", "title"), [("25048", "Jodoigne"), ("culturalite", "Culturalité en Hesbaye")]
)
@pytest.mark.parametrize("sheet", [True, False])
def test_a_file_is_written_and_nothing_is_stored(
    real_territory, db, tmp_path, quick_layout, scope, title, sheet, capsys
):
    output = tmp_path / "x.pdf"
    call_command("produce_diagnostic", scope=scope, output=output, sheet=sheet)
    assert output.read_bytes().startswith(b"%PDF-")
    assert title in quick_layout[0]
    assert ('class="cover"' in quick_layout[0]) is not sheet
    assert Diagnostic.objects.count() == 0
