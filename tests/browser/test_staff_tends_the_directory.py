"""The team brings in a foreign directory, makes one sheet of two, publishes all, and the public finds them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from actors.models import Actor
from tests import tabular
from tests.browser.journeys import fits_a_phone, leave_table, lines_shown
from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ContactFactory
from tests.factories.territory import MunicipalityFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgresql,  # the worker is a process: it cannot share an SQLite database in memory
    pytest.mark.django_db(transaction=True),
]
TABLES = Path(tabular.__file__).parent / "data"
WORK = 60_000
"""Milliseconds that the page may wait for the worker on a busy machine."""
YOUTH, POINT = "Service jeunesse Les Hauts d'Anjou", "Point Info Jeunes Vallées du Haut-Anjou"
"""One service on two lines: the street and the telephone are the same, the names are not alike."""
EMAIL = "pointinfojeunesse@valleesduhautanjou.fr"


@pytest.fixture
def desk(chromium, live_server) -> Iterator[Page]:
    """The browser of a member of the team; the directory's commune is one of ours."""
    MunicipalityFactory(name="Les Hauts-d’Anjou", slug="les-hauts-danjou", postal_codes=["49330"])
    with look(chromium, live_server.url, user=TeamFactory()) as context:
        yield context.new_page()


def leave(desk: Page, name: str, source: str) -> None:
    """Leave a real table of organisations."""
    leave_table(desk, "actor", name, (TABLES / name).read_bytes(), source)


def preview(desk: Page, refused: int) -> list[str]:
    """Ask for the preview, and read the lines that it refuses."""
    desk.get_by_role("button", name="Préparer l’aperçu").click()
    tab = desk.get_by_role("link", name=f"Refusées ({refused})")
    tab.click(timeout=WORK)
    expect(tab).to_have_attribute("aria-current", "page")
    assert fits_a_phone(desk)
    return lines_shown(desk) if refused else []


def do(desk: Page, action: str) -> None:
    """Do something with the sheets that are ticked in the list."""
    desk.get_by_label("Action :").select_option(label=action)
    desk.get_by_role("button", name="Envoyer").click()


def test_a_table_whose_accents_are_lost_is_refused_and_given_up(desk, workers):
    leave(desk, "paca.csv", "Région Sud, 2022")
    with workers("reports"):
        library, *others = preview(desk, refused=4)
    assert library.startswith(
        "2 Biblioth\ufffdque nom : « Biblioth\ufffdque » a perdu des lettres accentuées : "
        "demandez le fichier d’origine"
    )
    assert others == [
        "3 Centre Communal d'Action Sociale « DIGNE-LES-BAINS » n’est pas une commune ni un village connus ici",
        "4 Ligue de l'Enseignement des Alpes-de-Haute-Provence "
        "« DIGNE-LES-BAINS » n’est pas une commune ni un village connus ici",
        "5 – un guillemet est égaré : les cellules de la ligne sont décalées",
    ]
    desk.get_by_role("button", name="Abandonner et effacer le fichier").click()
    expect(
        desk.get_by_text("L’import est abandonné, son fichier est effacé. Rien n’a été écrit.")
    ).to_be_visible()
    assert Actor.objects.count() == 0


def test_a_foreign_directory_becomes_sheets_that_the_public_finds(desk, workers, chromium, live_server):
    leave(desk, "haut_anjou.csv", "Annuaire de Maine-et-Loire")
    expect(desk.get_by_role("main")).to_contain_text("CSV, Windows-1252, point-virgule")
    assert fits_a_phone(desk)
    with workers("reports"):
        assert preview(desk, refused=1) == [
            f"7 {YOUTH} adresse e-mail : "
            "« servicejeunesse@valleesduhautanjou.fr%A0 » n’est pas une adresse e-mail"
        ]
        desk.get_by_role("link", name="Colonnes").click()
        desk.get_by_label("Garder la ligne quand une cellule facultative est illisible").check()
        preview(desk, refused=0)
        desk.get_by_role("link", name="Doublons possibles (1)").click()
        desk.get_by_label("Décision pour la ligne 3").select_option(label="C’est un autre : l’ajouter")
        desk.get_by_role("button", name="Enregistrer ces décisions").click()
        expect(desk.get_by_text("1 décision est enregistrée.")).to_be_visible()
        assert Actor.objects.count() == 0
        desk.get_by_role("button", name="Écrire ces 6 lignes").click()
        expect(desk.get_by_text("6 créations", exact=True)).to_be_visible(timeout=WORK)

    merge(desk)
    publish(desk)
    with look(chromium, live_server.url, width=320, script=False) as context:
        find(context.new_page())


def merge(desk: Page) -> None:
    """Make one sheet of the two, after reading what that does; somebody was known of the one that goes."""
    ContactFactory(name="Perrine Fictive", actors=Actor.objects.filter(name=POINT))
    desk.goto("/bureau/actors/actor/")
    for name in (POINT, YOUTH):
        desk.get_by_role("checkbox", name=name).check()
    do(desk, "Fusionner les deux choisis")
    expect(desk.get_by_role("heading", name=f"« {YOUTH} » dans « {POINT} »")).to_be_visible()
    expect(desk.get_by_text("Rien ne s’y rattache.")).to_be_visible()
    desk.get_by_role("link", name="Fusionner plutôt dans l’autre sens").click()
    expect(desk.get_by_role("heading", name=f"« {POINT} » dans « {YOUTH} »")).to_be_visible()
    moves = desk.get_by_role("table", name="Ce qui passe à celui qui reste").get_by_role("row")
    assert moves.all_inner_texts()[1:] == ["Liens avec des contacts\t1\t0\t–"]
    expect(desk.get_by_role("insertion")).to_have_text([EMAIL])
    expect(desk.get_by_role("deletion")).to_contain_text(["https://www.infos-jeunes.fr/"])
    assert fits_a_phone(desk)
    desk.get_by_role("button", name="Fusionner", exact=True).click()
    expect(desk.get_by_text(f"« {POINT} » est fusionné dans « {YOUTH} ».")).to_be_visible()
    expect(desk.get_by_label("Adresse e-mail publique")).to_have_value(EMAIL)


def publish(desk: Page) -> None:
    """Publish all that is a draft."""
    desk.goto("/bureau/actors/actor/")
    desk.get_by_role("link", name="brouillon").click()
    expect(desk.get_by_text("5 acteurs", exact=True)).to_be_visible()
    desk.get_by_label("Sélectionner tous les objets de cette page en vue d’une action").check()
    do(desk, "Publier les fiches choisies")
    expect(desk.get_by_text("5 fiches publiées.")).to_be_visible()
    expect(desk.get_by_text("0 acteurs", exact=True)).to_be_visible()


def find(page: Page) -> None:
    """Find the sheet that stays in the public directory, and by the address of the one that went."""
    page.goto("/acteurs/")
    expect(page.get_by_role("status")).to_have_text("5 acteurs")
    page.get_by_role("searchbox", name="Chercher").fill("jeunesse hauts d’anjou")
    page.get_by_role("button", name="Afficher").click()
    expect(page.get_by_role("status")).to_have_text("1 acteur")
    page.get_by_role("link", name=YOUTH).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(YOUTH)
    expect(page.get_by_role("definition").filter(has_text=EMAIL)).to_be_visible()
    assert fits_a_phone(page)
    kept = page.url
    page.goto("/acteurs/point-info-jeunes-vallees-du-haut-anjou/")
    assert page.url == kept
