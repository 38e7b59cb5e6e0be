"""Indexes by which PostgreSQL finds any part of a searched text: trigrams (pg_trgm). Nothing to do on SQLite.

Since PostgreSQL 13 the extension is a trusted one: the owner of the database may create it. Where even that is not
allowed, an administrator of the server creates it once, and the migration goes on from there.
"""

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, migrations, transaction

INDEXES = {"actor_search": "actors_actor", "contact_search": "actors_contact"}


def create(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as error:
        raise ImproperlyConfigured(
            "La recherche demande l’extension pg_trgm, que ce rôle PostgreSQL ne peut pas créer "
            f"({str(error).strip()}). Un administrateur du serveur tape une fois, dans cette base : "
            "CREATE EXTENSION pg_trgm; puis relancez « manage.py migrate ». Rien d’autre n’a été fait."
        ) from error
    for name, table in INDEXES.items():
        # Read a thousand times for each time it is written: no list of rows to be sorted in later, which every
        # search would have to read through (and which makes the planner prefer the whole table).
        schema_editor.execute(
            f"CREATE INDEX {name} ON {table} USING gin (search_text gin_trgm_ops) WITH (fastupdate = off)"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):

    dependencies = [("actors", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
