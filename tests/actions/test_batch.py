"""One change of many: rehearsed, made at once, taken back at once."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.actions.assignment import name_officer
from commitments.actions.batch import Pick, Wanted, change_many, rehearse, take_back_batch
from commitments.actions.history import broken_links
from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role, Status
from commitments.models import Assignment, Batch, BatchKind, Change, ProgressNote
from tests.make import AT, make_assignment, make_body, make_commitment, make_statement, make_user

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)
UNDER_WAY = Wanted(BatchKind.STATUS, Status.UNDER_WAY, "All began.")
KEY = UUID(int=1)


@pytest.fixture
def body():
    return make_body()


@pytest.fixture
def coordinator(body):
    return make_user(Role.COORDINATOR, body)


@pytest.fixture
def parts(body):
    statement = make_statement()
    return [make_assignment(make_commitment(statement), lead=body) for _ in range(3)]


def picks(parts):
    return [
        Pick(*found) for found in Assignment.objects.filter(pk__in=[p.pk for p in parts]).values_list("pk", "version")
    ]


def everything(parts):
    rows = Assignment.objects.filter(pk__in=[part.pk for part in parts]).order_by("pk")
    return list(rows.values_list("status", "lead", "lead_is_suggested", "officer", "last_word_at", "update_due_on"))


def test_a_rehearsal_tells_what_would_be_and_changes_nothing(parts, coordinator):
    before, facts = everything(parts), Change.objects.count()

    outcomes = rehearse(UNDER_WAY, picks(parts), by=coordinator, at=AT)

    assert [outcome.refusal for outcome in outcomes] == ["", "", ""]
    assert everything(parts) == before
    assert (ProgressNote.objects.count(), Change.objects.count(), Batch.objects.count()) == (0, facts, 0)


def test_each_row_is_refused_for_its_own_reason_and_the_others_change(parts, body):
    officer = make_user(Role.OFFICER, body)
    foreign = make_assignment(parts[0].commitment, "MY")
    other = make_assignment(make_commitment(parts[0].commitment.statement), lead=make_body())
    record_progress(parts[1], NewNote(status=Status.UNDER_WAY), by=officer, at=AT)

    outcomes = rehearse(UNDER_WAY, picks([*parts, foreign, other]), by=officer, at=AT)
    batch = change_many(UNDER_WAY, picks([*parts, foreign, other]), key=KEY, by=officer, at=AT)

    reasons = {outcome.row: outcome.refusal for outcome in outcomes}
    assert reasons[parts[1]] == "It is so already."
    assert reasons[foreign] == reasons[other] == "It is not yours to change."
    assert {item.assignment for item in batch.items.all()} == {parts[0], parts[2]}


@pytest.mark.parametrize("kind", BatchKind)
def test_one_undo_brings_all_of_it_back(kind, parts, body, coordinator):
    officer, other = make_user(Role.OFFICER, body), make_body()
    Assignment.objects.update(lead_is_suggested=True, update_due_on=date(2026, 4, 7))
    name_officer(parts[0], officer, by=coordinator, at=AT)
    before = everything(parts)
    wanted = Wanted(kind, Status.UNDER_WAY, "All began.", officer=make_user(Role.OFFICER, body), lead=other)

    batch = change_many(wanted, picks(parts), key=KEY, by=coordinator, at=AT)
    changed = everything(parts)
    outcomes = take_back_batch(batch, by=coordinator, at=LATER)

    assert changed != before
    assert [outcome.refusal for outcome in outcomes] == ["", "", ""]
    assert everything(parts) == before
    assert list(broken_links()) == []


def test_a_second_click_is_the_same_batch_and_the_same_undo(parts, coordinator):
    seen = picks(parts)

    batch = change_many(UNDER_WAY, seen, key=KEY, by=coordinator, at=AT)
    assert change_many(UNDER_WAY, seen, key=KEY, by=coordinator, at=AT) == batch
    take_back_batch(batch, by=coordinator, at=LATER)
    facts = Change.objects.count()
    take_back_batch(batch, by=coordinator, at=LATER)

    assert Batch.objects.count() == 1
    assert Change.objects.count() == facts


def test_where_one_row_moved_on_nothing_at_all_is_written(parts, coordinator):
    seen = picks(parts)
    record_progress(parts[2], NewNote(text="Meanwhile"), by=coordinator, at=AT)
    before = everything(parts)

    assert [outcome.is_moved for outcome in rehearse(UNDER_WAY, seen, by=coordinator, at=AT)] == [False, False, True]
    with pytest.raises(ValidationError) as refusal:
        change_many(UNDER_WAY, seen, key=KEY, by=coordinator, at=AT)

    assert refusal.value.code == "conflict"
    assert everything(parts) == before
    assert not Batch.objects.exists()


def test_an_undo_leaves_what_somebody_changed_since(parts, coordinator):
    batch = change_many(UNDER_WAY, picks(parts), key=KEY, by=coordinator, at=AT)
    record_progress(parts[1], NewNote(text="Meanwhile"), by=coordinator, at=LATER)

    outcomes = take_back_batch(batch, by=coordinator, at=LATER)

    assert [outcome.refusal for outcome in outcomes] == ["", "Somebody has changed it since.", ""]
    assert [row[0] for row in everything(parts)] == ["not_assessed", "under_way", "not_assessed"]


def test_a_batch_is_nobody_elses_to_undo(parts, coordinator, body):
    batch = change_many(UNDER_WAY, picks(parts), key=KEY, by=coordinator, at=AT)

    with pytest.raises(PermissionDenied):
        take_back_batch(batch, by=make_user(Role.COORDINATOR, body), at=LATER)


def test_nothing_to_change_is_said(parts, coordinator):
    with pytest.raises(ValidationError) as refusal:
        change_many(Wanted(BatchKind.STATUS, Status.NOT_ASSESSED), picks(parts), key=uuid4(), by=coordinator, at=AT)

    assert refusal.value.code == "nothing"
