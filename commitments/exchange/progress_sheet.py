"""The sheet on which an officer notes progress offline: written, and read again after any program has saved it.

Columns are found by their names in any language of the product, wherever they stand; rows by the key in the first
column, wherever they were sorted to. The key holds what the person saw: the assignment's version and status.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from commitments.domain.codes import Status as StatusCode
from commitments.domain.codes import Visibility as VisibilityCode
from commitments.domain.text import fold
from commitments.exchange import dossier_words as words
from commitments.exchange.csv_rows import FORMULA
from commitments.exchange.file_types import OFFICE, judge
from commitments.exchange.sheet_cells import WRONG_CELL, Cell, Fault, Grid, best_head, grids_of, named, plain
from commitments.forms.evidence import Link, LinksField
from commitments.models.person import User
from commitments.models.words import Status, Visibility
from commitments.queries.progress_sheet import SheetLine

XLSX = f"{OFFICE}spreadsheetml.sheet"
COLUMNS: dict[str, Any] = {
    "key": gettext_lazy("Key of the row, leave as it is"),
    "ref": gettext_lazy("Ref"),
    "title": gettext_lazy("Commitment"),
    "quote": gettext_lazy("Quote"),
    "lead": gettext_lazy("Lead body"),
    "due": gettext_lazy("Date"),
    "last_note": gettext_lazy("Last note"),
    "last_steps": gettext_lazy("Last next steps"),
    "status": gettext_lazy("Status"),
    "text": gettext_lazy("New note"),
    "next_steps": gettext_lazy("New next steps"),
    "links": gettext_lazy("Evidence: links"),
    "visibility": gettext_lazy("Who may read it"),
}
WIDTHS = (12, 8, 34, 48, 26, 16, 40, 30, 20, 48, 36, 36, 18)
TO_FILL = ("status", "text", "next_steps", "links", "visibility")
NEEDED = ("key", *TO_FILL)
SEPARATOR = "|"
WRONG = {
    **WRONG_CELL,
    "status": gettext_lazy("“%(words)s” is not a status. Choose one from the list."),
    "visibility": gettext_lazy("“%(words)s” does not say who may read it. Choose from the list."),
    "key": gettext_lazy("The key of this row was changed, so it is not known what it is about."),
    "new": gettext_lazy("This row was not in the file that was handed out. Notes are added to its rows alone."),
    "twice": gettext_lazy("This row is in the file twice."),
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it came back: what it is about, what the person saw, and what the person wrote."""

    line: int
    slug: str = ""
    ref: str = ""
    party: str = ""
    version: int = -1
    seen: StatusCode | None = None
    status: StatusCode | None = None
    text: str = ""
    next_steps: str = ""
    links: tuple[Link, ...] = ()
    visibility: VisibilityCode = VisibilityCode.BOTH
    faults: tuple[Fault, ...] = ()

    @property
    def says_something(self) -> bool:
        return bool(self.faults or self.text or self.next_steps or self.links or self.status != self.seen)


def progress_sheet(lines: Iterable[SheetLine], *, person: User, at: datetime) -> bytes:
    """The file for this person, in the language that is active.

    Only what is to be filled in can be changed; filters work.
    """
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = _("Statement Tracker")
    book.properties.created = book.properties.modified = at.replace(tzinfo=None, microsecond=0)
    sheet, key = book.active, book.create_sheet(_("Key"))
    sheet.title = _("Progress")
    for column, (title, width) in enumerate(zip(COLUMNS.values(), WIDTHS, strict=True), start=1):
        cell = sheet.cell(1, column, str(title))
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EFEFEB")
        sheet.column_dimensions[get_column_letter(column)].width = width
    last = 1
    for last, line in enumerate(lines, start=2):
        _write_line(sheet, last, line)
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{last}"
    _protect(sheet)
    _lists(sheet, key, last)
    _explain(key, person, at)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_progress_sheet(file: BinaryIO, size: int) -> list[SheetRow]:
    """The rows that say something, in the order of the sheet.

    ValidationError codes: as `judge`, and not_excel, not_ours, missing_columns, too_many_rows. What is wrong in a row
    is among its faults.
    """
    if judge(file, size) != XLSX:
        raise ValidationError(_("Send the Excel file (.xlsx) that was handed out here, filled in."), code="not_excel")
    head, places, grid = _head(grids_of(file))
    return [row for row in _rows(grid[head + 1 :], head + 2, places) if row.says_something]


def _head(grids: Sequence[Grid]) -> tuple[int, dict[str, int], Grid]:
    """The row of column names, where each column stands, and the sheet."""
    best = best_head(grids, named(tuple(COLUMNS.items())))
    missing = [str(COLUMNS[name]) for name in NEEDED if name not in best[1]]
    if len(missing) == len(NEEDED):
        raise ValidationError(_("Send the Excel file (.xlsx) that was handed out here, filled in."), code="not_ours")
    if missing:
        raise ValidationError(
            _("The file lacks columns: %(names)s. Fill in the file as it was handed out; columns may move, not go."),
            params={"names": ", ".join(missing)},
            code="missing_columns",
        )
    return best


def _rows(grid: Grid, first: int, places: dict[str, int]) -> Iterator[SheetRow]:
    met: set[str] = set()
    for line, cells in enumerate(grid, start=first):
        reader = RowReader(line, cells, places)
        key = reader.text("key")
        if not key and not any(reader.text(name) for name in (*TO_FILL, "ref", "title")):
            continue
        row = reader.row(key)
        if key and key in met:
            row = SheetRow(line, faults=(Fault(reader.cell("key"), str(WRONG["twice"])),))
        met.add(key)
        yield row


@dataclass
class RowReader:
    """Reads the cells of one row and collects what is wrong with them."""

    line: int
    cells: list[Cell]
    places: dict[str, int]
    faults: list[Fault] = field(default_factory=list)

    def cell(self, name: str) -> str:
        return f"{get_column_letter(self.places[name] + 1)}{self.line}"

    def blame(self, name: str, code: str, **values: str) -> None:
        self.faults.append(Fault(self.cell(name), str(WRONG[code]) % values))

    def text(self, name: str) -> str:
        place = self.places.get(name, len(self.cells))
        return plain(self.cells[place].value) if place < len(self.cells) else ""

    def row(self, key: str) -> SheetRow:
        for name in TO_FILL:
            place = self.places[name]
            if place < len(self.cells) and (wrong := self.cells[place].wrong):
                self.blame(name, wrong)
        if self.faults:
            return SheetRow(self.line, faults=tuple(self.faults))
        place = _place(key)
        if place is None:
            self.blame("key", "key" if key else "new")
            return SheetRow(self.line, faults=tuple(self.faults))
        slug, ref, party, version, seen = place
        status = self.choice("status", _statuses(), seen)
        if status == StatusCode.NOT_ASSESSED != seen:
            self.blame("status", "status", words=self.text("status"))
        visibility = self.choice("visibility", _visibilities(), VisibilityCode.BOTH)
        return SheetRow(
            self.line,
            slug,
            ref,
            party,
            version,
            seen,
            status,
            self.text("text"),
            self.text("next_steps"),
            self.links(),
            visibility,
            tuple(self.faults),
        )

    def choice(self, name: str, known: dict[str, Any], default: Any) -> Any:
        given = self.text(name)
        if given and fold(given) not in known:
            self.blame(name, name, words=given[:60])
        return known.get(fold(given), default)

    def links(self) -> tuple[Link, ...]:
        try:
            return tuple(LinksField(required=False).clean(self.text("links")))
        except ValidationError as refusal:
            self.faults.append(Fault(self.cell("links"), refusal.messages[0]))
            return ()


def _place(key: str) -> tuple[str, str, str, int, StatusCode] | None:
    slug, ref, party, version, seen = [*key.split(SEPARATOR), *[""] * 5][:5]
    whole = key.count(SEPARATOR) == 4 and version.isascii() and version.isdigit() and len(version) < 10
    return (slug, ref, party, int(version), StatusCode(seen)) if whole and seen in Status.values else None


def _statuses() -> dict[str, StatusCode]:
    return named(tuple((StatusCode(each.value), each.label) for each in Status))


def _visibilities() -> dict[str, VisibilityCode]:
    return named(tuple((VisibilityCode(each.value), each.label) for each in Visibility))


def _write_line(sheet: Worksheet, row: int, line: SheetLine) -> None:
    part = line.assignment
    commitment = part.commitment
    values = {
        "key": SEPARATOR.join(
            [commitment.statement.slug, commitment.ref, part.party.code, str(part.version), part.status]
        ),
        "ref": commitment.ref,
        "title": commitment.title,
        "quote": commitment.quote,
        "lead": part.lead.name if part.lead else "",
        "due": words.period(commitment.deadline) if commitment.deadline else "",
        "last_note": line.last_note,
        "last_steps": line.last_steps,
        "status": str(Status(part.status).label),
        "visibility": str(Visibility.BOTH.label),
    }
    for column, name in enumerate(COLUMNS, start=1):
        cell = sheet.cell(row, column)
        text = values.get(name, "")
        if text:
            cell.value, cell.data_type = text, "s"
            cell.quotePrefix = text.lstrip().startswith(FORMULA)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.number_format = "@"  # what looks like a number or a date stays the words that were typed
        cell.protection = Protection(locked=name not in TO_FILL)


def _protect(sheet: Worksheet) -> None:
    """Against slips, not against people: no password, and filters, columns and rows may be set as one likes."""
    rules = sheet.protection
    rules.sheet = True
    rules.autoFilter = rules.sort = rules.formatColumns = rules.formatRows = rules.formatCells = False


def _lists(sheet: Worksheet, key: Worksheet, last: int) -> None:
    """Statuses and readers as lists to choose from, out of the second sheet."""
    title = _("Key").replace("'", "''")
    for column, (name, choices) in enumerate({"status": Status, "visibility": Visibility}.items(), start=1):
        letter = get_column_letter(column)
        key.cell(1, column, str(COLUMNS[name])).font = Font(bold=True)
        for place, choice in enumerate(choices, start=2):
            key.cell(place, column, str(choice.label))
        key.column_dimensions[letter].width = 26
        rule = DataValidation(
            type="list", formula1=f"'{title}'!${letter}$2:${letter}${len(choices) + 1}", allow_blank=False
        )
        rule.error = _("Choose from the list.")
        sheet.add_data_validation(rule)
        filled = get_column_letter([*COLUMNS].index(name) + 1)
        rule.add(f"{filled}2:{filled}{max(last, 2)}")


def _explain(key: Worksheet, person: User, at: datetime) -> None:
    """What the file is, and what to do with it."""
    lines = [
        _("As it stood on %(moment)s") % {"moment": date_format(words.local(at), "DATETIME_FORMAT")},
        _("Commitments on which %(person)s records progress") % {"person": person},
        *([words.edition_of(person.body.party)] if person.body else []),
        _("Change the status, write a new note and next steps, then upload the file. Empty rows stay as they are."),
        _("What others wrote meanwhile is shown before anything is saved."),
    ]
    for place, line in enumerate(lines, start=1):
        key.cell(place, 4, line)
    key.column_dimensions["D"].width = 90
