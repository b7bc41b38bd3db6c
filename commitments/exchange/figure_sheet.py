"""A series of figures out of a file: CSV or Excel with columns for period and figure, as somebody's own sheet has them.

Columns are found by their names in any language of the product. Nothing is guessed: a number that can be read in two
ways is settled by the rest of its column, or is a fault of its cell.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.utils import get_column_letter

from commitments.domain.codes import Precision
from commitments.domain.deadlines import last_day
from commitments.domain.numerals import AmbiguousError, NotANumberError, decimal_mark, number_of
from commitments.domain.text import fold
from commitments.exchange.encodings import decoded
from commitments.exchange.file_types import judge
from commitments.exchange.progress_sheet import XLSX
from commitments.exchange.sheet_cells import (
    MAX_COLUMNS,
    MAX_ROWS,
    WRONG_CELL,
    Cell,
    Fault,
    Grid,
    best_head,
    capped,
    grids_of,
    named,
    plain,
)
from commitments.forms.measurement import MAX_DECIMALS, MAX_DIGITS, PeriodField, link_field, source_field

ARCHIVE = b"PK\x03\x04"  # how a workbook begins
MAX_CSV = 2_000_000  # bytes
SEPARATORS = ";\t,"
COLUMNS: dict[str, Any] = {
    "period": gettext_lazy("Period"),
    "value": gettext_lazy("Figure"),
    "source": gettext_lazy("Source"),
    "link": gettext_lazy("Link to the source"),
    "note": gettext_lazy("Remark"),
}
ALSO = {  # what people call them
    "year": "period",
    "date": "period",
    "yıl": "period",
    "tarih": "period",
    "tahun": "period",
    "tarikh": "period",
    "değer": "value",
    "nilai": "value",
    "amount": "value",
    "tutar": "value",
    "jumlah": "value",
    "url": "link",
    "not": "note",
    "nota": "note",
    "catatan": "note",
}
WRONG = {
    **WRONG_CELL,
    "not_a_number": gettext_lazy("“%(words)s” is not a number."),
    "ambiguous": gettext_lazy("“%(words)s” can be read in two ways. Leave out the separator, or write four decimals."),
    "too_big": gettext_lazy("“%(words)s” has too many digits: 16 before the decimals and 4 after them at most."),
    "no_value": gettext_lazy("The figure is missing."),
    "no_period": gettext_lazy("“%(words)s” is not a period: write 2025, 2026-H1, 2026-Q3, 2026-09 or 2026-09-30."),
    "period_missing": gettext_lazy("The period is missing."),
    "twice": gettext_lazy("This period is in the file twice."),
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row as it came: the period, by any day of it and its precision, and the figure; or what is wrong with it."""

    line: int
    day: date | None = None
    precision: Precision | None = None
    value: Decimal | None = None
    source: str = ""
    link: str = ""
    note: str = ""
    faults: tuple[Fault, ...] = ()


def read_figures(file: BinaryIO, size: int) -> list[FigureRow]:
    """The rows that say something, in the order of the sheet.

    ValidationError codes: as `judge`, and not_a_sheet, not_excel, too_many_rows, no_columns. What is wrong in a row is
    among its faults.
    """
    file.seek(0)
    if file.read(len(ARCHIVE)) != ARCHIVE:
        grids = [_csv_grid(file, size)]
    elif judge(file, size) == XLSX:
        grids = grids_of(file)
    else:
        raise _not_a_sheet()
    head, places, grid = best_head(
        grids, named(tuple(COLUMNS.items())) | {fold(word): name for word, name in ALSO.items()}
    )
    if not {"period", "value"} <= places.keys():
        raise ValidationError(
            _("The file needs a row of column names with “Period” and “Figure”, in any language of the tracker."),
            code="no_columns",
        )
    return list(_rows(grid[head + 1 :], head + 2, places))


def _csv_grid(file: BinaryIO, size: int) -> Grid:
    """The lines of a CSV file in whatever encoding; the head says by what its cells are parted."""
    if size == 0:
        raise ValidationError(_("The file is empty."), code="empty")
    if size > MAX_CSV:
        raise ValidationError(
            _("The file has too many rows: %(limit)d at most."), params={"limit": MAX_ROWS}, code="too_many_rows"
        )
    file.seek(0)
    text = decoded(file.read())
    if any(ch < " " and ch not in "\t\n\r\f" for ch in text):
        raise _not_a_sheet()
    head = next((line for line in text.splitlines() if line.strip()), "")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=head.count))
    try:
        return capped([Cell(value.removeprefix("'")) for value in line[:MAX_COLUMNS]] for line in lines)
    except csv.Error as error:
        raise _not_a_sheet() from error


def _not_a_sheet() -> ValidationError:
    return ValidationError(_("Send a CSV or an Excel file (.xlsx)."), code="not_a_sheet")


def _rows(grid: Grid, first: int, places: dict[str, int]) -> Iterator[FigureRow]:
    readers = [_Reader(line, cells, places) for line, cells in enumerate(grid, start=first)]
    mark = decimal_mark(reader.text("value") for reader in readers)
    met: set[tuple[date, Precision]] = set()
    for reader in readers:
        if any(reader.text(name) for name in places):
            yield reader.row(mark, met)


@dataclass
class _Reader:
    """Reads the cells of one row and collects what is wrong with them."""

    line: int
    cells: list[Cell]
    places: dict[str, int]
    faults: list[Fault] = field(default_factory=list)

    def cell(self, name: str) -> Cell:
        place = self.places.get(name, len(self.cells))
        return self.cells[place] if place < len(self.cells) else Cell(None)

    def text(self, name: str) -> str:
        return " ".join(plain(self.cell(name).value).split())

    def blame(self, name: str, code: str, words: str = "") -> None:
        self.faults.append(
            Fault(f"{get_column_letter(self.places[name] + 1)}{self.line}", str(WRONG[code]) % {"words": words})
        )

    def row(self, mark: str, met: set[tuple[date, Precision]]) -> FigureRow:
        for name in self.places:
            if wrong := self.cell(name).wrong:
                self.blame(name, wrong)
        if self.faults:
            return FigureRow(self.line, faults=tuple(self.faults))
        period, value = self.period(), self.value(mark)
        if period and period in met:
            self.blame("period", "twice")
        if period:
            met.add(period)
        source, link = self.checked("source", source_field()), self.checked("link", link_field())
        note = self.text("note")[:500]
        day, precision = period or (None, None)
        return FigureRow(self.line, day, precision, value, source, link, note, tuple(self.faults))

    def period(self) -> tuple[date, Precision] | None:
        """The period's last day and precision; a day is kept as a day."""
        value, words = self.cell("period").value, self.text("period")
        if not words:
            self.blame("period", "period_missing")
            return None
        if isinstance(value, datetime):
            return value.date(), Precision.DAY
        try:
            day, precision = PeriodField().clean(words)
        except ValidationError:
            self.blame("period", "no_period", words[:40])
            return None
        return last_day(day, precision), precision

    def value(self, mark: str) -> Decimal | None:
        given, words = self.cell("value").value, self.text("value")
        if not words:
            self.blame("value", "no_value")
            return None
        try:
            value = Decimal(repr(round(given, 9))) if isinstance(given, float) else number_of(words, mark)
        except NotANumberError:
            self.blame("value", "not_a_number", words[:40])
            return None
        except AmbiguousError:
            self.blame("value", "ambiguous", words[:40])
            return None
        if (
            not value.is_finite()
            or value.adjusted() >= MAX_DIGITS
            or -value.normalize().as_tuple().exponent > MAX_DECIMALS
        ):
            self.blame("value", "too_big", words[:40])
            return None
        return value

    def checked(self, name: str, rules: Any) -> str:
        try:
            return rules.clean(self.text(name))
        except ValidationError as refusal:
            self.faults.append(Fault(f"{get_column_letter(self.places[name] + 1)}{self.line}", refusal.messages[0]))
            return ""
