import html
import io
import re
import zipfile
from datetime import date

import openpyxl
import pypdf
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from commitments.actions.agenda import add_to_agenda
from commitments.actions.generating import Plan, generate
from commitments.actions.meeting import MeetingFacts, plan_meeting
from commitments.actions.milestone import MilestoneFacts, add_milestone
from commitments.actions.progress import NewEvidence, NewNote, give_confidence, record_progress
from commitments.domain.codes import Confidence, Precision, Role, Status, Visibility
from commitments.exchange.dossier_docx import dossier_docx
from commitments.exchange.dossier_pdf import dossier_pdf
from commitments.exchange.dossier_xlsx import dossier_xlsx
from commitments.models import Commitment, Paragraph, Section, Statement, User
from commitments.queries.dossier import dossier
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_statement, make_user

CANARY = "Kanaryaötüyor"
SHARED = "Görüşmeler başladı, İstanbul"
MAKERS = {"docx": dossier_docx, "pdf": dossier_pdf, "xlsx": dossier_xlsx}


@pytest.fixture
def commitment(db):
    commitment = make_commitment(due=(date(2028, 12, 31), "year", "text"))
    ours = make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    coordinator = make_user(Role.COORDINATOR, body=make_body("TR"), name=f"{CANARY} Person")
    own = NewNote(text=f"{CANARY} note", next_steps=f"{CANARY} steps", visibility=Visibility.OWN)
    record_progress(ours, NewNote(text=SHARED, status=Status.UNDER_WAY), by=coordinator, at=AT)
    link = NewEvidence(f"{CANARY} title", url=f"https://example.org/{CANARY}")
    record_progress(ours, NewNote(**{**_fields(own), "evidence": [link]}), by=coordinator, at=AT)
    give_confidence(ours, Confidence.OFF_TRACK, visibility=Visibility.OWN, by=coordinator, at=AT)
    for title, visibility in {"Draft sent": Visibility.BOTH, f"{CANARY} step": Visibility.OWN}.items():
        facts = MilestoneFacts(title, date(2027, 3, 31), Precision.QUARTER, visibility)
        add_milestone(ours, facts, by=coordinator, at=AT)
    return commitment


def _fields(note):
    return {"text": note.text, "next_steps": note.next_steps, "visibility": note.visibility}


def made(commitment, edition=None):
    party = commitment.statement.parties.get(code=edition) if edition else None
    rows = Commitment.objects.all()
    return dossier(commitment.statement, rows, edition=party, scope="All commitments", at=AT, today=TODAY)


def everything_in(content, kind):
    """All text of the file: every part of a zipped one, with its properties; text and properties of a PDF."""
    if kind != "pdf":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return html.unescape("\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist()))
    reader = pypdf.PdfReader(io.BytesIO(content))
    return f"{text_of(reader)} {reader.metadata} {reader.outline}"


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("kind", MAKERS)
def test_the_shared_edition_holds_nothing_of_one_side(commitment, kind):
    content = everything_in(MAKERS[kind](made(commitment)), kind)

    assert SHARED in content
    assert "Draft sent: Q1 2027" in content
    assert CANARY not in content
    assert "Off track" not in content
    assert "Shared edition" in content


@pytest.mark.parametrize("kind", MAKERS)
def test_the_other_sides_own_edition_holds_nothing_of_this_one(commitment, kind):
    content = everything_in(MAKERS[kind](made(commitment, "MY")), kind)

    assert CANARY not in content
    assert "Off track" not in content


@pytest.mark.parametrize("kind", MAKERS)
def test_the_own_edition_holds_the_own_notes_and_says_so_but_names_no_person(commitment, kind):
    content = everything_in(MAKERS[kind](made(commitment, "TR")), kind)

    assert f"{CANARY} note" in content
    assert f"{CANARY} step: Q1 2027 (Own side only)" in content
    assert "not for the other side" in content
    assert f"{CANARY} Person" not in content


@pytest.mark.parametrize("kind", MAKERS)
def test_a_year_is_never_told_as_its_last_day(commitment, kind):
    content = everything_in(MAKERS[kind](made(commitment)), kind)

    assert "2028" in content
    assert not re.search(r"31[ .]?(Dec|December|12)[ .]2028|2028-12-31", content)


def test_the_word_file_can_be_found_ones_way_in(commitment):
    document = Document(io.BytesIO(dossier_docx(made(commitment))))

    headings = [row.text for row in document.paragraphs if row.style.name.startswith("Heading")]
    assert [text for text in headings if text in ("Summary", "Contents", "Trade", "Paragraph 1")] == [
        "Summary",
        "Contents",
        "Trade",
        "Paragraph 1",
    ]
    xml = document.element.xml
    assert 'TOC \\o "1-2"' in xml
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables)
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for table in document.tables for row in table.rows)
    assert "Both sides (the less advanced): Not assessed 1" in xml  # the chart in words
    footer = document.sections[0].footer._element.xml
    assert "PAGE" in footer
    assert "NUMPAGES" in footer


def test_quotations_keep_the_language_of_the_statement(commitment):
    with translation.override("tr"):
        document = Document(io.BytesIO(dossier_docx(made(commitment))))

    def language(style):
        return document.styles[style].element.rPr.find(qn("w:lang")).get(qn("w:val"))

    assert (language("Normal"), language("Statement text"), language("Commitment words")) == ("tr-TR", "en-GB", "en-GB")


def test_the_pdf_is_tagged_and_its_turkish_letters_can_be_read(commitment):
    with translation.override("tr"):
        reader = pypdf.PdfReader(io.BytesIO(dossier_pdf(made(commitment))))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "tr"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert SHARED in text_of(reader)


def test_the_workbook_has_a_row_for_each_assignment(commitment):
    book = openpyxl.load_workbook(io.BytesIO(dossier_xlsx(made(commitment))))
    sheet = book.worksheets[0]

    assert sheet.max_row == 3
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:R3")
    assert sheet["M2"].value.date() == AT.date()
    assert sheet["L2"].value == "2028"
    assert sheet.data_validations.dataValidation[0].formula1 == "'Key'!$A$2:$A$9"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1"])
def test_no_note_becomes_a_formula(commitment, text):
    theirs = commitment.assignments.get(party__code="MY")
    steps = NewNote(text="Note", next_steps=text)
    record_progress(theirs, steps, by=make_user(Role.COORDINATOR, body=make_body("MY")), at=AT)

    sheet = openpyxl.load_workbook(io.BytesIO(dossier_xlsx(made(commitment)))).worksheets[0]

    assert sheet["O3"].value == text.strip()
    assert sheet["O3"].data_type == "s"
    assert sheet["O3"].quotePrefix


def test_markup_in_a_note_stays_text(commitment):
    theirs = commitment.assignments.get(party__code="MY")
    note = NewNote(text='#panic("x") *bold* <b>&amp;</b> $x$')
    record_progress(theirs, note, by=make_user(Role.COORDINATOR, body=make_body("MY")), at=AT)

    text = text_of(pypdf.PdfReader(io.BytesIO(dossier_pdf(made(commitment)))))

    assert '#panic("x") *bold* <b>&amp;</b> $x$' in text


def test_a_section_below_another_is_headed_by_both(db):
    statement = make_statement()
    parent = statement.sections.get()
    below = Section.objects.create(statement=statement, position=1, heading="Customs", level=2)
    text = "The Leaders agreed to ease the customs rules."
    paragraph = Paragraph.objects.create(
        statement=statement, section=below, position=2, number="2", text=text, sha256="0" * 64
    )
    make_assignment(make_commitment(statement), "TR")
    Commitment.objects.update(paragraph=paragraph, section=below)

    made_of = dossier(statement, Commitment.objects.all(), edition=None, scope="All", at=AT, today=TODAY)

    assert [chapter.heading for chapter in made_of.chapters] == [f"{parent} › Customs"]


@pytest.mark.parametrize("kind", MAKERS)
def test_the_command_writes_the_file(commitment, kind, tmp_path):
    out = tmp_path / f"dossier.{kind}"
    call_command("brief", commitment.statement.slug, format=kind, language="ms", output=out)

    assert out.read_bytes()[:4] in (b"PK\x03\x04", b"%PDF")


def test_the_command_knows_only_the_editions_that_there_are(commitment, tmp_path):
    with pytest.raises(CommandError, match=r"one of: \w\w, \w\w"):
        call_command("brief", commitment.statement.slug, edition="XX", output=tmp_path / "x.docx")


def test_the_command_takes_a_section_an_agenda_or_a_filter(commitment, tmp_path):
    make_assignment(make_commitment(commitment.statement, kind="position", title="Hold the line"), "TR")
    meeting = plan_meeting(commitment.statement, MeetingFacts("Commission", "Session"), by=coordinator(), at=AT)
    add_to_agenda(meeting, [commitment], by=coordinator(), at=AT)
    out = tmp_path / "dossier.docx"

    def titles(**scope):
        call_command("brief", commitment.statement.slug, edition="TR", output=out, **scope)
        text = everything_in(out.read_bytes(), "docx")
        return {title for title in ("Expand trade", "Hold the line") if title in text}

    assert titles(section=0) == {"Expand trade", "Hold the line"}
    assert titles(filter="kind=position") == {"Hold the line"}
    assert titles(agenda=meeting.pk) == {"Expand trade"}
    for wrong in ({"section": 7}, {"agenda": 10**6}, {"filter": "kind=x"}):
        with pytest.raises(CommandError):
            titles(**wrong)
    with pytest.raises(CommandError, match="your own side"):
        call_command("brief", commitment.statement.slug, agenda=meeting.pk, output=out)


def coordinator():
    return User.objects.filter(role=Role.COORDINATOR, body__party__code="TR").first()


def test_files_take_as_many_queries_with_64_commitments_as_with_640(db):
    counts = []
    for seed, number in ((1, 64), (2, 640)):
        list(generate(Plan(number, 3, seed, TODAY, people=20, per_statement=number)))
        statement = Statement.objects.get(slug=f"generated-{seed}-1")
        edition = statement.parties.first()
        with CaptureQueriesContext(connection) as asked:
            rows = Commitment.objects.filter(statement=statement)
            read = dossier(statement, rows, edition=edition, scope="All", at=AT, today=TODAY)
            for maker in MAKERS.values():
                maker(read)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 11


def test_what_another_side_wrote_down_says_so(commitment, settings):
    settings.SINGLE_PARTY = True
    ours = make_user(Role.COORDINATOR, body=make_body("TR"))
    User.objects.filter(body__party__code="MY").update(is_active=False)
    theirs = commitment.assignments.get(party__code="MY")
    record_progress(theirs, NewNote(text="Their ministry met."), by=ours, at=AT)

    for kind, maker in MAKERS.items():
        assert "as Malaysia reported" in " ".join(everything_in(maker(made(commitment)), kind).split())


def test_word_takes_page_styles_and_header_of_the_ministrys_template(commitment, settings, tmp_path):
    house = Document()
    house.add_paragraph("Delete me")
    house.sections[0].left_margin = Cm(4)
    house.sections[0].header.paragraphs[0].add_run("T.C. Dışişleri Bakanlığı")
    house.styles["Heading 1"].font.name = "Times New Roman"
    house.styles["Table Grid"].element.getparent().remove(house.styles["Table Grid"].element)
    house.save(tmp_path / "house.docx")
    settings.DOSSIER_TEMPLATE = str(tmp_path / "house.docx")

    word = Document(io.BytesIO(dossier_docx(made(commitment))))

    header = [line.text for line in word.sections[0].header.paragraphs]
    assert header[0] == "T.C. Dışişleri Bakanlığı"
    assert header[-1].startswith("Shared edition")
    assert round(word.sections[0].left_margin.cm) == 4
    assert word.styles["Heading 1"].font.name == "Times New Roman"
    assert "Delete me" not in [line.text for line in word.paragraphs]
    assert word.tables[0].style.name == "Table Grid"
