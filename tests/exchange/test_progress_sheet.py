"""The Excel round trip: what an officer fills in offline comes back as it was meant, or is refused cell by cell."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from commitments.domain.codes import Role, Status, Visibility
from commitments.exchange.progress_sheet import COLUMNS, TO_FILL, progress_sheet, read_progress_sheet
from commitments.forms.progress import OFFERED
from commitments.models import Assignment, Body, Commitment, Paragraph, Party, Statement, User
from commitments.models.words import Status as StatusWord
from commitments.models.words import Visibility as VisibilityWord
from commitments.queries.progress_sheet import SheetLine, sheet_lines
from tests.make import AT, make_user

SAVED_ELSEWHERE = Path(__file__).parent.parent / "data" / "sheets"
AT_COLUMN = {name: place for place, name in enumerate(COLUMNS, start=1)}


@pytest.fixture
def lines(statement_db):
    return list(sheet_lines(Statement.objects.get(), trade_officer()))


def trade_officer():
    return make_user(Role.OFFICER, Body.objects.get(code="TR-TRADE"))


def filled(lines, edits, language="en"):
    """The sheet with cells written over: {line: {column: value}}."""
    with translation.override(language):
        book = load_workbook(io.BytesIO(progress_sheet(lines, person=User(name="Ayşe"), at=AT)))
    for line, cells in edits.items():
        for name, value in cells.items():
            book.worksheets[0].cell(line, AT_COLUMN[name]).value = value
    return book


def read(book):
    out = io.BytesIO()
    book.save(out)
    return read_progress_sheet(out, out.tell())


def test_a_sheet_that_nobody_filled_in_says_nothing(lines):
    assert read(filled(lines, {})) == []


def test_it_holds_what_the_person_records_on_and_no_more(lines):
    own = Assignment.objects.filter(party__code="TR", lead__code="TR-TRADE")

    assert {line.assignment.pk for line in lines} == set(own.values_list("pk", flat=True))
    assert lines


def test_only_what_is_to_be_filled_in_is_open(lines):
    sheet = filled(lines, {}).worksheets[0]

    open_columns = {name for name in COLUMNS if not sheet.cell(2, AT_COLUMN[name]).protection.locked}
    assert sheet.protection.sheet
    assert open_columns == set(TO_FILL)


@pytest.mark.parametrize("language", ["en", "tr", "ms"])
def test_it_is_read_in_whatever_language_it_was_handed_out(lines, language):
    with translation.override(language):
        words = {"status": str(StatusWord.UNDER_WAY.label), "visibility": str(VisibilityWord.OWN.label)}
    book = filled(lines, {2: {**words, "text": "İş sürüyor"}}, language)

    (row,) = read(book)

    assert (row.status, row.visibility, row.text) == (Status.UNDER_WAY, Visibility.OWN, "İş sürüyor")
    assert (row.slug, row.ref, row.party) == ("turkiye-malaysia-hlsc-2026", lines[0].assignment.commitment.ref, "TR")


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
edits = st.dictionaries(
    st.integers(2, 4),
    st.fixed_dictionaries({"status": st.sampled_from(OFFERED), "text": texts, "next_steps": texts}),
)


@given(edits=edits, order=st.permutations(range(len(COLUMNS))))
def test_whatever_was_typed_comes_back_wherever_the_columns_went(edits, order):
    """Rows and columns in another order, as programs and people leave them."""
    words = {line: {**cells, "status": str(StatusWord(cells["status"]).label)} for line, cells in edits.items()}
    book = filled(three_lines(), words)
    for line in words:
        for name in ("text", "next_steps"):
            book.worksheets[0].cell(line, AT_COLUMN[name]).data_type = "s"
    source = [[(cell.value, cell.data_type) for cell in row] for row in book.worksheets[0].iter_rows()]
    for cells, values in zip(book.worksheets[0].iter_rows(), [source[0], *reversed(source[1:])], strict=True):
        for cell, place in zip(cells, order, strict=True):
            cell.value, cell.data_type = values[place]

    found = {row.ref: row for row in read(book)}

    for line, cells in edits.items():
        row = found[f"1.{line - 1}"]
        assert row.faults == ()
        assert (row.status, row.text, row.next_steps) == (
            cells["status"],
            cells["text"].strip(),
            cells["next_steps"].strip(),
        )


def three_lines():
    """Lines without a database."""
    statement = Statement(slug="a-statement")
    made = []
    for number in (1, 2, 3):
        commitment = Commitment(
            statement=statement, ref=f"1.{number}", title="Trade", start=0, end=1, paragraph=Paragraph(text="Trade")
        )
        part = Assignment(commitment=commitment, party=Party(code="TR", name="Türkiye"))
        made.append(SheetLine(part, None, ""))
    return made


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("status", "Gecikti", "I2: “Gecikti” is not a status"),
        ("status", "Not a status", "I2: “Not a status”"),
        ("text", "=1+1", "J2: holds a formula"),
        ("text", "#REF!", "J2: holds an error"),
        ("links", "nowhere", "L2: “nowhere” holds no link"),
        ("visibility", "everyone", "M2: “everyone” does not say"),
        ("key", "made up", "A2: The key of this row was changed"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(lines, column, value, words):
    (row,) = read(filled(lines, {2: {column: value}}))

    assert f"{row.faults[0].cell}: {row.faults[0].words}".startswith(words)


def test_a_row_that_was_added_and_one_that_is_there_twice_are_refused(lines):
    book = filled(lines, {2: {"text": "Once"}})
    sheet = book.worksheets[0]
    end = sheet.max_row
    sheet.cell(end + 1, AT_COLUMN["text"]).value = "A new one"
    for column in range(1, len(COLUMNS) + 1):
        sheet.cell(end + 2, column).value = sheet.cell(2, column).value

    rows = read(book)

    assert [len(row.faults) for row in rows] == [0, 1, 1]
    assert "was not in the file" in rows[1].faults[0].words
    assert "twice" in rows[2].faults[0].words


def test_numbers_and_dates_that_a_program_made_of_words_are_words_again(lines):
    (row,) = read(filled(lines, {2: {"text": 12, "next_steps": AT.replace(tzinfo=None)}}))

    assert (row.text, row.next_steps) == ("12", "2026-11-24T09:00:00")


def test_a_missing_column_is_named(lines):
    book = filled(lines, {})
    book.worksheets[0].delete_cols(AT_COLUMN["text"])

    with pytest.raises(ValidationError, match="New note"):
        read(book)


@pytest.mark.parametrize("name", sorted(path.name for path in SAVED_ELSEWHERE.glob("*.xlsx")))
def test_a_file_saved_by_another_program_is_read(name, statement_db):
    """Files of this product, filled in and saved by other programs."""
    with (SAVED_ELSEWHERE / name).open("rb") as file:
        rows = read_progress_sheet(file, (SAVED_ELSEWHERE / name).stat().st_size)

    assert [(row.ref, row.status, row.text) for row in rows] == [
        ("3.1", Status.UNDER_WAY, "Çalışma sürüyor, İstanbul"),
        ("3.2", Status.NOT_ASSESSED, "Only a note"),
    ]


@given(edits=edits)
def test_words_that_a_writer_keeps_in_the_cells_in_pieces_are_read(edits):
    """Other writers keep no table of words: each cell holds its own, in runs of several looks."""
    words = {line: {**cells, "status": str(StatusWord(cells["status"]).label)} for line, cells in edits.items()}
    book = filled(three_lines(), {})
    sheet = book.worksheets[0]
    for line, cells in words.items():
        for name, value in cells.items():
            cut = len(value) // 2
            runs = [TextBlock(InlineFont(b=True), value[:cut]), value[cut:]] if cut else [value]
            sheet.cell(line, AT_COLUMN[name]).value = CellRichText(*runs)

    found = {row.ref: row for row in read(book)}

    for line, cells in edits.items():
        row = found[f"1.{line - 1}"]
        assert (row.faults, row.text, row.next_steps) == ((), cells["text"].strip(), cells["next_steps"].strip())


def test_it_says_what_it_is(lines):
    key = filled(lines, {}).worksheets[1]
    said = "\n".join(str(cell.value) for cell in key["D"] if cell.value)

    assert "As it stood on 24 November 2026" in said
    assert "Commitments on which Ayşe records progress" in said


def test_a_file_of_another_kind_is_refused_in_words():
    for content in (b"not a workbook", b"%PDF-1.4 nothing"):
        with pytest.raises(ValidationError):
            read_progress_sheet(io.BytesIO(content), len(content))
