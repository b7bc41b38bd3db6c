"""One government alone: its coordinator records what the other side reports, until that side comes in itself."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.actions.deadline import propose_date
from commitments.actions.progress import NewNote, give_confidence, record_progress
from commitments.domain.codes import Confidence, Precision, Role, Status, Visibility
from tests.make import AT, make_assignment, make_body, make_commitment, make_statement, make_user

HEARD = NewNote(text="Malaysia reports that talks began", status=Status.UNDER_WAY)


@pytest.fixture
def commitment(db, settings):
    settings.SINGLE_PARTY = True
    commitment = make_commitment()
    make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    return commitment


@pytest.fixture
def coordinator(commitment):
    return make_user(Role.COORDINATOR, make_body("TR"))


def theirs(commitment):
    return commitment.assignments.get(party__code="MY")


def test_the_coordinator_records_what_the_other_side_reports(commitment, coordinator):
    note = record_progress(theirs(commitment), HEARD, by=coordinator, at=AT)

    assert (note.by, note.status) == (coordinator, "under_way")


def test_it_is_for_all_sides_to_read(commitment, coordinator):
    with pytest.raises(ValidationError) as refusal:
        record_progress(theirs(commitment), NewNote(text="Hm", visibility=Visibility.OWN), by=coordinator, at=AT)

    assert refusal.value.code == "not_own"


@pytest.mark.parametrize("role", [Role.READER, Role.OFFICER, Role.MANAGER])
def test_nobody_else_does(role, commitment):
    with pytest.raises(PermissionDenied):
        record_progress(theirs(commitment), HEARD, by=make_user(role, make_body("TR")), at=AT)


def test_it_ends_with_the_first_account_of_the_other_side(commitment, coordinator):
    make_user(Role.READER, make_body("MY"))

    with pytest.raises(PermissionDenied):
        record_progress(theirs(commitment), HEARD, by=coordinator, at=AT)


def test_it_is_off_unless_the_installation_says_so(commitment, coordinator, settings):
    settings.SINGLE_PARTY = False

    with pytest.raises(PermissionDenied):
        record_progress(theirs(commitment), HEARD, by=coordinator, at=AT)


def test_statements_of_others_stay_closed(coordinator):
    foreign = make_assignment(make_commitment(make_statement(("MY", "QA"))), "MY")

    with pytest.raises(PermissionDenied):
        record_progress(foreign, HEARD, by=coordinator, at=AT)


def test_the_other_sides_confidence_is_not_the_coordinators_to_give(commitment, coordinator):
    with pytest.raises(PermissionDenied):
        give_confidence(theirs(commitment), Confidence.ON_TRACK, visibility=Visibility.BOTH, by=coordinator, at=AT)


def test_a_date_moves_by_the_one_coordinator_there_is(commitment, coordinator):
    propose_date(
        commitment,
        date(2027, 5, 1),
        Precision.YEAR,
        reason="As heard",
        visibility=Visibility.BOTH,
        by=coordinator,
        at=AT,
    )

    commitment.refresh_from_db()
    assert commitment.due_on == date(2027, 12, 31)
