"""Downloads in tests."""


def let_go(response) -> None:
    """Close the file that a download holds open.

    Not `response.close()`: its signal closes the database connection, which a test's transaction still needs
    (PostgreSQL says so; SQLite in memory does not notice).
    """
    for close in response._resource_closers:
        close()
