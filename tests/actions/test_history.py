import threading

import pytest
from django.db import connection, transaction

from commitments.actions.history import Fact, broken_links, record_change
from commitments.actions.progress import NewNote, record_progress
from commitments.models import Act, Change, HistoryHead, locks
from tests.make import AT, make_assignment, make_user


@pytest.fixture
def five_notes(db):
    assignment = make_assignment()
    officer = make_user(body=assignment.lead)
    for number in range(5):
        record_progress(assignment, NewNote(text=f"Note {number}"), by=officer, at=AT)


def without_locks(sql):
    """What somebody does who owns the database: drop the triggers, write, put them back."""
    with connection.cursor() as cursor:
        for name in [name for name in locks.trigger_names() if name.startswith("commitments_change")]:
            on = "" if connection.vendor == "sqlite" else " ON commitments_change"
            cursor.execute(f"DROP TRIGGER {name}{on}")
        cursor.execute(sql)


def test_an_untouched_history_verifies(five_notes):
    assert list(broken_links()) == []


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        ("UPDATE commitments_change SET act = 'nothing_new' WHERE seq = 3", "row 3 was altered"),
        ("UPDATE commitments_change SET by_id = NULL WHERE seq = 2", "row 2 was altered"),
        ("DELETE FROM commitments_change WHERE seq = 3", "rows 3 to 3 are missing"),
        ("DELETE FROM commitments_change WHERE seq = 5", "should end at row 5"),
    ],
)
def test_a_bent_history_shows(five_notes, sql, finding):
    without_locks(sql)

    assert any(finding in fault for fault in broken_links())


def test_a_row_put_in_between_shows(five_notes):
    columns = [field.column for field in Change._meta.fields if field.column not in ("id", "seq", "hash")]
    names = ", ".join(columns)
    without_locks("UPDATE commitments_change SET seq = seq + 1 WHERE seq > 4")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO commitments_change (id, seq, hash, {names})"
            f" SELECT id + 1000, 5, 'forged', {names} FROM commitments_change WHERE seq = 4"
        )

    assert any("row 5" in fault for fault in broken_links())


def test_another_key_does_not_verify(five_notes, settings):
    settings.HISTORY_KEY = "another"

    assert len(list(broken_links())) == 5


def test_a_refused_action_takes_its_history_back(db):
    with transaction.atomic():
        record_change(Fact(Act.PERSON_CHANGED, {}, {}), by=None, at=AT)
        transaction.set_rollback(True)

    assert not Change.objects.exists()
    assert HistoryHead.objects.get().seq == 0


def test_many_writers_at_once_make_one_chain(fresh_database):
    assignments = [make_assignment() for _ in range(6)]
    people = [make_user(body=assignment.lead) for assignment in assignments]
    start = threading.Barrier(6)

    def write(assignment, person):
        start.wait()
        try:
            for number in range(5):
                record_progress(assignment, NewNote(text=f"Note {number}"), by=person, at=AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=pair) for pair in zip(assignments, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Change.objects.count() == HistoryHead.objects.get().seq == 30
    assert list(broken_links()) == []
