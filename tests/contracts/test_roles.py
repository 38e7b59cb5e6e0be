"""Every address of the project, seen by every role."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.contracts import markup, table
from tests.contracts.rows import desk
from tests.factories import accounts
from tests.factories.accounts import logged_in
from tests.responses import let_go

FACTORIES = {
    "citizen": accounts.UserFactory,
    "manager": accounts.ManagerFactory,
    "team": accounts.TeamFactory,
    "administrator": accounts.AdministratorFactory,
}
ROWS = table.rows()


def visit(row: table.Row, role: str):
    """Log in as `role` and ask for the row's address; return the answer."""
    user = FACTORIES[role]() if role != "anonymous" else None
    client = logged_in(user) if user else Client()
    address = reverse(row.name, kwargs=row.build(user)) + row.query
    return getattr(client, row.method)(address, row.data)


def outcome(response) -> int | str:
    """Return what the table speaks of: a status, LOGIN, or the path that a redirect leads to."""
    if response.status_code not in (301, 302, 303):
        return response.status_code
    path = response["Location"].partition("?")[0]
    return table.LOGIN if path == reverse("account_login") else path


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_gets_what_the_table_says(db, row):
    responses = {}
    for role in table.ROLES:
        with transaction.atomic():  # each role finds the house as it was
            responses[role] = visit(row, role)
            let_go(responses[role])
            transaction.set_rollback(True)
    assert {role: outcome(response) for role, response in responses.items()} == row.answers
    for response in responses.values():
        if response.status_code == 200 and row.page:
            strict = not response.request["PATH_INFO"].startswith("/bureau/")
            assert markup.faults(response.content.decode(), strict=strict) == []


def test_every_address_has_a_row():
    assert table.names() - {row.name for row in ROWS} == set()


def test_every_row_has_an_address():
    assert {row.name for row in ROWS} - table.names() == set()


def test_every_row_names_every_role():
    assert [str(row) for row in ROWS if tuple(row.answers) != table.ROLES] == []


def test_every_address_opens_for_somebody():
    closed = {
        name
        for name in table.names()
        if all(
            answer == table.LOGIN or (isinstance(answer, int) and answer >= 400)
            for row in ROWS
            if row.name == name
            for answer in row.answers.values()
        )
    }
    # The journal is not written by hand, letters are kept as they left: what an admin class refuses to all.
    refused = {row.name for row in desk.derived() if row.answers["administrator"] == 403}
    assert closed - refused == table.DEAD_ENDS
