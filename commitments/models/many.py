"""Writes that would take the ORM a statement for each row, or most of the time for each statement.

Sets that only Python can work out travel as one JSON parameter: one statement, however many rows they have. What the
database can work out itself is a plain `update()` with subqueries.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL


def listed(table: type[models.Model], keys: Iterable[Any]) -> RawSQL:
    """Keys of a table, for `__in`."""
    lines = _json([table._meta.pk.get_db_prep_value(key, connection)] for key in keys)
    return RawSQL(_rows([table._meta.pk]), [lines])  # noqa: S611 (the keys are a parameter)


def insert(table: type[models.Model], rows: Iterable[models.Model]) -> int:
    """Add the rows; one that breaks a unique constraint is left out. Gives how many were added.

    Every row is whole: of keys only those that the database counts itself may be missing.
    """
    return _execute(*_insertion(table, rows))


def update(table: type[models.Model], field: str, values: dict[int, Any], **same: Any) -> int:
    """Give each row its own value of one field, by key, and all of them the `same` values of others."""
    key, own = table._meta.pk, table._meta.get_field(field)
    others = {table._meta.get_field(name): value for name, value in same.items()}
    settings = [f"{_name(own.column)} = given.{_name(own.column)}"]
    settings += [f"{_name(other.column)} = %s" for other in others]
    return _execute(
        f"UPDATE {_name(table._meta.db_table)} AS kept SET {', '.join(settings)}"  # noqa: S608 (our own tables)
        f" FROM ({_rows([key, own])}) AS given WHERE kept.{_name(key.column)} = given.{_name(key.column)}",
        *(other.get_db_prep_save(value, connection) for other, value in others.items()),
        _json([pk, value] for pk, value in values.items()),
    )


def save(rows: list[models.Model], *names: str) -> None:
    """Write these fields of each row, however long they are; the caller has locked the rows."""
    if not rows:
        return
    table = type(rows[0])
    fields = [table._meta.get_field(name) for name in names]
    columns = ", ".join(f"{_name(field.column)} = %s" for field in fields)
    sql = f"UPDATE {_name(table._meta.db_table)} SET {columns} WHERE {_name(table._meta.pk.column)} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[_prepared(field, row) for field in (*fields, table._meta.pk)] for row in rows])


@dataclass(frozen=True, slots=True)
class Change:
    """`filter(**where).update(**values)` for plain columns; a list in `where` means any of these."""

    table: type[models.Model]
    where: dict[str, Any]
    values: dict[str, Any]

    def statement(self, *, only_if: str = "") -> tuple[str, list[Any]]:
        """The UPDATE with its parameters, under one more condition where it is given."""
        settings, given = zip(*(self._equal(name, value) for name, value in self.values.items()), strict=True)
        conditions, sought = zip(*(self._equal(name, value) for name, value in self.where.items()), strict=True)
        where = " AND ".join([*conditions, only_if] if only_if else conditions)
        sql = f"UPDATE {_name(self.table._meta.db_table)} SET {', '.join(settings)} WHERE {where}"  # noqa: S608 (ours)
        return sql, [value for values in (*given, *sought) for value in values]

    def _equal(self, name: str, value: Any) -> tuple[str, list[Any]]:
        field = self.table._meta.get_field(name)
        if isinstance(value, list):
            values = [field.get_db_prep_save(one, connection) for one in value]
            return f"{_name(field.column)} IN ({', '.join(['%s'] * len(values))})", values
        return f"{_name(field.column)} = %s", [field.get_db_prep_save(value, connection)]


def change_together(leading: Change, *others: Change, new: list[models.Model]) -> bool:
    """Do the leading change and, if it met a row, the others; add the new rows in any case. All or nothing.

    For what is written once for each mail that goes out: one statement on PostgreSQL, where six of them would wait for
    the server six times; the ORM took longer to word each than the database to do it. True where it met a row.
    """
    if connection.vendor != "postgresql":
        return _change_in_turn(leading, *others, new=new)
    sql, parameters = leading.statement()
    steps = [f"led AS ({sql} RETURNING 1)"]
    for number, other in enumerate(others):
        sql, given = other.statement(only_if="EXISTS (SELECT 1 FROM led)")
        steps.append(f"other_{number} AS ({sql})")
        parameters += given
    if new:
        sql, lines = _insertion(type(new[0]), new)
        steps.append(f"added AS ({sql})")
        parameters.append(lines)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(steps)} SELECT EXISTS (SELECT 1 FROM led)", parameters)  # noqa: S608 (ours)
        return cursor.fetchone()[0]


@transaction.atomic
def _change_in_turn(leading: Change, *others: Change, new: list[models.Model]) -> bool:
    sql, parameters = leading.statement()
    has_met = bool(_execute(sql, *parameters))
    for other in others if has_met else ():
        sql, parameters = other.statement()
        _execute(sql, *parameters)
    if new:
        insert(type(new[0]), new)
    return has_met


def _insertion(table: type[models.Model], rows: Iterable[models.Model]) -> tuple[str, str]:
    """The INSERT and its one parameter."""
    fields = [field for field in table._meta.concrete_fields if not isinstance(field, models.AutoField)]
    lines = _json([_prepared(field, row) for field in fields] for row in rows)
    columns = ", ".join(_name(field.column) for field in fields)
    into = f"INSERT INTO {_name(table._meta.db_table)} ({columns})"
    return f"{into} {_rows(fields)} WHERE true ON CONFLICT DO NOTHING", lines


def _rows(fields: list[models.Field]) -> str:
    """A SELECT that makes rows with these columns of one parameter: a JSON list of lists."""
    if connection.vendor == "postgresql":
        source = "jsonb_array_elements(CAST(%s AS jsonb)) AS line"
        columns = [f"CAST(line ->> {place} AS {_type(field)})" for place, field in enumerate(fields)]
    else:
        source = "json_each(%s) AS line"
        columns = [f"json_extract(line.value, '$[{place}]')" for place in range(len(fields))]
    named = ", ".join(f"{column} AS {_name(field.column)}" for column, field in zip(columns, fields, strict=True))
    return f"SELECT {named} FROM {source}"  # noqa: S608 (our own tables)


def _type(field: models.Field) -> str:
    """The column's type, without the counting of a key."""
    return field.rel_db_type(connection) if field.primary_key else field.db_type(connection)


def _prepared(field: models.Field, row: models.Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)


def _json(rows: Iterable[list[Any]]) -> str:
    """The rows as JSON, made one by one; dates and times as the database reads them."""
    return f"[{','.join(json.dumps(row, default=str) for row in rows)}]"


def _execute(sql: str, *parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def _name(name: str) -> str:
    return connection.ops.quote_name(name)
