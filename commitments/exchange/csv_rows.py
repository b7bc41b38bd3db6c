"""CSV that a spreadsheet opens as text: UTF-8 with its mark, and no cell that could be taken for a formula."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # the wide forms too: some programs fold them
MARK = "\ufeff"  # tells a spreadsheet that the file is UTF-8


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    """The file, line by line (RFC 4180)."""
    writer = csv.writer(Echo())
    yield MARK + writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def safe_cell(value: Any) -> str:
    """Text that begins like a formula is led by an apostrophe (OWASP, CSV injection); numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA) else text
