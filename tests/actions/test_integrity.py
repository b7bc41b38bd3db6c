import pytest
from django.core import mail
from django.db import connection

from commitments.actions.integrity import faults_found
from commitments.actions.progress import NewNote, record_progress
from commitments.models.locks import APPEND_ONLY, statements
from commitments.tasks.integrity import check_texts
from tests.make import AT, make_assignment, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def administrator(settings):
    settings.ADMINS = [("Administrator", "admin@example.org")]


def rewrite(sql):
    """What somebody with the keys to the database could do: take the locks off, write, put them on again."""
    table = "commitments_change"
    assert table in APPEND_ONLY
    connection.check_constraints()  # PostgreSQL alters no table while checks of this transaction are pending
    with connection.cursor() as cursor:
        for event in ("update", "delete", "insert"):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {table}_append_{event}{on}")
        for line in sql.split(";"):
            cursor.execute(line)
        connection.check_constraints()
        for line in statements(connection.vendor, table):
            cursor.execute(line)


def copied(seq, to):
    """A row like the one of `seq`, put in as row `to` by somebody who has no key for its seal."""
    names = "at, by_id, act, statement_id, commitment_id, assignment_id, note_id, party_id, visibility, previous_hash"
    columns = f'{names}, "before", "after"'
    return (
        f"INSERT INTO commitments_change (seq, hash, {columns}) "
        f"SELECT {to}, '{'f' * 64}', {columns} FROM commitments_change WHERE seq = {seq}"
    )


def write_some():
    assignment = make_assignment()
    officer = make_user(body=assignment.lead)
    for number in range(3):
        record_progress(assignment, NewNote(text=f"Note {number}"), by=officer, at=AT)


def test_all_is_well_and_nobody_is_mailed():
    write_some()

    check_texts()

    assert list(faults_found()) == []
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE commitments_change SET act = 'nothing_new' WHERE seq = 2", "row 2 was altered"),
        ("DELETE FROM commitments_change WHERE seq = 2", "rows 2 to 2 are missing"),
        ("DELETE FROM commitments_change WHERE seq = 3", "should end at row 3"),
        (copied(3, to=4), "should end at row 3 and ends at row 4"),
        (f"UPDATE commitments_change SET seq = 4 WHERE seq = 3; {copied(2, to=3)}", "row 3 was altered"),
    ],
)
def test_what_was_altered_removed_or_put_in_is_mailed_to_the_administrator(sql, said):
    write_some()
    rewrite(sql)

    check_texts()

    assert [sent.to for sent in mail.outbox] == [["admin@example.org"]]
    assert said in mail.outbox[0].body


def test_a_lock_that_was_taken_off_is_found():
    on = " ON commitments_change" if connection.vendor == "postgresql" else ""
    connection.cursor().execute(f"DROP TRIGGER commitments_change_append_update{on}")

    assert list(faults_found()) == ["the lock commitments_change_append_update is missing from the database"]
