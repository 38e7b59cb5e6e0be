"""Empty the database after a test that committed: rows go where there are any, and only they.

Django truncates every table and then writes permissions and groups again, which takes half a second on
PostgreSQL, hundreds of times. What every migration writes is left in place here, as long as no test changed it.
"""

from django.db import connection
from django.test import TransactionTestCase

KEPT = ["django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"]
"""Written after each migration, by Django and by our rooms' rights."""

as_django_does = TransactionTestCase._fixture_teardown
written: dict[str, str] = {}
"""What each kept table held before the first test: its digest."""


def remember() -> None:
    """Note what the kept tables hold, once the database is made."""
    if connection.vendor == "postgresql":
        written.update({table: _digest(table) for table in KEPT})


def empty(case: TransactionTestCase) -> None:
    """Take the place of TransactionTestCase's own cleaning."""
    if not written or any(_digest(table) != written[table] for table in KEPT):
        as_django_does(case)
        remember()  # written again, under other numbers
        return
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    listed = ", ".join(f"'{table}'" for table in sorted(tables - set(KEPT)))
    with connection.cursor() as cursor:
        # Neither foreign keys nor triggers: everything goes. Rights of a superuser, which the tests have.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"""
            DO $$ DECLARE named text; filled boolean;
            BEGIN FOREACH named IN ARRAY ARRAY[{listed}] LOOP
                EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', named) INTO filled;
                IF filled THEN EXECUTE format('DELETE FROM %I', named); END IF;
            END LOOP; END $$
        """)
        cursor.execute("SET session_replication_role = DEFAULT")


def _digest(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY id), '')) FROM {table} t")
        return cursor.fetchone()[0]
