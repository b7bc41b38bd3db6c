"""What the database itself refuses, whoever writes and by whatever road."""

import re
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from commitments.actions.history import Fact, record_change
from commitments.models import (
    Act,
    Assignment,
    Change,
    Commitment,
    Evidence,
    Paragraph,
    ProgressNote,
    Section,
    Statement,
)
from commitments.models.locks import trigger_names
from tests.make import AT, make_assignment, make_commitment, make_statement, make_user

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, DatabaseError)


def refused(write):
    with pytest.raises(REFUSED), transaction.atomic():
        write()


def test_the_text_of_a_published_paragraph_cannot_be_changed():
    paragraph = make_statement().paragraphs.get()

    refused(lambda: Paragraph.objects.filter(pk=paragraph.pk).update(text="something else"))

    paragraph.refresh_from_db()
    assert paragraph.text.startswith("The Leaders agreed")


def test_a_published_paragraph_cannot_be_deleted_by_raw_sql():
    paragraph = make_statement().paragraphs.get()

    def delete():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM commitments_paragraph WHERE id = %s", [paragraph.pk])

    refused(delete)


def test_the_text_can_be_corrected_before_it_is_published():
    paragraph = make_statement(locked=False).paragraphs.get()

    Paragraph.objects.filter(pk=paragraph.pk).update(text="corrected")

    assert Paragraph.objects.get(pk=paragraph.pk).text == "corrected"


@pytest.mark.parametrize("field", ["title", "text", "sha256", "structure_sha256"])
def test_a_published_statement_stands_still(field):
    statement = make_statement()

    refused(lambda: Statement.objects.filter(pk=statement.pk).update(**{field: "x"}))


def test_a_published_statement_cannot_be_unlocked():
    statement = make_statement()

    refused(lambda: Statement.objects.filter(pk=statement.pk).update(locked_at=None))


def test_a_published_heading_cannot_be_changed():
    statement = make_statement()

    refused(lambda: Section.objects.filter(statement=statement).update(heading="x"))


@pytest.mark.parametrize("span", [{"start": 5, "end": 5}, {"start": 9, "end": 5}, {"start": 0, "end": 5000}])
def test_a_span_lies_in_its_paragraph(span):
    statement = make_statement()

    refused(lambda: make_commitment(statement, **span))


def test_a_span_cannot_be_moved_out_of_its_paragraph():
    commitment = make_commitment()

    refused(lambda: Commitment.objects.filter(pk=commitment.pk).update(end=5000))


def test_a_commitment_belongs_to_the_statement_of_its_paragraph():
    commitment, other = make_commitment(), make_statement()

    refused(lambda: Commitment.objects.filter(pk=commitment.pk).update(statement=other))


@pytest.mark.parametrize(
    "due",
    [
        (date(2026, 12, 31), None, None),
        (date(2026, 12, 31), "year", None),
        (None, "year", "text"),
        (date(2026, 12, 30), "year", "text"),
        (date(2026, 6, 30), "year", "text"),
        (date(2026, 11, 30), "quarter", "text"),
        (date(2026, 9, 30), "half", "text"),
        (date(2027, 2, 27), "month", "text"),
        (date(2028, 2, 28), "month", "text"),
        (date(2026, 12, 31), "decade", "text"),
    ],
)
def test_a_deadline_is_whole_and_ends_its_period(due):
    statement = make_statement()

    refused(lambda: make_commitment(statement, due=due))


@pytest.mark.parametrize(
    "due",
    [
        (date(2026, 11, 9), "day", "external"),
        (date(2027, 2, 28), "month", "set"),
        (date(2028, 2, 29), "month", "set"),
        (date(2026, 9, 30), "quarter", "text"),
        (date(2026, 6, 30), "half", "text"),
        (date(2028, 12, 31), "year", "text"),
    ],
)
def test_every_honest_deadline_is_accepted(due):
    assert make_commitment(due=due).deadline.due_on == due[0]


def test_a_party_has_one_assignment_in_a_commitment():
    assignment = make_assignment()

    refused(lambda: make_assignment(assignment.commitment))


def test_a_reference_is_given_once_in_a_statement():
    commitment = make_commitment()

    refused(lambda: make_commitment(commitment.statement, ref=commitment.ref))


def test_an_unknown_status_is_refused():
    refused(lambda: make_assignment(status="finished"))


def a_note():
    assignment = make_assignment()
    by = make_user(body=assignment.lead)
    note = ProgressNote.objects.create(
        assignment=assignment, text="A note", status_before="not_assessed", status="under_way", by=by, written_at=AT
    )
    Evidence.objects.create(note=note, title="A link", url="https://example.org/")
    record_change(Fact(Act.NOTE_ADDED, {}, {"note": note.pk}, assignment=assignment), by=by, at=AT)
    return note


@pytest.mark.parametrize(("model", "change"), [(ProgressNote, {"text": "x"}), (Evidence, {"title": "x"})])
def test_notes_and_evidence_are_append_only(model, change):
    a_note()

    refused(lambda: model.objects.update(**change))
    refused(lambda: model.objects.all()._raw_delete(model.objects.db))


def test_history_is_append_only_for_raw_sql_too():
    a_note()

    for sql in (
        "UPDATE commitments_change SET act = 'x'",
        "DELETE FROM commitments_change",
        "INSERT INTO commitments_change SELECT * FROM commitments_change",
    ):
        refused(lambda sql=sql: connection.cursor().execute(sql))
    assert Change.objects.count() == 1


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="INSERT OR REPLACE is SQLite's")
def test_insert_or_replace_does_not_walk_past_the_locks():
    a_note()

    columns = ", ".join(field.column for field in Change._meta.fields)
    same = ", ".join("'x'" if name == "act" else name for name in columns.split(", "))

    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        connection.cursor().execute(
            f"INSERT OR REPLACE INTO commitments_change ({columns}) SELECT {same} FROM commitments_change"
        )


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="TRUNCATE is PostgreSQL's")
def test_truncate_does_not_walk_past_the_locks():
    refused(lambda: connection.cursor().execute("TRUNCATE commitments_change CASCADE"))


def test_all_locks_are_in_the_database_after_the_last_migration():
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}

    assert trigger_names() <= present
    assert all(re.fullmatch(r"[a-z_]+", name) for name in trigger_names())


def test_the_rank_of_a_status_follows_the_order_of_advance():
    for status in ("done", "not_assessed", "under_way"):
        make_assignment(status=status)

    ranked = Assignment.objects.order_by("status_rank").values_list("status", flat=True)
    assert list(ranked) == ["not_assessed", "under_way", "done"]
