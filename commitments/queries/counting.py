"""Counts that stop: a page says "more than 10,000" and never counts what it does not show."""

from dataclasses import dataclass

from django.db.models import IntegerField, QuerySet, Subquery

MOST_COUNTED = 10_000  # rows of the list at hand
MOST_BESIDE = 500  # rows of another list that a page only links to


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows; `is_more` where there are more than it says."""

    number: int
    is_more: bool = False


class BoundedCount(Subquery):
    """How many rows the query has, counted no further than one beyond `most`."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet, most: int) -> None:
        super().__init__(rows.order_by().values("pk")[: most + 1])


def bounded(number: int, most: int) -> Count:
    """The count that a `BoundedCount` up to `most` stands for."""
    return Count(min(number, most), is_more=number > most)


def count_up_to(rows: QuerySet, most: int = MOST_COUNTED) -> Count:
    return bounded(rows.order_by().values("pk")[: most + 1].count(), most)
