"""Writes that would take the ORM a statement for each row, or most of the time for each statement.

Sets that only Python can work out travel as one JSON parameter: one statement, however many rows they have. What the
database can work out itself is a plain `update()` with subqueries.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
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
        shape = tuple((name, len(value) if isinstance(value, list) else 0) for name, value in self.where.items())
        given = [*self._prepared(self.values), *self._prepared(self.where)]
        return _update_words(self.table, tuple(self.values), shape, only_if), given

    def _prepared(self, named: dict[str, Any]) -> Iterator[Any]:
        database = connections[DEFAULT_DB_ALIAS]
        for name, value in named.items():
            field = self.table._meta.get_field(name)
            for one in value if isinstance(value, list) else [value]:
                yield field.get_db_prep_save(one, database)


@cache
def _update_words(
    table: type[models.Model], names: tuple[str, ...], where: tuple[tuple[str, int], ...], only_if: str
) -> str:
    """The UPDATE of these fields; behind the name of a condition stands how many values it may have, 0 for just one."""
    settings = [f"{_column(table, name)} = %s" for name in names]
    conditions = [
        f"{_column(table, name)} IN ({', '.join(['%s'] * count)})" if count else f"{_column(table, name)} = %s"
        for name, count in where
    ]
    conditions += [only_if] if only_if else []
    return f"UPDATE {_name(table._meta.db_table)} SET {', '.join(settings)} WHERE {' AND '.join(conditions)}"  # noqa: S608 (ours)


def _column(table: type[models.Model], name: str) -> str:
    return _name(table._meta.get_field(name).column)


@dataclass(frozen=True, slots=True)
class Step:
    """A leading change and, only if that met a row, the others and the new rows."""

    leading: Change
    others: list[Change] = field(default_factory=list)
    new: list[models.Model] = field(default_factory=list)


def take_steps(*steps: Step) -> list[bool]:
    """Take the steps, all or nothing; for each, whether its leading change met a row.

    For what is written once for each mail that goes out: one statement on PostgreSQL, where six of them would wait for
    the server six times; the ORM took longer to word each than the database to do it. No two may meet the same row.
    """
    if connection.vendor != "postgresql":
        return _take_in_turn(steps)
    parts, parameters = [], []
    for place, step in enumerate(steps):
        sql, given = step.leading.statement()
        parts.append(f"led_{place} AS ({sql} RETURNING 1)")
        parameters += given
        for number, (sql, given) in enumerate(_following(step, f"EXISTS (TABLE led_{place})")):
            parts.append(f"other_{place}_{number} AS ({sql})")
            parameters += given
    found = ", ".join(f"EXISTS (TABLE led_{place})" for place in range(len(steps)))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT {found}", parameters)
        return list(cursor.fetchone())


@transaction.atomic
def _take_in_turn(steps: tuple[Step, ...]) -> list[bool]:
    met = []
    for step in steps:
        sql, parameters = step.leading.statement()
        met.append(bool(_execute(sql, *parameters)))
        for sql, parameters in _following(step) if met[-1] else ():
            _execute(sql, *parameters)
    return met


def _following(step: Step, only_if: str = "") -> Iterator[tuple[str, list[Any]]]:
    for other in step.others:
        yield other.statement(only_if=only_if)
    if step.new:
        sql, lines = _insertion(type(step.new[0]), step.new, only_if=only_if)
        yield sql, [lines]


def _insertion(table: type[models.Model], rows: Iterable[models.Model], *, only_if: str = "") -> tuple[str, str]:
    """The INSERT with its one parameter, under a condition where it is given."""
    fields = _insertable(table)
    lines = _json([_prepared(field, row) for field in fields] for row in rows)
    return _insert_words(table, only_if), lines


@cache
def _insertable(table: type[models.Model]) -> list[models.Field]:
    return [field for field in table._meta.concrete_fields if not isinstance(field, models.AutoField)]


@cache
def _insert_words(table: type[models.Model], only_if: str) -> str:
    fields = _insertable(table)
    columns = ", ".join(_name(field.column) for field in fields)
    into = f"INSERT INTO {_name(table._meta.db_table)} ({columns})"
    return f"{into} {_rows(fields)} WHERE {only_if or 'true'} ON CONFLICT DO NOTHING"


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
