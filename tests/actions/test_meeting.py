"""A meeting from its planning to its close, and what may not be done with it."""

import hashlib
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from commitments.actions.agenda import (
    NewDate,
    add_point,
    add_to_agenda,
    decide,
    flag,
    remove_from_agenda,
    score,
    set_carried_over,
    set_criterion,
    share_point,
    unflag,
    withdraw_point,
)
from commitments.actions.deadline import decide_date
from commitments.actions.integrity import faults_found
from commitments.actions.meeting import (
    MeetingFacts,
    agree_to_close,
    begin_meeting,
    call_off_meeting,
    change_meeting,
    plan_meeting,
    share_meeting,
)
from commitments.domain.codes import Precision, Role
from commitments.models import (
    AgendaItem,
    Change,
    Decision,
    Flag,
    FrozenDossier,
    Meeting,
    MeetingState,
    Point,
    Score,
)
from commitments.queries.meeting import record_digest
from tests.make import AT, make_assignment, make_body, make_commitment, make_party, make_statement, make_user

pytestmark = pytest.mark.django_db
FACTS = MeetingFacts("Joint Commission", "Twelfth session", date(2026, 12, 10), Precision.MONTH, "Ankara")


@pytest.fixture(autouse=True)
def still_clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def statement():
    statement = make_statement()
    for title in ("Firstly", "Secondly"):
        commitment = make_commitment(statement, title=title)
        for side in ("TR", "MY"):
            make_assignment(commitment, side, make_body(side, f"{side}-LEAD"))
    return statement


@pytest.fixture
def ours(statement):
    return make_user(Role.COORDINATOR, make_body("TR"))


@pytest.fixture
def theirs(statement):
    return make_user(Role.COORDINATOR, make_body("MY"))


@pytest.fixture
def meeting(statement, ours):
    return plan_meeting(statement, FACTS, by=ours, at=AT)


def begun(meeting, by):
    """On both agendas, with a criterion for the first item only."""
    add_to_agenda(meeting, meeting.statement.commitments.all(), by=by, at=AT)
    item = meeting.items.first()
    set_criterion(item, "Two exchanges were held.", version=0, by=by, at=AT)
    share_meeting(meeting, by=by, at=AT)
    begin_meeting(meeting, by=by, at=AT)
    return item


def refusal(code, act, *args, **kwargs):
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        act(*args, **kwargs)
    assert refused.value.code == code


def test_a_month_stays_a_month(meeting):
    assert (meeting.held_on, meeting.precision) == (date(2026, 12, 31), "month")
    assert meeting.state == MeetingState.PLANNED


def test_a_double_click_plans_one(meeting, statement, ours):
    assert plan_meeting(statement, FACTS, by=ours, at=AT) == meeting
    assert plan_meeting(statement, FACTS, by=ours, at=AT + timedelta(hours=1)) != meeting


def test_it_is_the_own_sides_until_it_is_shared(meeting, ours, theirs):
    assert meeting not in Meeting.objects.visible_to(theirs)
    with pytest.raises(PermissionDenied):
        share_meeting(meeting, by=theirs, at=AT)

    share_meeting(meeting, by=ours, at=AT)

    assert meeting in Meeting.objects.visible_to(theirs)
    assert {change.act for change in Change.objects.visible_to(theirs)} == {"meeting_shared"}


@pytest.mark.parametrize("role", [Role.READER, Role.OFFICER, Role.MANAGER])
def test_only_coordinators_plan_and_run_one(meeting, statement, role):
    person = make_user(role, make_body("TR", "TR-LEAD"))

    with pytest.raises(PermissionDenied):
        plan_meeting(statement, FACTS, by=person, at=AT)
    with pytest.raises(PermissionDenied):
        add_to_agenda(meeting, statement.commitments.all(), by=person, at=AT)


def test_a_stranger_runs_nothing(meeting):
    share_meeting(meeting, by=meeting.by, at=AT)
    with pytest.raises(PermissionDenied):
        begin_meeting(meeting, by=make_user(Role.COORDINATOR, make_body("QA")), at=AT)


def test_two_who_rename_it_at_once_do_not_overwrite_each_other(meeting, ours):
    changed = MeetingFacts("Joint Commission", "Thirteenth session")
    change_meeting(meeting, changed, version=0, by=ours, at=AT)

    refusal("conflict", change_meeting, meeting, FACTS, version=0, by=ours, at=AT)


def test_the_agenda_takes_a_commitment_once_and_ends_its_flags(meeting, statement, ours):
    first, second = statement.commitments.order_by("position")
    assert flag([first], by=ours, at=AT) == 1
    assert flag([first, second], by=ours, at=AT) == 1
    unflag(second, by=ours, at=AT)

    assert add_to_agenda(meeting, [first], by=ours, at=AT) == 1
    assert add_to_agenda(meeting, [first, second], by=ours, at=AT) == 1
    assert not Flag.objects.exists()
    assert meeting.items.count() == 2


def test_a_flag_and_a_point_are_the_own_sides(meeting, statement, ours, theirs):
    add_to_agenda(meeting, statement.commitments.all(), by=ours, at=AT)
    share_meeting(meeting, by=ours, at=AT)
    item = meeting.items.first()
    officer = make_user(Role.OFFICER, make_body("TR", "TR-LEAD"))
    flag([item.commitment], by=officer, at=AT)
    point = add_point(item, "Ask for the list.", by=officer, at=AT)
    assert add_point(item, "Ask for the list.", by=officer, at=AT) == point

    assert not Point.objects.visible_to(theirs).exists()
    assert not Change.objects.visible_to(theirs).filter(act__in=("flagged", "point_added")).exists()
    with pytest.raises(PermissionDenied):
        share_point(point, by=theirs, at=AT)

    share_point(point, by=ours, at=AT)
    assert Point.objects.visible_to(theirs).get() == point
    withdraw_point(point, by=officer, at=AT)
    assert not Point.objects.standing().exists()


def test_a_point_is_not_shared_before_the_meeting_is(meeting, statement, ours):
    add_to_agenda(meeting, statement.commitments.all(), by=ours, at=AT)
    point = add_point(meeting.items.first(), "Ask.", by=ours, at=AT)

    refusal("not_shared", share_point, point, by=ours, at=AT)


def test_the_criteria_stand_once_it_has_begun(meeting, ours):
    item = begun(meeting, ours)

    refusal("begun", set_criterion, item, "Something easier.", version=1, by=ours, at=AT)
    refusal("begun", remove_from_agenda, item, by=ours, at=AT)
    refusal("begun", add_to_agenda, meeting, [item.commitment], by=ours, at=AT)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(criterion="Something easier.")
    late = make_commitment(meeting.statement)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        AgendaItem.objects.create(meeting=meeting, commitment=late, criterion="After the fact", added_at=AT)


def test_scores_need_a_criterion_a_part_and_a_meeting_that_is_held(meeting, ours):
    add_to_agenda(meeting, meeting.statement.commitments.all(), by=ours, at=AT)
    first, second = meeting.items.all()
    party = make_party("TR")
    refusal("not_begun", score, first, party, 1, by=ours, at=AT)
    set_criterion(first, "Two exchanges were held.", version=0, by=ours, at=AT)
    share_meeting(meeting, by=ours, at=AT)
    begin_meeting(meeting, by=ours, at=AT)

    refusal("no_criterion", score, second, party, 1, by=ours, at=AT)
    refusal("unknown", score, first, party, 2, by=ours, at=AT)
    refusal("not_bound", score, first, make_party("QA"), 1, by=ours, at=AT)
    score(first, party, 1, by=ours, at=AT)
    score(first, party, 0, by=ours, at=AT)

    assert Score.objects.get().value == 0
    told = Change.objects.filter(act="scored").order_by("seq")
    assert [change.after["score"] for change in told] == [1, 0]


def test_a_new_working_date_goes_the_way_of_every_date(meeting, ours, theirs):
    item = begun(meeting, ours)
    decision = decide(
        meeting, "To be done next year.", item=item, new_date=NewDate(date(2027, 5, 1), Precision.YEAR), by=ours, at=AT
    )
    item.commitment.refresh_from_db()
    assert item.commitment.due_on is None

    decide_date(decision.date_change, agrees=True, by=theirs, at=AT)

    item.commitment.refresh_from_db()
    assert item.commitment.due_on == date(2027, 12, 31)
    assert "Twelfth session" in decision.date_change.reason


def test_it_closes_with_the_last_sides_consent_and_stands_still(meeting, ours, theirs):
    item = begun(meeting, ours)
    point = add_point(item, "Ask.", by=ours, at=AT)
    score(item, make_party("MY"), -1, by=ours, at=AT)
    decide(meeting, "Meet again.", by=ours, at=AT)
    agree_to_close(meeting, by=ours, at=AT)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.BEGUN

    agree_to_close(meeting, by=theirs, at=AT)

    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CLOSED
    assert meeting.record_sha256 == record_digest(meeting)
    frozen = FrozenDossier.objects.get(meeting=meeting)
    assert bytes(frozen.content)[:5] == b"%PDF-"
    assert frozen.sha256 == hashlib.sha256(bytes(frozen.content)).hexdigest()
    refusal("closed", score, item, make_party("MY"), 1, by=ours, at=AT)
    refusal("closed", add_point, item, "Late.", by=ours, at=AT)
    for write in (
        lambda: Meeting.objects.filter(pk=meeting.pk).update(name="Another"),
        lambda: AgendaItem.objects.filter(pk=item.pk).update(carries_over=True),
        lambda: Score.objects.all().update(value=1),
        lambda: Score.objects.all().delete(),
        lambda: Score.objects.create(item=item, party=make_party("TR"), value=1, by=ours, at=AT),
        lambda: Decision.objects.create(meeting=meeting, text="Late", by=ours, at=AT),
        lambda: Point.objects.filter(pk=point.pk).update(text="Another"),
        lambda: FrozenDossier.objects.all().update(sha256="0" * 64),
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            write()
    assert list(faults_found()) == []


def test_a_record_that_was_altered_behind_the_locks_shows(meeting, ours, theirs):
    begun(meeting, ours)
    agree_to_close(meeting, by=ours, at=AT)
    agree_to_close(meeting, by=theirs, at=AT)
    with connection.cursor() as cursor:
        table = "" if connection.vendor == "sqlite" else " ON commitments_agendaitem"
        cursor.execute(f"DROP TRIGGER commitments_agendaitem_closed_update{table}")
        cursor.execute("UPDATE commitments_agendaitem SET carries_over = true")

    faults = "\n".join(faults_found())

    assert f"the record of meeting {meeting.pk} was altered" in faults
    assert "the lock commitments_agendaitem_closed_update is missing" in faults


def test_what_is_entered_after_a_consent_ends_it(meeting, ours, theirs):
    item = begun(meeting, ours)
    agree_to_close(meeting, by=theirs, at=AT)

    score(item, make_party("MY"), 1, by=ours, at=AT)
    agree_to_close(meeting, by=ours, at=AT)

    meeting.refresh_from_db()
    assert meeting.state == MeetingState.BEGUN
    assert [consent.party.code for consent in meeting.consents.all()] == ["TR"]


def test_what_is_carried_over_comes_on_the_next_agenda_with_its_criterion(meeting, statement, ours, theirs):
    item = begun(meeting, ours)
    set_carried_over(item, True, by=ours, at=AT)
    agree_to_close(meeting, by=ours, at=AT)
    agree_to_close(meeting, by=theirs, at=AT)

    following = plan_meeting(statement, FACTS, by=theirs, at=AT + timedelta(days=1))

    carried = following.items.get()
    assert (carried.carried_from, carried.criterion) == (item, "Two exchanges were held.")


def test_a_next_meeting_that_both_know_gets_it_at_the_close(meeting, statement, ours, theirs):
    following = plan_meeting(statement, FACTS, by=ours, at=AT + timedelta(hours=1))
    share_meeting(following, by=ours, at=AT)
    hidden = plan_meeting(statement, FACTS, by=theirs, at=AT)
    item = begun(meeting, ours)
    set_carried_over(item, True, by=ours, at=AT)
    agree_to_close(meeting, by=ours, at=AT)
    agree_to_close(meeting, by=theirs, at=AT)

    assert following.items.get().carried_from == item
    assert not hidden.items.exists()


def test_one_that_is_called_off_is_over(meeting, ours):
    call_off_meeting(meeting, by=ours, at=AT)

    refusal("closed", share_meeting, meeting, by=ours, at=AT)


def test_nothing_begins_unshared_or_without_an_agenda(meeting, ours):
    refusal("not_shared", begin_meeting, meeting, by=ours, at=AT)
    share_meeting(meeting, by=ours, at=AT)
    refusal("no_agenda", begin_meeting, meeting, by=ours, at=AT)
