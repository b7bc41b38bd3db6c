"""Queries that are put into SQL once a process: what every page asks costs the ORM more than the database.

    @prepared(User, person=models.BigAutoField)
    def _person(person: Given) -> QuerySet[User]:
        return User.objects.select_related("body__party").filter(pk=person)

    _person(person=7)  # a list

The function is called once for each kind of database, with a place for each value; afterwards only the values differ.
So it may not look at them: no `if`, no list, nothing that depends on the day or the language. Related objects are
shared between the rows (`sharing`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

from commitments.models.sharing import populators


class Given(Expression):
    """The place of a value that is given each time."""

    def __init__(self, name: str, output_field: models.Field) -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The SQL, and how its rows become objects."""

    sql: str
    parameters: list[Any]
    make: Callable[..., models.Model]
    names: list[str]
    columns: slice
    info: dict[str, Any]
    select: list[Any]
    annotations: dict[str, int]
    converters: dict[int, Any]


class Prepared:
    """A query whose values are given by name; gives a list of objects."""

    def __init__(
        self, ask: Callable[..., models.QuerySet], *, model: type[models.Model], fields: dict[str, models.Field]
    ) -> None:
        self.ask, self.model, self.fields = ask, model, fields
        self.compiled: dict[str, Compiled] = {}

    def __call__(self, **values: Any) -> list[models.Model]:
        connection = connections[router.db_for_read(self.model)]
        compiled = self.compiled.get(connection.vendor)
        if compiled is None:
            rows = self.ask(**{name: Given(name, field) for name, field in self.fields.items()})
            compiled = self.compiled[connection.vendor] = compiled_of(rows)
        given = {name: self.fields[name].get_db_prep_value(value, connection) for name, value in values.items()}
        parameters = [given[one.name] if isinstance(one, Given) else one for one in compiled.parameters]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, parameters)
            return objects(compiled, cursor.fetchall(), connection)


def prepared(
    model: type[models.Model], **fields: type[models.Field]
) -> Callable[[Callable[..., models.QuerySet]], Prepared]:
    """Prepare the query that the function makes; `fields` says of each value which kind of column it is compared to."""
    return partial(Prepared, model=model, fields={name: field() for name, field in fields.items()})


def compiled_of(rows: models.QuerySet) -> Compiled:
    compiler = rows.query.get_compiler(using=rows.db)
    sql, parameters = compiler.as_sql()
    info, select = compiler.klass_info, compiler.select
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    return Compiled(
        sql=sql,
        parameters=list(parameters),
        make=info["model"].from_db,
        names=[column.target.attname for column, *_ in select[first:last]],
        columns=slice(first, last),
        info=info,
        select=select,
        annotations=compiler.annotation_col_map or {},
        converters=compiler.get_converters([column for column, *_ in select]),
    )


def objects(compiled: Compiled, rows: list[tuple[Any, ...]], connection: BaseDatabaseWrapper) -> list[models.Model]:
    database = connection.alias
    related = populators(compiled.info, compiled.select, database)
    found = []
    for row in rows:
        values = list(row)
        for place, (converters, expression) in compiled.converters.items():
            for converter in converters:
                values[place] = converter(values[place], expression, connection)
        one = compiled.make(database, compiled.names, values[compiled.columns])
        for each in related:
            each.populate(values, one)
        for name, place in compiled.annotations.items():
            setattr(one, name, values[place])
        found.append(one)
    return found
