"""What tests do with an answer: read its page, or let go of its file."""

import re

from tests.contracts import markup


def page(client, address: str, status: int = 200) -> str:
    """Ask for a page that must be valid, with that status; return its text."""
    response = client.get(address)
    assert response.status_code == status
    assert markup.faults(response.text) == []
    return response.text


def let_go(response) -> None:
    """Close the file that a download holds open.

    Not `response.close()`: its signal closes the database connection, which a test's transaction still needs
    (PostgreSQL says so; SQLite in memory does not notice).
    """
    for close in response._resource_closers:
        close()


def without_entrance(response) -> str:
    """Return a page's HTML without its own address: the login link leads back to it."""
    return re.sub(r"\?next=[^\"]*", "", response.content.decode())
