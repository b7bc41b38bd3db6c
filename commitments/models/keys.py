"""Paging by key: the rows from one row on, or before it, whatever their number; no row before them is read."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy


@dataclass(frozen=True, slots=True)
class Key:
    """One part of an order: a field or annotation that can be read by name, and where its nulls stand."""

    name: str
    descending: bool = False
    nulls_first: bool | None = None  # None: there are none

    @property
    def order(self) -> OrderBy:
        nulls = {} if self.nulls_first is None else {"nulls_first" if self.nulls_first else "nulls_last": True}
        return F(self.name).desc(**nulls) if self.descending else F(self.name).asc(**nulls)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any, *, backwards: bool) -> Q | None:
        """Strictly after the value in this order, or before it; None where nothing can be."""
        nulls_ahead = self.nulls_first is not None and self.nulls_first == backwards
        if value is None:
            return None if nulls_ahead else Q(**{f"{self.name}__isnull": False})
        found = Q(**{f"{self.name}__{'lt' if self.descending != backwards else 'gt'}": value})
        return found | self.same(None) if nulls_ahead else found

    def onwards(self, value: Any, *, backwards: bool) -> Q:
        """The value itself and all beyond it, as one range that an index can begin with."""
        if value is None or self.nulls_first == backwards:
            return self.same(value) | (self.beyond(value, backwards=backwards) or Q(pk__in=[]))
        return Q(**{f"{self.name}__{'lte' if self.descending != backwards else 'gte'}": value})


Order = tuple[Key, ...]


def ordered(rows: QuerySet, order: Order) -> QuerySet:
    return rows.order_by(*(key.order for key in order))


def from_row(rows: QuerySet, order: Order, row: int, size: int) -> list[Model] | None:
    """This row and those after it, `size` at most; None where the row is not among them."""
    values = _values(rows, order, row)
    if values is None:
        return None
    reached = _beyond(order, values, backwards=False) | _same(order, values)
    return list(ordered(rows.filter(order[0].onwards(values[0], backwards=False), reached), order)[:size])


def before_row(rows: QuerySet, order: Order, row: int, size: int) -> list[Model] | None:
    """The last `size` rows before this one, in their order; None where the row is not among them."""
    values = _values(rows, order, row)
    if values is None:
        return None
    reached = _beyond(order, values, backwards=True)
    found = ordered(rows.filter(order[0].onwards(values[0], backwards=True), reached), order)
    return list(found.reverse()[:size])[::-1]


def _values(rows: QuerySet, order: Order, row: int) -> tuple[Any, ...] | None:
    return rows.order_by().filter(pk=row).values_list(*(key.name for key in order)).first()


def _same(order: Order, values: tuple[Any, ...]) -> Q:
    found = Q()
    for key, value in zip(order, values, strict=True):
        found &= key.same(value)
    return found


def _beyond(order: Order, values: tuple[Any, ...], *, backwards: bool) -> Q:
    found = Q(pk__in=[])
    for place, (key, value) in enumerate(zip(order, values, strict=True)):
        beyond = key.beyond(value, backwards=backwards)
        if beyond is not None:
            found |= _same(order[:place], values[:place]) & beyond
    return found
