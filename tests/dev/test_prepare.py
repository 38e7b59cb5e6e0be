"""What `make run` prepares: a folder that has lived opens as it is."""

from dev import prepare
from tests.factories.accounts import UserFactory
from tests.factories.territory import LAGFactory


def test_a_folder_where_somebody_real_has_worked_opens_all_the_same(
    db, monkeypatch, settings, tmp_path, capsys
):
    monkeypatch.setattr(prepare, "STEPS", ())
    settings.VAR_DIR = tmp_path
    LAGFactory()
    UserFactory(email="odile@commune.be")
    prepare.main()
    assert capsys.readouterr().out == (
        "Refusé\u00a0: cette base contient des comptes qui ne sont pas fictifs. "
        "La démonstration se charge dans une base neuve. Rien n’a changé.\n"
    )
    told = (tmp_path / "comptes.txt").read_text().splitlines()
    assert [line.split()[-1] for line in told[1:]] == [
        "fictif-administration",
        "fictif-equipe",
        "fictif-gestion",
    ]
