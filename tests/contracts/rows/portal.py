"""The public pages that look into several rooms, with a territory and before one is loaded."""

from actors.choices import MembershipRole
from tests.contracts.table import Row, desk, everyone, signed_in
from tests.factories.needs import SharedNeedFactory
from tests.factories.portal import busy_desk, busy_space, commune, small_territory


def a_territory(user) -> dict:
    small_territory()
    return {}


def a_municipality(user) -> dict:
    return {"slug": small_territory().area.municipalities.first().slug}


def a_neighbour(user) -> dict:
    return {"slug": small_territory().neighbours.first().slug}


def a_programme(user) -> dict:
    busy_space()
    return {}


def an_active_actor(user) -> dict:
    return {"slug": busy_space().slug}


def my_commune(user) -> dict:
    """The commune of which the role's user is the referent."""
    small_territory()
    return {"slug": commune(role=MembershipRole.REFERENT, user=user).slug}


def alone(user) -> dict:
    my_commune(user)
    return {}


def my_busy_commune(user) -> dict:
    return {"slug": busy_space(user).slug}


def another_commune(user) -> dict:
    small_territory()
    return {"slug": commune().slug}


def shared_by(build, user) -> dict:
    return {**build(user), "need": SharedNeedFactory().slug}


def work(user) -> dict:
    busy_desk()
    return {}


OWN = "/espace/val-fictif-1/"

ROWS = [
    Row("home", everyone(200), build=a_programme, label="avec un programme"),
    Row("portal:actor", everyone(200), build=an_active_actor, label="qui participe"),
    Row("portal:my_space", signed_in(200, team="/bureau/", administrator="/bureau/")),
    Row("portal:my_space", signed_in(OWN), build=alone, label="d’un référent"),
    Row("portal:space", signed_in(200), build=my_commune, label="la sienne, vide"),
    Row("portal:space", signed_in(200), build=my_busy_commune, label="la sienne"),
    Row("portal:space", signed_in(200, citizen=404), build=another_commune, label="celle des autres"),
    Row(
        "portal:stance",
        signed_in(f"{OWN}#besoins"),
        method="post",
        build=lambda user: shared_by(my_commune, user),
        data={"position": "joins"},
    ),
    Row(
        "portal:stance",
        signed_in(404),
        method="post",
        build=lambda user: shared_by(another_commune, user),
        data={"position": "joins"},
        label="pour les autres",
    ),
    Row("admin:index", desk(200), build=work, label="avec du travail"),
    Row("home", everyone(200), label="sans territoire"),
    Row("home", everyone(200), build=a_territory, query="?carte=%F0%00rien"),
    Row("portal:territory", everyone(200), build=a_territory),
    Row("portal:territory", everyone(404), label="sans territoire"),
    Row("portal:municipality", everyone(200), build=a_municipality),
    Row("portal:municipality", everyone(404), build=a_neighbour, label="hors du territoire"),
]
