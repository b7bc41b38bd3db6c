"""Adds many rows without an object for each: COPY on PostgreSQL, executemany on SQLite. For generated data only."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

Row = dict[str, Any]


class Rows:
    """Rows of several tables, kept until `flush` adds them in the order in which their tables were named.

    Fields are named by their columns (`party_id`); those that are not given take the field's default. Every
    constraint and trigger holds as for any other writer. Keys are counted on from the highest there is, so
    nobody else may add rows of these tables meanwhile.
    """

    def __init__(self, *tables: type[models.Model]) -> None:
        self.waiting: dict[type[models.Model], list[Row]] = {table: [] for table in tables}
        self.keys: dict[type[models.Model], Iterator[int]] = {
            table: count((table.objects.aggregate(last=Max("pk"))["last"] or 0) + 1) for table in tables
        }

    def add(self, table: type[models.Model], **values: Any) -> int:
        """Keep a row; gives the key that it will have, unless `id` gives one that was taken with `new_key`."""
        row = values if "id" in values else {"id": self.new_key(table), **values}
        self.waiting[table].append(row)
        return row["id"]

    def new_key(self, table: type[models.Model]) -> int:
        return next(self.keys[table])

    def flush(self) -> None:
        """Add what waits, in the caller's transaction."""
        for table, rows in self.waiting.items():
            insert(table, rows)
            rows.clear()
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), list(self.waiting)):
                cursor.execute(sql)


def insert(table: type[models.Model], rows: list[Row]) -> None:
    """Add the rows, all with the same fields."""
    if not rows:
        return
    fields = [field for field in table._meta.concrete_fields if not field.generated]
    takers = [_taker(field, given=field.column in rows[0]) for field in fields]
    values = ([take(row) for take in takers] for row in rows)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    {"postgresql": _copy, "sqlite": _execute_many}[connection.vendor](table._meta.db_table, columns, values)


def _taker(field: models.Field, *, given: bool) -> Callable[[Row], Any]:
    """How a field's value is taken from a row and made ready for the database."""
    column, operations = field.column, connection.ops
    if not given:
        default = field.get_db_prep_save(field.get_default(), connection)
        return lambda row: default
    if isinstance(field, models.DateTimeField):
        return lambda row: operations.adapt_datetimefield_value(row[column])
    if isinstance(field, models.DateField):
        return lambda row: operations.adapt_datefield_value(row[column])
    if isinstance(field, models.JSONField):
        return lambda row: json.dumps(row[column])
    if isinstance(field, models.CharField):
        return lambda row: row[column] and str(row[column])  # the database knows no enumerations
    return lambda row: row[column]


def _copy(table: str, columns: str, rows: Iterable[list[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def _execute_many(table: str, columns: str, rows: Iterable[list[Any]]) -> None:
    marks = ", ".join(["%s"] * len(columns.split(", ")))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', list(rows))  # noqa: S608 (our own tables)
