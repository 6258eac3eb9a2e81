"""Many rows at once: an index that is built in the end costs a fraction of one that follows every row."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction

_MEMORY = "512MB"


@contextmanager
def built_afterwards(tables: Iterable[type[models.Model]]) -> Iterator[None]:
    """What is done within is one transaction, in which the tables have no indexes but unique ones; nobody else can use
    the tables meanwhile, and nothing at all has happened if it is interrupted."""
    names = [model._meta.db_table for model in tables]  # noqa: SLF001  Django's own name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLAIN, [names])
        definitions = dict(cursor.fetchall())
        for name in definitions:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # rows with checks to come allow no index
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
        for definition in definitions.values():
            cursor.execute(definition)


_PLAIN = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique
"""
