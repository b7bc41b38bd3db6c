"""What several rows share: natural keys, and the conditions of their constraints."""

from typing import Any

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import In


class NaturalKeyQuerySet(models.QuerySet):
    """A QuerySet of rows that fixtures name by `natural_key_fields` instead of numbers."""

    def get_by_natural_key(self, *values: Any) -> models.Model:
        return self.get(**dict(zip(self.model.natural_key_lookups, values, strict=True)))


class FixtureRow(models.Model):
    """A row that a fixture may add but never change (`exchange/fixture_json.py` keeps that).

    `natural_key_lookups` names the lookups whose values identify the row.
    """

    natural_key_lookups: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        values = []
        for lookup in self.natural_key_lookups:
            value: Any = self
            for name in lookup.split("__"):
                value = getattr(value, name)
            values.append(value)
        return tuple(values)


class NextDay(Func):
    """The day after a date as 'MM-DD'; SQL alone, so that the database can check it in a constraint."""

    output_field = models.CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        return super().as_sql(compiler, connection, template="substr(date(%(expressions)s, '+1 day'), 6)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        return super().as_sql(compiler, connection, template="to_char(%(expressions)s + 1, 'MM-DD')", **extra)


def ends_its_period(day: str, precision: str) -> Q:
    """The condition that the date field `day` is the last day of a period of its precision."""
    ends = {
        "month": [f"{month:02}-01" for month in range(1, 13)],
        "quarter": ["04-01", "07-01", "10-01", "01-01"],
        "half": ["07-01", "01-01"],
        "year": ["01-01"],
    }
    allowed = Q(**{precision: "day"}) | Q(**{f"{day}__isnull": True})
    for code, next_days in ends.items():
        allowed |= Q(Q(**{precision: code}), In(NextDay(F(day)), next_days))
    return allowed


def all_or_none(*fields: str) -> Q:
    """The condition that the fields are all filled or all empty."""
    filled, empty = Q(), Q()
    for field in fields:
        filled &= Q(**{f"{field}__isnull": False})
        empty &= Q(**{f"{field}__isnull": True})
    return filled | empty
