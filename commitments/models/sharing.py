"""Rows that came through `select_related` share their related objects: one statement, however many rows name it.

Django makes an object of its own for each row and each relation, five hundred of them for a page of a hundred rows;
most of these are the same few statements, sections, parties and bodies.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

from django.db import models
from django.db.models.query import ModelIterable, RelatedPopulator

MOST_KNOWN = 5_000  # objects of one relation, so that reading through a whole table holds few at a time

Rows = TypeVar("Rows", bound=models.QuerySet)


def sharing(rows: Rows) -> Rows:
    """The rows, whose related objects are one and the same wherever they are the same row; they are for reading.

    Not for the rows of a related manager (`statement.paragraphs`), which know the object that they were asked of.
    """
    found = rows.all()
    found._iterable_class = SharingIterable
    return found


class SharingIterable(ModelIterable):
    """As Django's own, with related objects that are shared."""

    def __iter__(self) -> Iterator[models.Model]:
        database = self.queryset.db
        compiler = self.queryset.query.get_compiler(using=database)
        found = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        columns = compiler.klass_info["select_fields"]
        first, last = columns[0], columns[-1] + 1
        names = [column.target.attname for column, *_ in compiler.select[first:last]]
        make, related = compiler.klass_info["model"].from_db, populators(compiler.klass_info, compiler.select, database)
        for row in compiler.results_iter(found):
            one = make(database, names, row[first:last])
            for each in related:
                each.populate(row, one)
            for name, place in compiler.annotation_col_map.items():
                setattr(one, name, row[place])
            yield one


def populators(info: dict[str, Any], select: list[Any], database: str) -> list["SharingPopulator"]:
    return [SharingPopulator(related, select, database) for related in info.get("related_klass_infos", [])]


class SharingPopulator(RelatedPopulator):
    """Gives each row the related object of its key, made once."""

    def __init__(self, info: dict[str, Any], select: list[Any], database: str) -> None:
        super().__init__(info, select, database)
        self.related_populators = populators(info, select, database)
        self.place = self.cols_start + self.pk_idx
        self.known: dict[Any, models.Model] = {}

    def populate(self, row: tuple[Any, ...], owner: models.Model) -> None:
        key = row[self.place]
        one = self.known.get(key)
        if one is None and key is not None:
            one = self.make(row, owner)
            if len(self.known) == MOST_KNOWN:
                self.known.clear()
            self.known[key] = one
        self.local_setter(owner, one)

    def make(self, row: tuple[Any, ...], owner: models.Model) -> models.Model:
        one = self.model_cls.from_db(self.db, self.init_list, row[self.cols_start : self.cols_end])
        for each in self.related_populators:
            each.populate(row, one)
        self.remote_setter(one, owner)
        return one
