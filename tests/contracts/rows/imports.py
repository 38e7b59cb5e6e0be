"""Imports are the team's: what a file holds is shown to nobody else."""

from imports.models import Import
from tests.contracts.table import Row, desk
from tests.factories import imports
from tests.factories.actors import ActorFactory
from tests.factories.territory import MunicipalityFactory

TWINS = (
    "Nom;Commune;Courriel;Téléphone\n"
    "Les Jardins Fictifs;Incourt;;010 00 00 01\n"
    "Les Abeilles Fictives;Incourt;abeilles@exemple.invalid;\n"
    "Sans commune;Ailleurs;;\n"
    "Jardin fictif;Incourt;;\n"
)

NUMBER = 7070
BASE = f"/bureau/imports/import/{NUMBER}/"


def place() -> None:
    """Incourt, where there are gardens already."""
    incourt = MunicipalityFactory(name="Incourt", slug="incourt", code="25043")
    ActorFactory(name="Les Jardins Fictifs", municipality=incourt)


def left(user) -> dict:
    place()
    return {"object_id": imports.received(TWINS, pk=NUMBER).pk}


def waiting(user) -> dict:
    place()
    return {"object_id": imports.checked(TWINS).pk}


def read(user) -> dict:
    place()
    return {"object_id": imports.previewed(TWINS, pk=NUMBER).pk}


def done(user) -> dict:
    place()
    return {"object_id": imports.written(TWINS).pk}


class Builder:
    """What the desk asks of a factory."""

    def __call__(self) -> Import:
        if not Import.objects.exists():
            place()
        return imports.received()


BUILD = {Import: Builder()}
ROWS = [
    Row("admin:imports_import_columns", desk(200), build=left),
    Row("admin:imports_import_preview", desk(200), build=read, label="à lire"),
    Row("admin:imports_import_preview", desk(200), build=read, query="?resultat=duplicate", label="doublons"),
    Row("admin:imports_import_preview", desk(200), build=read, query="?resultat=refused", label="refusées"),
    Row("admin:imports_import_preview", desk(200), build=waiting, label="en cours"),
    Row("admin:imports_import_preview", desk(200), build=done, label="écrit"),
    Row("admin:imports_import_advance", desk(200), build=waiting, page=False),
    Row("admin:imports_import_reread", desk(f"{BASE}columns/", f"{BASE}columns/"), method="post", build=left),
    Row("admin:imports_import_decide", desk(f"{BASE}preview/", f"{BASE}preview/"), method="post", build=read),
    Row(
        "admin:imports_import_confirm", desk(f"{BASE}preview/", f"{BASE}preview/"), method="post", build=read
    ),
    Row(
        "admin:imports_import_drop",
        desk("/bureau/imports/import/", "/bureau/imports/import/"),
        method="post",
        build=read,
    ),
]
