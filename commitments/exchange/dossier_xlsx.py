"""The dossier in Excel: one row for each assignment, and a second sheet with the key."""

import io
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from commitments.domain.codes import Confidence, Precision
from commitments.exchange import dossier_words as words
from commitments.exchange.csv_rows import FORMULA
from commitments.models.words import Confidence as ConfidenceWord
from commitments.models.words import Kind, Status, Strength
from commitments.queries.dossier import Dossier, Promise, Side

WIDTHS = [8, 34, 48, 12, 14, 22, 12, 26, 20, 18, 16, 14, 16, 48, 36, 36, 36, 36]  # characters
STATUS_COLUMN = 9
LINE, TALLEST = 15, 409  # points; the format allows no more
DAY = "yyyy-mm-dd"
PAGES_WIDE = 3  # on paper, with the reference and the title on each
TOP = Alignment(wrap_text=True, vertical="top")


def dossier_xlsx(dossier: Dossier, tell: words.Tell = words.untold) -> bytes:
    """The file; made in the language that is active."""
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = _("Statement Tracker")
    book.properties.title = f"{dossier.statement.short_title}: {words.edition_words(dossier)}"
    book.properties.created = book.properties.modified = dossier.made_at.replace(tzinfo=None, microsecond=0)
    _rows_sheet(book.active, dossier, tell)
    _key_sheet(book.create_sheet(_("Key")), dossier)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows_sheet(sheet: Worksheet, dossier: Dossier, tell: words.Tell) -> None:
    sheet.title = _("Assignments")
    titles = [
        _("Ref"),
        _("Commitment"),
        _("Quote"),
        _("Kind"),
        _("Wording"),
        _("Themes"),
        _("Side"),
        _("Lead body"),
        _("Status"),
        _("Confidence"),
        _("Schedule"),
        _("Date"),
        _("Last update"),
        _("Last note"),
        _("Next steps"),
        _("Milestones"),
        _("Evidence"),
        _("Points to raise"),
    ]
    for column, title in enumerate(titles, start=1):
        put(sheet, 1, column, title)
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS[column - 1]
    _head(sheet)
    line = 1
    for done, promise in enumerate(dossier.promises, start=1):
        tell(done)
        for side in promise.sides:
            line += 1
            values = _values(promise, side)
            for column, value in enumerate(values, start=1):
                put(sheet, line, column, value)
            sheet.row_dimensions[line].height = height(values)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{line}"
    _status_list(sheet, line)
    sheet.page_setup.fitToWidth, sheet.print_options.gridLines = PAGES_WIDE, True
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:B"
    _printing(sheet, dossier)


def _values(promise: Promise, side: Side) -> list[Any]:
    newest = next((f"{words.word_head(word)}: {word.text}" for word in side.words if word.text), "")
    given = side.confidence != Confidence.NOT_GIVEN
    return [
        promise.ref,
        promise.title,
        promise.quote,
        str(Kind(promise.kind).label),
        str(Strength(promise.strength).label),
        ", ".join(promise.themes),
        str(side.party),
        words.lead_words(side),
        str(Status(side.status).label),
        str(ConfidenceWord(side.confidence).label) if given else "",
        words.schedule_words(side),
        _due(promise),
        words.local(side.last_word_at).date() if side.last_word_at else None,
        newest,
        side.next_steps,
        "\n".join(words.milestone_words(stage) for stage in side.milestones),
        "\n".join(f"{proof.title} {proof.url}".rstrip() for proof in side.proofs),
        "\n".join(point.text for point in promise.points if point.party == side.party),
    ]


def height(values: list[Any]) -> float:
    """Points for the tallest cell of a row with its words wrapped: not every program fits rows by itself."""
    texts = ((value, width) for value, width in zip(values, WIDTHS, strict=True) if isinstance(value, str))
    lines = max(sum(max(1, ceil(len(part) / (width - 1))) for part in text.split("\n")) for text, width in texts)
    return min(lines * LINE, TALLEST)


def _due(promise: Promise) -> Any:
    """A real date where a day is named; the period in words where only a period is."""
    if promise.deadline is None:
        return None
    if promise.deadline.precision == Precision.DAY:
        return promise.deadline.due_on
    return words.period(promise.deadline)


def put(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """Write a cell; text stays text, even where it looks like a formula."""
    cell = sheet.cell(row, column)
    cell.alignment = TOP
    if isinstance(value, str):
        cell.value, cell.data_type = value, "s"
        cell.quotePrefix = value.lstrip().startswith(FORMULA)
        return
    cell.value = value
    if value is not None:
        cell.number_format = DAY


def _head(sheet: Worksheet) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EFEFEB")
    sheet.freeze_panes = "B2"


def _status_list(sheet: Worksheet, last: int) -> None:
    """The statuses as a list to choose from, out of the key's first column."""
    name = _("Key").replace("'", "''")
    choice = DataValidation(type="list", formula1=f"'{name}'!$A$2:$A${len(Status) + 1}", allow_blank=False)
    choice.error = _("Choose a status from the list.")
    sheet.add_data_validation(choice)
    letter = get_column_letter(STATUS_COLUMN)
    choice.add(f"{letter}2:{letter}{max(last, 2)}")


def _printing(sheet: Worksheet, dossier: Dossier) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.oddHeader.left.text = words.edition_words(dossier).replace("&", "&&")
    sheet.oddFooter.left.text = words.made_words(dossier).replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"


def _key_sheet(sheet: Worksheet, dossier: Dossier) -> None:
    """The statuses in their order, and what the file is."""
    put(sheet, 1, 1, _("Status"))
    for place, status in enumerate(Status, start=2):
        put(sheet, place, 1, str(status.label))
    facts = [
        (_("Statement"), dossier.statement.title),
        (_("Edition"), words.edition_words(dossier)),
        ("", words.edition_text(dossier)),
        (_("Scope"), dossier.scope),
        ("", words.made_words(dossier)),
        *(("", sentence) for sentence in words.summary_sentences(dossier)),
    ]
    for place, (label, value) in enumerate(facts, start=1):
        put(sheet, place, 3, label)
        put(sheet, place, 4, value)
    for letter, width in {"A": 24, "C": 16, "D": 90}.items():
        sheet.column_dimensions[letter].width = width
    sheet["A1"].font = Font(bold=True)
    _printing(sheet, dossier)
