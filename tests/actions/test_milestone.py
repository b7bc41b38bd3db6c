"""Milestones: who adds them, what becomes of them, and that each side's own stay its own."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.actions.history import broken_links
from commitments.actions.milestone import (
    MilestoneFacts,
    add_milestone,
    change_milestone,
    drop_milestone,
    finish_milestone,
    reopen_milestone,
)
from commitments.domain.codes import Precision, Role, Visibility
from commitments.models import Act, Change, Milestone
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_user

pytestmark = pytest.mark.django_db
DRAFT = MilestoneFacts("Draft sent", date(2027, 2, 3), Precision.QUARTER)


@pytest.fixture
def ours():
    return make_assignment()


@pytest.fixture
def officer(ours):
    return make_user(body=ours.lead)


@pytest.fixture
def counterpart(ours):
    theirs = make_assignment(ours.commitment, "MY")
    return make_user(body=theirs.lead)


def step(ours, officer, **fields):
    return add_milestone(ours, MilestoneFacts(**{"title": "Draft sent", **DATED, **fields}), by=officer, at=AT)


DATED = {"day": date(2027, 2, 3), "precision": Precision.QUARTER}


def test_a_milestone_is_due_by_the_end_of_its_period(ours, officer):
    milestone = add_milestone(ours, DRAFT, by=officer, at=AT)

    assert (milestone.due_on, milestone.deadline.precision) == (date(2027, 3, 31), Precision.QUARTER)
    fact = Change.objects.get()
    assert (fact.act, fact.assignment, fact.before) == (Act.MILESTONE_ADDED, ours, {})
    assert fact.after["title"] == "Draft sent"


def test_a_double_click_adds_one(ours, officer):
    assert step(ours, officer) == step(ours, officer)
    assert step(ours, officer, title="Another") != step(ours, officer)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"title": " \n "}, "no_title"), ({"title": "x" * 201}, "too_long"), ({"day": date(206, 1, 1)}, "far_off")],
)
def test_what_is_no_step_is_refused(ours, officer, fields, code):
    with pytest.raises(ValidationError) as refused:
        step(ours, officer, **fields)

    assert refused.value.code == code
    assert not Milestone.objects.exists()


def test_only_who_records_progress_on_the_part_keeps_its_milestones(ours, officer, counterpart):
    milestone = step(ours, officer)

    for stranger in (counterpart, make_user(Role.READER, ours.lead), make_user(body=make_body("TR"))):
        with pytest.raises(PermissionDenied):
            step(ours, stranger)
        with pytest.raises(PermissionDenied):
            finish_milestone(milestone, TODAY, version=0, by=stranger, at=AT)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(ours, officer):
    milestone = step(ours, officer)
    moved = MilestoneFacts("Draft sent", date(2027, 6, 1), Precision.DAY)
    change_milestone(milestone, moved, version=0, by=officer, at=AT)

    with pytest.raises(ValidationError, match="changed this since") as refused:
        finish_milestone(milestone, TODAY, version=0, by=officer, at=AT)

    milestone.refresh_from_db()
    assert refused.value.code == "conflict"
    assert (milestone.due_on, milestone.done_on) == (date(2027, 6, 1), None)


def test_it_is_met_dropped_and_opened_again_each_with_its_fact(ours, officer):
    milestone = step(ours, officer)

    finish_milestone(milestone, TODAY - timedelta(days=3), version=0, by=officer, at=AT)
    reopen_milestone(milestone, version=1, by=officer, at=AT)
    drop_milestone(milestone, version=2, by=officer, at=AT)

    milestone.refresh_from_db()
    assert (milestone.done_on, milestone.dropped_on) == (None, TODAY)
    acts = list(Change.objects.order_by("seq").values_list("act", flat=True))
    assert acts == [Act.MILESTONE_ADDED, Act.MILESTONE_DONE, Act.MILESTONE_REOPENED, Act.MILESTONE_DROPPED]
    assert not list(broken_links())


def test_a_day_that_has_not_come_is_no_day_of_meeting_it(ours, officer):
    with pytest.raises(ValidationError) as refused:
        finish_milestone(step(ours, officer), TODAY + timedelta(days=2), version=0, by=officer, at=AT)

    assert refused.value.code == "in_the_future"


def test_the_other_side_learns_of_it_once_it_is_shared_and_never_what_it_was_called_before(ours, officer, counterpart):
    milestone = step(ours, officer, title="Bargain low", visibility=Visibility.OWN)
    assert not Milestone.objects.visible_to(counterpart).exists()
    assert not Change.objects.visible_to(counterpart).exists()

    change_milestone(milestone, DRAFT, version=0, by=officer, at=AT)

    assert Milestone.objects.visible_to(counterpart).get().title == "Draft sent"
    told = Change.objects.visible_to(counterpart).get()
    assert told.act == Act.MILESTONE_SHARED
    assert "Bargain" not in str(told.before) + str(told.after)


def test_what_is_shared_stays_shared(ours, officer):
    milestone = step(ours, officer)
    own = MilestoneFacts("Draft sent", date(2027, 2, 3), Precision.QUARTER, Visibility.OWN)

    with pytest.raises(ValidationError) as refused:
        change_milestone(milestone, own, version=0, by=officer, at=AT)

    assert refused.value.code == "is_shared"


def test_an_unchanged_milestone_leaves_no_trace(ours, officer):
    milestone = step(ours, officer)

    change_milestone(milestone, DRAFT, version=0, by=officer, at=AT)

    assert Change.objects.count() == 1


def test_what_another_side_reports_is_not_for_one_side_alone(settings):
    settings.SINGLE_PARTY = True
    theirs = make_assignment(make_commitment(), "MY")
    reporter = make_user(Role.COORDINATOR, make_body("TR"))

    with pytest.raises(ValidationError) as refused:
        step(theirs, reporter, visibility=Visibility.OWN)

    assert refused.value.code == "not_own"
    assert step(theirs, reporter).assignment == theirs
