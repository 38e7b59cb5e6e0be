"""The project's own territory, loaded once for many tests."""

import contextlib
from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction

from territory import actions


@contextlib.contextmanager
def territory() -> Iterator:
    """Load `data/` in a transaction that the end takes back; give the loading's report."""
    with transaction.atomic():
        report = actions.load_folder(settings.BASE_DIR / "data")
        # Checked now, or the end of each test would check its 50,000 rows again.
        connection.check_constraints()
        yield report
        transaction.set_rollback(True)
