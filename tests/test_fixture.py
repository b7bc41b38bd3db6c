"""The statement of 7 January 2026 as it is loaded."""

import hashlib
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pypdf import PdfReader

from commitments.actions.demo import Sample, load_demo
from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Status
from commitments.domain.text import plain_spaces, sha256
from commitments.models import (
    Assignment,
    Body,
    Change,
    Commitment,
    Measurement,
    Meeting,
    MeetingState,
    Paragraph,
    ProgressNote,
    Score,
    Statement,
    User,
)
from tests.make import AT, make_user

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = (ROOT / "tests" / "data" / "published_text.txt").read_text("utf-8")
HEADINGS = [
    "",
    "Deepening Comprehensive Strategic Partnership",
    "Advancing Economic Cooperation, Investments and Connectivity",
    "Enhancing Defence and Security Cooperation",
    "Working Together on Energy, Climate Change, Sustainable Development, and Emerging Technologies",
    "Strengthening People-to-People Ties",
    "Joint Efforts in the Field of Media and Communication",
    "Cooperation on Family, Social Development, and Inclusive Social Protection Policies",
    "Cooperation on Regional and Global Issues",
    "Looking Ahead",
]


@pytest.fixture
def statement(statement_db):
    return Statement.objects.get()


def body_of_the_page():
    """The published page from paragraph 1 to the source line, blanks as spaces."""
    page = plain_spaces(PUBLISHED)
    return page[page.index("1. H.E. Recep") : page.index("Source:")].strip()


def test_the_paragraphs_and_headings_together_are_the_published_text(statement):
    pieces, section = [], None
    for paragraph in statement.paragraphs.select_related("section"):
        if paragraph.section != section and paragraph.section.heading:
            pieces.append(paragraph.section.heading)
        section = paragraph.section
        pieces.append(f"{paragraph.number}. {paragraph.text}")

    assert "\n\n".join(pieces) == body_of_the_page()
    assert statement.text == PUBLISHED
    assert statement.sha256 == sha256(PUBLISHED)


def test_the_counts_are_those_of_the_statement(statement):
    assert list(statement.sections.values_list("heading", flat=True)) == HEADINGS
    assert statement.paragraphs.count() == 20
    assert statement.commitments.count() == 64
    assert Body.objects.count() == 36
    assert [party.code for party in statement.parties.order_by("adoptions__position")] == ["TR", "MY"]


def test_every_quote_is_the_words_of_its_paragraph(statement):
    source = json.loads((ROOT / "fixtures/sources/turkiye_malaysia_2026/breakdown.json").read_text("utf-8"))
    quotes = {row["ref"]: row["quote"] for row in source["commitments"]}

    rows = Commitment.objects.select_related("paragraph")
    assert {row.ref: row.quote for row in rows} == quotes


@pytest.mark.parametrize("number", ["2", "13", "15", "20"])
def test_sub_paragraphs_keep_their_breaks(statement, number):
    assert "\n\n" in statement.paragraphs.get(number=number).text


def test_slips_stand_as_printed_and_no_break_spaces_are_spaces(statement):
    assert "projectsin" in statement.paragraphs.get(number="6").text
    assert not Paragraph.objects.filter(text__contains="\u00a0").exists()


@pytest.mark.parametrize(
    ("ref", "due_on", "precision", "basis"),
    [
        ("20.2", date(2026, 12, 31), "year", "text"),
        ("20.4", date(2028, 12, 31), "year", "text"),
        ("9.2", date(2026, 11, 9), "day", "external"),
        ("3.1", None, None, None),
    ],
)
def test_dates_have_the_precision_and_basis_of_the_text(statement, ref, due_on, precision, basis):
    row = statement.commitments.get(ref=ref)

    assert (row.due_on, row.due_precision, row.due_basis) == (due_on, precision, basis)


def test_each_bound_party_has_an_assignment_with_a_suggested_lead(statement):
    assert Assignment.objects.count() == 61 * 2 + 3
    assert not Assignment.objects.filter(lead=None).exists()
    assert not Assignment.objects.filter(lead_is_suggested=False).exists()
    assert list(Assignment.objects.filter(commitment__ref="13.1").values_list("party__code", "lead__code")) == [
        ("TR", "TR-KTB")
    ]


def test_loading_twice_doubles_nothing_and_overwrites_nothing(statement):
    assignment = Assignment.objects.get(commitment__ref="20.2", party__code="TR")
    officer = make_user(body=assignment.lead)
    record_progress(assignment, NewNote(text="Dates proposed", status=Status.UNDER_WAY), by=officer, at=AT)

    call_command("loaddata", "turkiye_malaysia_2026", verbosity=0)

    assignment.refresh_from_db()
    assert assignment.status == "under_way"
    assert (Commitment.objects.count(), Assignment.objects.count(), Paragraph.objects.count()) == (64, 125, 20)


def test_the_fixture_is_what_its_sources_make(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    name = "turkiye_malaysia_2026"
    sources = tmp_path / "fixtures" / "sources" / name
    sources.mkdir(parents=True)
    for path in (ROOT / "fixtures" / "sources" / name).iterdir():
        (sources / path.name).write_bytes(path.read_bytes())

    call_command("build_fixture", name, verbosity=0)

    made = (tmp_path / "fixtures" / f"{name}.json").read_text("utf-8")
    assert made == (ROOT / "fixtures" / f"{name}.json").read_text("utf-8")


def test_a_quote_that_is_not_the_text_stops_the_build(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    sources = tmp_path / "fixtures" / "sources" / "bent"
    sources.mkdir(parents=True)
    for path in (ROOT / "fixtures" / "sources" / "turkiye_malaysia_2026").iterdir():
        (sources / path.name).write_bytes(path.read_bytes())
    breakdown = json.loads((sources / "breakdown.json").read_text("utf-8"))
    breakdown["commitments"][3]["start"] += 1
    (sources / "breakdown.json").write_text(json.dumps(breakdown), "utf-8")

    with pytest.raises(CommandError, match=r"3\.1: the quote is not the text"):
        call_command("build_fixture", "bent")


def test_check_texts_verifies_and_finds_an_altered_paragraph(statement, capsys):
    call_command("check_texts")
    assert "20 paragraphs" in capsys.readouterr().out

    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON commitments_paragraph"
        cursor.execute(f"DROP TRIGGER commitments_paragraph_locked_update{on}")
        cursor.execute("UPDATE commitments_paragraph SET text = 'bent' WHERE number = '11'")
    with pytest.raises(CommandError):
        call_command("check_texts")
    told = capsys.readouterr().err
    assert "paragraph 11 was altered" in told
    assert "commitments_paragraph_locked_update is missing" in told


@pytest.fixture
def sample(statement):
    content = json.loads((ROOT / "fixtures" / "demo.json").read_text("utf-8"))
    return Sample(content, AT)


def test_sample_data_covers_about_a_third_and_is_marked(sample):
    assert load_demo(sample)

    answered = Assignment.objects.exclude(status="not_assessed").count()
    assert 0.3 <= answered / Assignment.objects.count() <= 0.4
    assert not ProgressNote.objects.filter(is_sample=False).exists()
    assert not Measurement.objects.filter(is_sample=False).exists()
    assert not User.objects.filter(is_sample=False).exists()
    roles = {(user.role, user.body.party.code) for user in User.objects.exclude(body=None)}
    assert roles == {
        (role, party) for role in ("reader", "officer", "manager", "coordinator") for party in ("TR", "MY")
    }


def test_sample_data_is_loaded_once_and_has_its_history(sample):
    load_demo(sample)
    changes = Change.objects.count()

    assert not load_demo(sample)
    assert Change.objects.count() == changes > 90


def test_the_sample_holds_closed_meetings_and_one_to_come(sample_db):
    """They are frozen as it stood at their close; what one carried over is on the next one's agenda."""
    first, closed, coming = Meeting.objects.order_by("pk")

    assert first.state == closed.state == MeetingState.CLOSED
    assert closed.dossier.sha256 == hashlib.sha256(bytes(closed.dossier.content)).hexdigest()
    assert Score.objects.filter(item__meeting=closed).count() == 10
    assert closed.decisions.count() == 4
    assert coming.state == MeetingState.PLANNED
    assert coming.is_shared
    carried = coming.items.standing().filter(carried_from__meeting=closed)
    assert set(carried.values_list("commitment__ref", flat=True)) == {"3.1", "6.1", "13.3", "20.2"}
    assert {point.shared_at is None for item in coming.items.all() for point in item.points.all()} == {True, False}
    late = ProgressNote.objects.filter(assignment__commitment__ref="4.4").earliest("written_at")
    assert late.written_at > closed.closed_at
    pages = PdfReader(io.BytesIO(bytes(closed.dossier.content))).pages
    assert "initialled" not in " ".join(page.extract_text() for page in pages)
