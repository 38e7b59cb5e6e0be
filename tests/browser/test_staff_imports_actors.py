"""The team brings in a list of associations: real server, worker and browser; then the same list again."""

import pytest

from actors.models import Actor
from tests.browser.journeys import leave_table
from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ActorFactory
from tests.factories.territory import MunicipalityFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgresql,  # the worker is a process: it cannot share an SQLite database in memory
    pytest.mark.django_db(transaction=True),
]
LIST = (
    "Associations de la commune;;;\r\n"
    "Dénomination;Localité;Courriel;Téléphone\r\n"
    "Les Abeilles Fictives;Incourt;abeilles@exemple.invalid;10000001\r\n"
    "Jardin fictif;Incourt;;010 00 00 02\r\n"
    "Perdue;Ailleurs;;\r\n"
)
WORK = 60_000
"""Milliseconds that the page may wait for the worker on a busy machine."""


def leave(page, name: str) -> None:
    """Leave the list under a name."""
    leave_table(page, "actor", name, LIST.encode("cp1252"), "Annuaire d’Incourt")


def test_the_team_imports_a_list_of_associations(chromium, live_server, workers):
    incourt = MunicipalityFactory(name="Incourt", slug="incourt")
    gardens = ActorFactory(name="Les Jardins Fictifs", municipality=incourt)
    with workers("reports"), look(chromium, live_server.url, user=TeamFactory()) as context:
        page = context.new_page()
        leave(page, "associations.csv")
        assert page.get_by_label("Dénomination").input_value() == "name"
        page.get_by_label("Nouvelles fiches").select_option(label="publiées tout de suite")
        page.get_by_role("button", name="Préparer l’aperçu").click()
        page.get_by_role("link", name="À créer (1)").wait_for(timeout=WORK)
        assert page.get_by_role("link", name="Refusées (1)").count() == 1
        assert Actor.objects.count() == 1

        page.get_by_role("link", name="Doublons possibles (1)").click()
        page.get_by_label("Décision pour la ligne 4").select_option(
            label="C’est « Les Jardins Fictifs » : le mettre à jour"
        )
        page.get_by_role("button", name="Enregistrer ces décisions").click()
        page.get_by_role("button", name="Écrire ces 2 lignes").click()
        page.get_by_text("1 création, 1 modification").wait_for(timeout=WORK)
        gardens.refresh_from_db()
        assert gardens.phone == "010 00 00 02"
        page.goto("/acteurs/")
        assert page.get_by_role("link", name="Les Abeilles Fictives").count() >= 1

        leave(page, "associations (2).csv")
        page.get_by_role("button", name="Préparer l’aperçu").click()
        page.get_by_text("0 changement").wait_for(timeout=WORK)
