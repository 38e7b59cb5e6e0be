"""The table role × URL: who gets what at every address of the project.

A row names an address, its method and what each role gets. Rows stand by room in `tests/contracts/rows/`;
those of the desk derive from the permissions that each room declares for the team.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import URLPattern, get_resolver

ROLES = ("anonymous", "citizen", "manager", "team", "administrator")
LOGIN = "login"
"""A redirect to the login page."""
DEAD_ENDS = {
    "admin:autocomplete",  # opens for a form that names its field: proved with the forms themselves
    "admin:view_on_site",  # opens for models with a public page
    "account_confirm_password_reset_code",  # the step after a form, kept in the session
}
"""Addresses that answer nobody, or nobody without the page that calls them."""


@dataclass(frozen=True)
class Row:
    """One address and what each role gets there.

    `answers` gives, for each role, a status code, LOGIN, or the path a redirect leads to. `build` makes real
    objects and returns the arguments of the address; it is given the user of the role (None when anonymous).
    `page` is False for what is no page of HTML.
    """

    name: str
    answers: dict[str, int | str]
    method: str = "get"
    build: Callable[..., dict] = lambda user: {}
    query: str = ""
    data: dict = field(default_factory=dict)
    page: bool = True
    label: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, [self.method.upper(), self.name, self.label]))


def everyone(answer: int | str, **others: int | str) -> dict[str, int | str]:
    """The same answer for every role but those named."""
    return {role: others.get(role, answer) for role in ROLES}


def signed_in(answer: int | str, **others: int | str) -> dict[str, int | str]:
    """An answer for whoever is logged in; the login page for the others."""
    return everyone(answer, **{"anonymous": LOGIN, **others})


def of_rooms(attribute: str) -> list:
    """Return `attribute` of each module of `rows` that has it; the desk, which derives from the others, aside."""
    package = importlib.import_module("tests.contracts.rows")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.name != "desk")
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return [getattr(module, attribute) for module in modules if hasattr(module, attribute)]


def rows() -> list[Row]:
    """Every row, room after room, then the desk's."""
    desk = importlib.import_module("tests.contracts.rows.desk")
    return [row for room in [*of_rooms("ROWS"), desk.ROWS] for row in room]


def names(resolver=None, prefix: str = "") -> set[str]:
    """Every URL name of the project, with its namespace; the admin's own nameless redirects aside."""
    found = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                found.add(prefix + pattern.name)
        else:
            found |= names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
    return found
