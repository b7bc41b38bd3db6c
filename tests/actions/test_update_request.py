"""Asking for an update: who may, once at a time, and what answers it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.actions.progress import NewNote, confirm_nothing_new, record_progress
from commitments.actions.update_request import ask_for_update, withdraw_request
from commitments.domain.codes import Role, Status
from commitments.models import Act, Change, UpdateRequest, UpdateRequestState
from tests.make import AT, make_assignment, make_body, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return make_body("TR", "TR-MOT")


@pytest.fixture
def officer(body):
    return make_user(Role.OFFICER, body)


@pytest.fixture
def manager(body):
    return make_user(Role.MANAGER, body)


@pytest.fixture
def coordinator():
    return make_user(Role.COORDINATOR, make_body("TR"))


@pytest.fixture
def part(body, officer):
    return make_assignment(None, "TR", body, officer=officer)


def code_of(refused):
    return refused.value.code


def test_a_manager_of_the_lead_body_and_a_coordinator_ask(part, manager, coordinator):
    asked = ask_for_update(part, text=" What came of it?\r\n", by=manager, at=AT)
    withdraw_request(asked, by=manager, at=AT)
    ask_for_update(part, by=coordinator, at=AT)

    assert [row.text for row in UpdateRequest.objects.order_by("pk")] == ["What came of it?", ""]
    acts = Change.objects.order_by("seq").values_list("act", "visibility", "party__code")
    assert list(acts) == [
        (Act.UPDATE_ASKED, "own", "TR"),
        (Act.REQUEST_WITHDRAWN, "own", "TR"),
        (Act.UPDATE_ASKED, "own", "TR"),
    ]


@pytest.mark.parametrize(
    ("role", "side"),
    [(Role.READER, "TR-MOT"), (Role.OFFICER, "TR-MOT"), (Role.MANAGER, "TR-X"), (Role.COORDINATOR, "MY-X")],
)
def test_nobody_else_does(part, role, side):
    with pytest.raises(PermissionDenied):
        ask_for_update(part, by=make_user(role, make_body(side[:2], side)), at=AT)


def test_it_is_asked_once_while_it_is_open(part, manager, coordinator):
    ask_for_update(part, by=manager, at=AT)

    with pytest.raises(ValidationError) as refused:
        ask_for_update(part, by=coordinator, at=AT)

    assert code_of(refused) == "is_asked"


@pytest.mark.parametrize("status", [Status.DONE, Status.NOT_PURSUED])
def test_what_has_ended_is_not_asked_about(part, manager, status):
    part.status = status
    part.save()

    with pytest.raises(ValidationError) as refused:
        ask_for_update(part, by=manager, at=AT)

    assert code_of(refused) == "ended"


def test_nobody_asks_themselves(part, manager):
    part.officer = manager
    part.save()

    with pytest.raises(ValidationError) as refused:
        ask_for_update(part, by=manager, at=AT)

    assert code_of(refused) == "own_desk"


def test_a_message_has_an_end(part, manager):
    with pytest.raises(ValidationError) as refused:
        ask_for_update(part, text="x" * 1001, by=manager, at=AT)

    assert code_of(refused) == "too_long"


def test_a_note_answers_it_and_only_the_own_side_knows_that_it_was_asked(part, officer, manager):
    asked = ask_for_update(part, by=manager, at=AT)

    note = record_progress(part, NewNote(text="We met."), by=officer, at=AT)

    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.ended_at) == (UpdateRequestState.ANSWERED, note, AT)
    stranger = make_user(Role.COORDINATOR, make_body("MY"))
    assert set(Change.objects.visible_to(stranger).values_list("act", flat=True)) == {Act.NOTE_ADDED}
    assert not UpdateRequest.objects.visible_to(stranger).exists()


def test_nothing_new_is_an_answer(part, officer, manager):
    asked = ask_for_update(part, by=manager, at=AT)

    confirm_nothing_new(part, by=officer, at=AT)

    asked.refresh_from_db()
    assert asked.state == UpdateRequestState.ANSWERED
    ask_for_update(part, by=manager, at=AT)


def test_who_asked_and_the_coordinator_take_it_back_while_it_is_open(part, body, manager, coordinator, officer):
    asked = ask_for_update(part, by=manager, at=AT)
    for person in (officer, make_user(Role.MANAGER, body)):
        with pytest.raises(PermissionDenied):
            withdraw_request(asked, by=person, at=AT)

    withdraw_request(asked, by=coordinator, at=AT)
    with pytest.raises(ValidationError) as refused:
        withdraw_request(asked, by=manager, at=AT)

    assert code_of(refused) == "closed"
