"""Taking back what was just recorded: a new row, never a deleted one, and only where nobody was there since."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.actions.assignment import name_officer
from commitments.actions.history import broken_links
from commitments.actions.progress import NewEvidence, NewNote, confirm_nothing_new, record_progress
from commitments.actions.takeback import UNDO_FOR, take_back
from commitments.actions.update_request import ask_for_update
from commitments.domain.codes import Role, Status, Visibility
from commitments.models import Act, Assignment, Change, ProgressNote
from tests.make import AT, make_assignment, make_body, make_user

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)


@pytest.fixture
def part():
    return make_assignment(lead=make_body())


@pytest.fixture
def officer(part):
    return make_user(Role.OFFICER, part.lead)


def state(part):
    row = Assignment.objects.get(pk=part.pk)
    return row.status, row.status_since, row.last_word_at, row.last_shared_word_at, row.update_due_on


def recorded(part, officer, *, at=AT, **new):
    return record_progress(part, NewNote(**new), by=officer, at=at)


@pytest.mark.parametrize("visibility", Visibility)
def test_the_part_is_again_as_it_was_and_both_rows_stay(part, officer, visibility):
    recorded(part, officer, text="First", status=Status.UNDER_WAY, at=AT - timedelta(days=3))
    before = state(part)
    note = recorded(part, officer, text="Oh", status=Status.ON_HOLD, visibility=visibility)

    undoing = take_back(note, by=officer, at=LATER, version=note.assignment.version)

    assert state(part) == before
    assert ProgressNote.objects.count() == 3
    assert undoing.takes_back == note
    assert list(ProgressNote.objects.standing()) == [ProgressNote.objects.get(text="First")]
    steps = Change.objects.filter(at=LATER).order_by("seq")
    assert [(step.act, step.visibility, step.after.get("status")) for step in steps] == [
        (Act.TAKEN_BACK, visibility, None),
        (Act.STATUS_CHANGED, Visibility.BOTH, "under_way"),
    ]
    assert list(broken_links()) == []


def test_nothing_new_taken_back_counts_as_no_word(part, officer):
    before = state(part)
    note = confirm_nothing_new(part, by=officer, at=AT)

    take_back(note, by=officer, at=LATER, version=note.assignment.version)

    assert state(part)[2:4] == (None, None)
    assert state(part)[0] == before[0]


def test_a_second_click_writes_nothing(part, officer):
    note = recorded(part, officer, status=Status.UNDER_WAY)

    first = take_back(note, by=officer, at=LATER, version=note.assignment.version)
    second = take_back(note, by=officer, at=LATER, version=note.assignment.version)

    assert first == second
    assert ProgressNote.objects.count() == 2


@pytest.mark.parametrize("meanwhile", ["note", "officer"])
def test_what_somebody_changed_since_is_left_alone(part, officer, meanwhile):
    note = recorded(part, officer, status=Status.UNDER_WAY)
    manager = make_user(Role.MANAGER, part.lead)
    version = note.assignment.version
    if meanwhile == "note":
        recorded(part, manager, text="More", at=LATER)
    else:
        name_officer(part, officer, by=manager, at=LATER)

    with pytest.raises(ValidationError, match="somebody has changed this since") as refusal:
        take_back(note, by=officer, at=LATER, version=version)

    assert refusal.value.code == "conflict"
    assert state(part)[0] == Status.UNDER_WAY


def test_it_is_too_late_after_half_an_hour(part, officer):
    note = recorded(part, officer, status=Status.UNDER_WAY)

    with pytest.raises(ValidationError, match="too late"):
        take_back(note, by=officer, at=AT + UNDO_FOR + timedelta(seconds=1), version=note.assignment.version)


def test_only_who_wrote_it_takes_it_back_and_only_while_it_may_write(part, officer):
    note = recorded(part, officer, status=Status.UNDER_WAY)
    manager = make_user(Role.MANAGER, part.lead)

    with pytest.raises(PermissionDenied):
        take_back(note, by=manager, at=LATER, version=note.assignment.version)
    officer.role = Role.READER
    with pytest.raises(PermissionDenied):
        take_back(note, by=officer, at=LATER, version=note.assignment.version)


def test_what_takes_back_cannot_be_taken_back(part, officer):
    note = recorded(part, officer, status=Status.UNDER_WAY)
    undoing = take_back(note, by=officer, at=LATER, version=note.assignment.version)

    with pytest.raises(PermissionDenied):
        take_back(undoing, by=officer, at=LATER, version=undoing.assignment.version)


def test_evidence_that_was_taken_back_proves_nothing(part, officer):
    note = recorded(
        part, officer, text="Done", status=Status.DONE, evidence=[NewEvidence("Paper", url="https://example.org")]
    )
    take_back(note, by=officer, at=LATER, version=note.assignment.version)

    with pytest.raises(ValidationError, match="needs evidence"):
        recorded(part, officer, text="Done", status=Status.DONE, at=LATER)


def test_a_question_that_was_answered_by_mistake_is_open_again(part, officer):
    request = ask_for_update(part, by=make_user(Role.MANAGER, part.lead), at=AT)
    note = confirm_nothing_new(part, by=officer, at=AT)
    version = Assignment.objects.get(pk=part.pk).version

    take_back(note, by=officer, at=LATER, version=version)

    assert list(part.update_requests.open()) == [request]
