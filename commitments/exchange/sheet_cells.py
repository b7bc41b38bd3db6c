"""Cells of sheets that come back: read out of a workbook, whatever program has saved it, and named in any language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from commitments.domain.text import fold, tidy

MAX_ROWS = 5_000
MAX_COLUMNS = 60
HEAD_WITHIN = 10  # the row of column names is one of the first ten
UNREADABLE = (InvalidFileException, BadZipFile, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError)
WRONG_CELL = {
    "formula": gettext_lazy("holds a formula. Write the words themselves."),
    "error": gettext_lazy("holds an error of the spreadsheet."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which cell (`I7`)."""

    cell: str
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    value: Any
    is_formula: bool = False
    is_error: bool = False

    @property
    def wrong(self) -> str:
        """Why nothing can be read from it, as a key of WRONG_CELL; empty where it can."""
        return "formula" if self.is_formula else "error" if self.is_error else ""


Grid = list[list[Cell]]


def grids_of(file: BinaryIO) -> list[Grid]:
    """The sheets of a workbook whose content was judged. ValidationError codes: not_excel, too_many_rows."""
    try:
        book = load_workbook(file, read_only=True)
        return [
            capped([Cell(cell.value, cell.data_type == "f", cell.data_type == "e") for cell in cells] for cells in rows)
            for rows in (sheet.iter_rows(max_col=MAX_COLUMNS) for sheet in book.worksheets)
        ]
    except UNREADABLE as error:
        raise ValidationError(
            _("The file could not be read. Open it, save it as an Excel workbook (.xlsx) and try again."),
            code="not_excel",
        ) from error


def capped(rows: Iterable[list[Cell]]) -> Grid:
    """The rows, as many as are taken. Code of refusal: too_many_rows."""
    grid: Grid = []
    for cells in rows:
        if len(grid) > MAX_ROWS + HEAD_WITHIN:
            raise ValidationError(
                _("The file has too many rows: %(limit)d at most."),
                params={"limit": MAX_ROWS},
                code="too_many_rows",
            )
        grid.append(cells)
    return grid


def best_head(grids: Iterable[Grid], names: dict[str, str]) -> tuple[int, dict[str, int], Grid]:
    """The row of column names, where each column stands, and the sheet; the row that has the most of them."""
    best: tuple[int, dict[str, int], Grid] = (0, {}, [])
    for grid in grids:
        for place, cells in enumerate(grid[:HEAD_WITHIN]):
            found: dict[str, int] = {}
            for at, cell in enumerate(cells):
                name = names.get(fold(cell.value)) if isinstance(cell.value, str) else None
                if name:
                    found[name] = at
            if len(found) > len(best[1]):
                best = (place, found, grid)
    return best


def plain(value: Any) -> str:
    """The words of a cell, whatever the program made of them."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tidy(str(value))


@cache
def named(choices: tuple[tuple[Any, Any], ...]) -> dict[str, Any]:
    """Codes by their folded names in every language of the product, and by themselves."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {fold(str(label)): code for code, label in choices}
    return found | {fold(str(code)): code for code, _label in choices}
