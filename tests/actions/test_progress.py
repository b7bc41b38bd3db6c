import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from commitments.actions.progress import (
    MAX_TEXT,
    NewEvidence,
    NewNote,
    confirm_nothing_new,
    give_confidence,
    record_progress,
)
from commitments.domain.codes import Cadence, Confidence, Role, Status, Visibility
from commitments.models import Act, Change, ProgressNote
from tests.make import AT, make_assignment, make_body, make_user

LINK = NewEvidence(title="Report", url="https://example.org/report")


@pytest.fixture
def assignment(db):
    return make_assignment()


@pytest.fixture
def officer(assignment):
    return make_user(body=assignment.lead)


@pytest.fixture
def coordinator(assignment):
    return make_user(Role.COORDINATOR)


def test_a_note_moves_the_status_and_the_next_date(assignment, officer):
    note = record_progress(assignment, NewNote(text="Talks began", status=Status.UNDER_WAY), by=officer, at=AT)

    assignment.refresh_from_db()
    assert (assignment.status, assignment.status_since) == ("under_way", AT.date())
    assert assignment.last_word_at == note.written_at == AT
    assert assignment.update_due_on == date(2027, 2, 24)
    assert assignment.version == 1


def test_a_note_is_kept_as_typed_but_for_control_characters(assignment, officer):
    note = record_progress(assignment, NewNote(text="  İlk\r\nadım\x00 \ud800 "), by=officer, at=AT)

    note.refresh_from_db()
    assert note.text == "İlk\nadım ?"


def test_history_tells_the_note_and_the_step(assignment, officer):
    record_progress(assignment, NewNote(text="Talks began", status=Status.UNDER_WAY), by=officer, at=AT)

    rows = list(Change.objects.order_by("seq").values_list("act", "before", "after__status", "by"))
    assert rows[0][0] == Act.NOTE_ADDED
    assert rows[1] == (Act.STATUS_CHANGED, {"status": "not_assessed"}, "under_way", officer.pk)


def test_the_other_side_sees_the_step_but_not_the_own_side_note(assignment, officer):
    new = NewNote(text="Inside only", status=Status.UNDER_WAY, visibility=Visibility.OWN)
    record_progress(assignment, new, by=officer, at=AT)
    stranger = make_user(body=make_body("MY"))

    assignment.refresh_from_db()
    assert list(Change.objects.visible_to(stranger).values_list("act", "note")) == [(Act.STATUS_CHANGED, None)]
    assert not ProgressNote.objects.visible_to(stranger).exists()
    assert (assignment.last_word_at, assignment.last_shared_word_at) == (AT, None)
    assert assignment.update_due_on != assignment.shared_update_due_on


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewNote(), "empty"),
        (NewNote(text=" \n\x00 "), "empty"),
        (NewNote(status=Status.NOT_ASSESSED), "empty"),
        (NewNote(text="x" * (MAX_TEXT + 1)), "too_long"),
        (NewNote(text="ok", next_steps="x" * (MAX_TEXT + 1)), "too_long"),
        (NewNote(status=Status.ON_HOLD), "needs_note"),
        (NewNote(status=Status.DONE, evidence=[LINK]), "needs_note"),
        (NewNote(text="Finished", status=Status.DONE), "needs_evidence"),
        (NewNote(text="Finished", status=Status.DONE, waiver="trust me"), "needs_evidence"),
        (NewNote(text="Given up", status=Status.NOT_PURSUED), "needs_coordinator"),
    ],
)
def test_a_refused_step_leaves_no_trace(assignment, officer, new, code):
    with pytest.raises(ValidationError) as refusal:
        record_progress(assignment, new, by=officer, at=AT)

    assignment.refresh_from_db()
    assert refusal.value.code == code
    assert (assignment.status, assignment.version) == ("not_assessed", 0)
    assert not ProgressNote.objects.exists()
    assert not Change.objects.exists()


def test_done_is_accepted_with_evidence(assignment, officer):
    record_progress(assignment, NewNote(text="Finished", status=Status.DONE, evidence=[LINK]), by=officer, at=AT)

    assignment.refresh_from_db()
    assert (assignment.status, assignment.update_due_on) == ("done", None)


def test_done_is_accepted_on_evidence_given_before(assignment, officer):
    record_progress(assignment, NewNote(text="Draft signed", evidence=[LINK]), by=officer, at=AT)
    record_progress(assignment, NewNote(text="Finished", status=Status.DONE), by=officer, at=AT)

    assignment.refresh_from_db()
    assert assignment.status == "done"


def test_a_coordinator_may_waive_the_evidence(assignment, coordinator):
    new = NewNote(text="Finished", status=Status.DONE, waiver="Agreed by telephone")
    note = record_progress(assignment, new, by=coordinator, at=AT)

    assert note.waiver == "Agreed by telephone"


def test_a_coordinator_may_give_it_up_with_a_reason(assignment, coordinator):
    record_progress(assignment, NewNote(text="No budget", status=Status.NOT_PURSUED), by=coordinator, at=AT)

    assignment.refresh_from_db()
    assert assignment.status == "not_pursued"


@pytest.mark.parametrize(
    ("role", "party"),
    [(Role.OFFICER, "TR"), (Role.MANAGER, "TR"), (Role.OFFICER, "MY"), (Role.COORDINATOR, "MY")],
)
def test_people_of_other_bodies_and_of_the_other_side_may_not_write(assignment, role, party):
    stranger = make_user(role, body=make_body(party))

    with pytest.raises(PermissionDenied):
        record_progress(assignment, NewNote(text="x"), by=stranger, at=AT)
    with pytest.raises(PermissionDenied):
        confirm_nothing_new(assignment, by=stranger, at=AT)


def test_a_reader_of_the_lead_body_may_not_write(assignment):
    reader = make_user(Role.READER, body=assignment.lead)

    with pytest.raises(PermissionDenied):
        record_progress(assignment, NewNote(text="x"), by=reader, at=AT)


def test_the_second_of_two_who_opened_the_same_version_is_told(assignment, officer, coordinator):
    record_progress(assignment, NewNote(text="First"), by=officer, at=AT, version=0)

    with pytest.raises(ValidationError) as refusal:
        record_progress(assignment, NewNote(text="Second"), by=coordinator, at=AT, version=0)

    assert refusal.value.code == "conflict"
    assert ProgressNote.objects.count() == 1


def test_a_double_click_saves_the_note_once(assignment, officer):
    new = NewNote(text="Talks began", status=Status.UNDER_WAY)

    first = record_progress(assignment, new, by=officer, at=AT, version=0)
    second = record_progress(assignment, new, by=officer, at=AT + timedelta(seconds=1), version=0)

    assert first == second
    assert ProgressNote.objects.count() == 1


def test_nothing_new_counts_as_an_update_and_leaves_the_status(assignment, officer):
    confirm_nothing_new(assignment, by=officer, at=AT)

    assignment.refresh_from_db()
    assert (assignment.status, assignment.last_shared_word_at) == ("not_assessed", AT)
    assert Change.objects.get().act == Act.NOTHING_NEW


def test_confidence_stays_on_the_own_side_unless_shared(assignment):
    manager = make_user(Role.MANAGER, body=assignment.lead)
    stranger = make_user(body=make_body("MY"))

    give_confidence(assignment, Confidence.AT_RISK, visibility=Visibility.OWN, by=manager, at=AT)
    assert not Change.objects.visible_to(stranger).exists()

    give_confidence(assignment, Confidence.OFF_TRACK, visibility=Visibility.BOTH, by=manager, at=AT)
    shared = Change.objects.visible_to(stranger).get()
    assert (shared.before, shared.after) == ({}, {"confidence": "off_track"})


def test_an_officer_may_not_give_confidence(assignment, officer):
    with pytest.raises(PermissionDenied):
        give_confidence(assignment, Confidence.AT_RISK, visibility=Visibility.OWN, by=officer, at=AT)


def test_a_yearly_cadence_gives_a_year(db):
    assignment = make_assignment(cadence=Cadence.YEARLY)
    officer = make_user(body=assignment.lead)

    confirm_nothing_new(assignment, by=officer, at=datetime(2028, 2, 29, 9, tzinfo=UTC))

    assignment.refresh_from_db()
    assert assignment.update_due_on == date(2029, 2, 28)


def test_of_many_who_save_at_once_one_wins_and_none_is_lost(fresh_database):
    assignment = make_assignment()
    people = [make_user(body=assignment.lead) for _ in range(6)]
    outcomes = []
    start = threading.Barrier(len(people))

    def save(person):
        start.wait()
        try:
            record_progress(assignment, NewNote(text=f"From {person.pk}"), by=person, at=AT, version=0)
            outcomes.append("saved")
        except ValidationError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["conflict"] * 5 + ["saved"]
    assert ProgressNote.objects.count() == Change.objects.count() == 1
