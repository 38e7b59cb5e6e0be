"""What people read when the database goes away while their page is made, or when we made a mistake."""

import pytest
from django.db import InterfaceError, OperationalError

from portal import pages
from tests.factories.portal import small_territory


@pytest.mark.parametrize(
    ("error", "status", "again"),
    [
        (OperationalError("terminating connection due to administrator command"), 503, "30"),
        (InterfaceError("connection already closed"), 503, "30"),
        (ZeroDivisionError("ours"), 500, None),
    ],
    ids=["ended", "closed", "ours"],
)
def test_a_database_that_restarts_asks_for_a_moment_and_the_next_request_works(
    db, client, monkeypatch, error, status, again
):
    def fails():
        raise error

    small_territory()
    client.raise_request_exception = False
    with monkeypatch.context() as away:
        away.setattr(pages, "territory", fails)
        answer = client.get("/territoire/")
    assert (answer.status_code, answer.get("Retry-After")) == (status, again)
    assert "<h1" in answer.content.decode()
    assert client.get("/territoire/").status_code == 200
