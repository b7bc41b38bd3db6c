from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from commitments.actions.confirmation import confirm, withdraw_confirmation
from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role, Status
from commitments.models import Change, Confirmation
from commitments.models.confirmation import confirmed_by_all
from tests.make import AT, make_assignment, make_body, make_commitment, make_user


@pytest.fixture
def commitment(db):
    commitment = make_commitment()
    make_assignment(commitment, "TR", status=Status.DONE)
    make_assignment(commitment, "MY", status=Status.BEING_HONOURED)
    return commitment


@pytest.fixture
def ours(db):
    return make_user(Role.COORDINATOR, make_body("TR"))


@pytest.fixture
def theirs(db):
    return make_user(Role.COORDINATOR, make_body("MY"))


def test_it_takes_a_coordinator_of_each_side(commitment, ours, theirs):
    confirm(commitment, by=ours, at=AT)
    assert confirmed_by_all([commitment.pk]) == set()

    confirm(commitment, by=theirs, at=AT)

    assert confirmed_by_all([commitment.pk]) == {commitment.pk}


def test_two_coordinators_of_one_side_are_one_side(commitment, ours):
    confirm(commitment, by=ours, at=AT)
    confirm(commitment, by=make_user(Role.COORDINATOR, make_body("TR")), at=AT)

    assert confirmed_by_all([commitment.pk]) == set()
    assert Confirmation.objects.count() == Change.objects.count() == 1


def test_one_side_alone_confirms_nothing_for_both(ours, db):
    commitment = make_commitment()
    make_assignment(commitment, "TR", status=Status.DONE)

    confirm(commitment, by=ours, at=AT)

    assert confirmed_by_all([commitment.pk]) == set()


@pytest.mark.parametrize("role", [Role.READER, Role.OFFICER, Role.MANAGER])
def test_others_cannot_confirm(role, commitment):
    with pytest.raises(PermissionDenied):
        confirm(commitment, by=make_user(role), at=AT)


def test_what_is_not_done_cannot_be_confirmed(commitment, ours):
    commitment.assignments.filter(party__code="MY").update(status=Status.UNDER_WAY)

    with pytest.raises(ValidationError) as refusal:
        confirm(commitment, by=ours, at=AT)

    assert refusal.value.code == "not_met"


def test_a_later_step_of_a_status_ends_it(commitment, ours, theirs):
    confirm(commitment, by=ours, at=AT)
    confirm(commitment, by=theirs, at=AT)
    part = commitment.assignments.get(party__code="TR")

    record_progress(part, NewNote(text="It broke", status=Status.UNDER_WAY), by=ours, at=AT + timedelta(days=1))

    assert confirmed_by_all([commitment.pk]) == set()


def test_it_can_be_taken_back(commitment, ours, theirs):
    confirm(commitment, by=ours, at=AT)
    confirm(commitment, by=theirs, at=AT)

    withdraw_confirmation(commitment, by=theirs, at=AT)

    assert confirmed_by_all([commitment.pk]) == set()
    assert Confirmation.objects.count() == 3


def test_a_confirmation_cannot_be_rewritten(commitment, ours):
    confirm(commitment, by=ours, at=AT)

    with pytest.raises(DatabaseError), transaction.atomic():
        Confirmation.objects.update(is_confirmed=False)
