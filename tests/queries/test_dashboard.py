"""Dashboards: every figure is over exactly the rows that its link lists, shares name their denominator."""

from collections import Counter
from datetime import date, timedelta

import pytest

from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role, Status
from commitments.filters.commitment import CommitmentFilter
from commitments.models import Assignment, Body, Commitment
from commitments.queries.dashboard import BY, dashboard, over_time
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_statement, make_user

pytestmark = pytest.mark.django_db


def rows_of(filters, person):
    query = {name: str(value) for name, value in filters.items()}
    statement = Commitment.objects.first().statement
    rows = Commitment.objects.visible_to(person)
    return CommitmentFilter(query, rows, person=person, today=TODAY, statement=statement).qs


@pytest.mark.parametrize("by", BY)
def test_each_figure_counts_what_its_link_lists(sample_db, by):
    person = make_user(Role.COORDINATOR, Body.objects.get(code="TR-MFA"))

    view = dashboard(Commitment.objects.visible_to(person), by, person, TODAY)

    assert view.lines
    for line in view.lines:
        duty = {"kind": "not_position", **line.filters}
        if by != "kind" or line.filters["kind"] != "position":
            assert line.duties == rows_of(duty, person).count(), line.name
            assert line.overdue == rows_of({**duty, "due": "overdue"}, person).count(), line.name
            assert line.trouble == rows_of({**duty, "confidence": "trouble"}, person).count(), line.name
            assert line.silent == rows_of({**duty, "freshness": "due"}, person).count(), line.name
            assert line.unheard == rows_of({**duty, "freshness": "never"}, person).count(), line.name
        if by != "kind":
            assert line.positions == rows_of({**line.filters, "kind": "position"}, person).count(), line.name


def test_positions_are_in_no_share_and_nothing_is_divided_by_nothing(db):
    statement = make_statement()
    make_assignment(make_commitment(statement, kind="position"), "TR", status=Status.BEING_HONOURED)
    make_assignment(make_commitment(statement), "TR", status=Status.DONE)
    make_assignment(make_commitment(statement), "TR", status=Status.UNDER_WAY)
    make_assignment(make_commitment(statement), "TR")
    person = make_user()

    (line,) = dashboard(Commitment.objects.all(), "section", person, TODAY).lines

    assert (line.duties, line.positions) == (3, 1)
    assert (line.done_share, line.moving_share) == (33, 67)
    empty = dashboard(Commitment.objects.filter(kind="position"), "section", person, TODAY).lines[0]
    assert (empty.done_share, empty.moving_share) == (None, None)


def test_a_body_counts_its_own_part_and_not_the_other_sides(db):
    commitment = make_commitment()
    part = make_assignment(commitment, "TR", status=Status.DONE)
    make_assignment(commitment, "MY")

    (line,) = dashboard(Commitment.objects.all(), "section", make_user(), TODAY, lead=part.lead).lines

    assert line.done == 1
    assert line.filters["lead"] == part.lead.code


def test_months_are_worked_back_through_the_history(db):
    officer = make_user(Role.OFFICER, make_body("TR"))
    part = make_assignment(make_commitment(), "TR", officer.body)
    make_assignment(make_commitment(), "TR", officer.body)
    for months, status in ((3, Status.UNDER_WAY), (1, Status.SUBSTANTIALLY_DONE)):
        at = AT - timedelta(days=30 * months)
        record_progress(part, NewNote(text="A step", status=status), by=officer, at=at)

    months = over_time(Assignment.objects.all(), TODAY)

    told = {month.last: Counter({s: n for s, n in month.counts.items() if n}) for month in months}
    assert told[TODAY] == {Status.SUBSTANTIALLY_DONE: 1, Status.NOT_ASSESSED: 1}
    assert told[date(2026, 9, 30)] == {Status.UNDER_WAY: 1, Status.NOT_ASSESSED: 1}
    assert told[date(2026, 7, 31)] == {Status.NOT_ASSESSED: 2}
    assert all(month.total == 2 for month in months)
