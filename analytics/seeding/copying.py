"""Model instances as lines of PostgreSQL's COPY text format."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from psycopg import sql

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def columns(model: type[models.Model], *, with_key: bool) -> "list[models.Field[Any, Any]]":
    """What COPY fills: all that the database does not make itself; `with_key` where the primary key is chosen here."""
    found = [field for field in model._meta.concrete_fields if not field.generated]  # noqa: SLF001  Django's own name
    return [field for field in found if with_key or not isinstance(field, models.AutoField)]


def line(instance: models.Model, *, with_key: bool = False) -> str:
    """One line, with its newline. Attributes are taken as they are: a placeholder may stand in any column."""
    fields = columns(type(instance), with_key=with_key)
    return "\t".join(_cell(getattr(instance, field.attname), field) for field in fields) + "\n"


def copy(model: type[models.Model], lines: Iterable[str], *, with_key: bool = False) -> None:
    """Add the rows, in one COPY."""
    names = sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in columns(model, with_key=with_key)])
    table = sql.Identifier(model._meta.db_table)  # noqa: SLF001
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as stream:
        for each in lines:
            stream.write(each)


def _cell(value: Any, field: "models.Field[Any, Any]") -> str:
    if value is None:
        return r"\N"
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return str(value).translate(_ESCAPES)
