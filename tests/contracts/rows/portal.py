"""The public pages that look into several rooms, with a territory and before one is loaded."""

from tests.contracts.table import Row, everyone
from tests.factories.portal import small_territory


def a_territory(user) -> dict:
    small_territory()
    return {}


def a_municipality(user) -> dict:
    return {"slug": small_territory().area.municipalities.first().slug}


def a_neighbour(user) -> dict:
    return {"slug": small_territory().neighbours.first().slug}


ROWS = [
    Row("home", everyone(200), label="sans territoire"),
    Row("home", everyone(200), build=a_territory, query="?carte=%F0%00rien"),
    Row("portal:territory", everyone(200), build=a_territory),
    Row("portal:territory", everyone(404), label="sans territoire"),
    Row("portal:municipality", everyone(200), build=a_municipality),
    Row("portal:municipality", everyone(404), build=a_neighbour, label="hors du territoire"),
]
