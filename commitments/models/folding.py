"""Folding of text by the database itself: notes and paragraphs are searched as they stand, with no copy to keep."""

from typing import Any

from django.db import models

from commitments.domain.text import fold

LETTERS = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĆćČčĒēĞğĪīĬĭİıŁłŌōŚśŞşŠšŪūŽž"
MARKS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030c\u0327"  # accents as characters of their own
PLAIN = {letter: folded for letter in LETTERS if len(folded := fold(letter)) == 1}


class Folded(models.Func):
    """The text as `domain.text.fold` gives it; PostgreSQL knows the letters of Turkish and of Western Europe.

    White space stays as it is: words are looked for one by one.
    """

    arity = 1
    output_field = models.TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        connection.ensure_connection()
        connection.connection.create_function("fold", 1, fold, deterministic=True)
        return super().as_sql(compiler, connection, function="fold", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        letters, plain = "".join(PLAIN) + MARKS, "".join(PLAIN.values())
        template = f"lower(translate(%(expressions)s, '{letters}', '{plain}'))"
        return super().as_sql(compiler, connection, template=template, **extra)
