"""Which reminders fall on which day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.domain.codes import Precision, Status
from commitments.domain.deadlines import last_day
from commitments.domain.reminders import (
    Facts,
    ReminderKind,
    Rule,
    Window,
    deadline_occurrences,
    told_on,
    update_occurrences,
)
from commitments.domain.workdays import Workdays

K = ReminderKind
LEADS = {
    Precision.DAY: (30, 7, 1),
    Precision.MONTH: (60, 30, 7),
    Precision.QUARTER: (180, 90, 30, 7),
    Precision.HALF: (180, 90, 30, 7),
    Precision.YEAR: (180, 90, 30, 7),
}
RULES = [Rule(K.DEADLINE_AHEAD, -lead, precision) for precision, leads in LEADS.items() for lead in leads] + [
    Rule(K.LAST_DAY, 0),
    Rule(K.OVERDUE, 7, every=7, times=8, grace=6),
    Rule(K.OVERDUE, 86, every=30, times=None, grace=29),
    Rule(K.UPDATE_DUE, 0, every=7, times=3, grace=0),
]
EVERY_DAY = Workdays()
WEEKENDS_OFF = Workdays(frozenset({5, 6}))
DUE = date(2026, 12, 31)  # a Thursday


def facts(due_on=DUE, precision=Precision.DAY, status=Status.UNDER_WAY, update_due_on=None):
    return Facts(status, due_on, precision, update_due_on)


def told_from(first, days, part, workdays=EVERY_DAY):
    """What is said on each of so many days when planning runs every day."""
    said = {}
    for number in range(days):
        today = first + timedelta(days=number)
        for occurrence in deadline_occurrences(RULES, part, workdays, Window(today, today - timedelta(days=1))):
            said.setdefault((occurrence.kind, occurrence.seq), occurrence.day)
    return said


@pytest.mark.parametrize(("precision", "leads"), LEADS.items())
def test_lead_times_follow_the_precision_of_the_date(precision, leads):
    said = told_from(DUE - timedelta(days=200), 201, facts(last_day(DUE, precision), precision))

    assert {-seq for kind, seq in said if kind == K.DEADLINE_AHEAD} == set(leads)
    assert said[K.LAST_DAY, 0] == DUE


def test_overdue_is_said_weekly_then_monthly():
    said = told_from(DUE + timedelta(days=1), 150, facts())

    overdue = sorted(seq for kind, seq in said if kind == K.OVERDUE)
    assert overdue == [7, 14, 21, 28, 35, 42, 49, 56, 86, 116, 146]


@pytest.mark.parametrize("status", [Status.DONE, Status.NOT_PURSUED, Status.BEING_HONOURED])
def test_what_is_settled_is_not_reminded_of_its_deadline(status):
    assert not told_from(DUE - timedelta(days=100), 200, facts(status=status))


def test_no_date_means_no_reminder_of_a_deadline():
    assert not told_from(DUE, 100, facts(due_on=None, precision=None))


@pytest.mark.parametrize(
    ("kind", "day", "due_on", "said_on"),
    [
        (K.DEADLINE_AHEAD, "2026-12-05", "2026-12-12", "2026-12-07"),  # Saturday: the Monday after
        (K.DEADLINE_AHEAD, "2026-12-12", "2026-12-13", "2026-12-11"),  # Monday would be too late
        (K.DEADLINE_AHEAD, "2026-12-13", "2026-12-14", "2026-12-11"),  # nor on the last day itself
        (K.LAST_DAY, "2026-12-12", "2026-12-12", "2026-12-12"),
        (K.OVERDUE, "2026-12-19", "2026-12-12", "2026-12-21"),
    ],
)  # fmt: skip
def test_a_day_off_moves_a_reminder_but_never_past_the_deadline(kind, day, due_on, said_on):
    moved = told_on(kind, date.fromisoformat(day), date.fromisoformat(due_on), WEEKENDS_OFF)

    assert moved == date.fromisoformat(said_on)


def test_a_reminder_that_is_long_past_is_not_said_when_a_date_is_set_late():
    window = Window(DUE - timedelta(days=45), DUE - timedelta(days=46))

    assert not list(deadline_occurrences(RULES, facts(), EVERY_DAY, window))


@pytest.mark.parametrize("outage", [0, 1, 3, 4, 10])
def test_what_came_up_late_just_before_an_outage_is_still_said_after_it(outage):
    """The date was moved on the day of the last planning: its stage of two days before is within the grace."""
    moved_on = DUE - timedelta(days=28)
    window = Window(moved_on + timedelta(days=1 + outage), moved_on)

    said = list(deadline_occurrences(RULES, facts(), EVERY_DAY, window))

    assert [(occurrence.kind, occurrence.seq) for occurrence in said] == [(K.DEADLINE_AHEAD, -30)]


def test_an_update_that_came_up_late_before_an_outage_is_followed_up_as_without_it():
    part = facts(due_on=None, precision=None, update_due_on=date(2026, 4, 7))
    covered = date(2026, 11, 24)

    said = list(update_occurrences(RULES, part, EVERY_DAY, Window(covered + timedelta(days=9), covered), None))

    assert [(occurrence.seq, (occurrence.day - covered).days) for occurrence in said] == [(0, 1), (7, 8)]


def test_an_update_is_asked_for_at_its_date_then_after_7_and_14_days_and_no_more():
    part = facts(due_on=None, precision=None, update_due_on=date(2026, 4, 7))
    said, first = {}, None
    for number in range(60):
        today = date(2026, 4, 1) + timedelta(days=number)
        for occurrence in update_occurrences(RULES, part, EVERY_DAY, Window(today, today - timedelta(days=1)), first):
            said.setdefault(occurrence.seq, occurrence.day)
            first = first or occurrence.day

    assert said == {0: date(2026, 4, 7), 7: date(2026, 4, 14), 14: date(2026, 4, 21)}


def test_an_update_long_due_is_first_asked_for_on_the_first_planning():
    part = facts(due_on=None, precision=None, update_due_on=date(2026, 4, 7))
    today = date(2026, 11, 24)

    said = list(update_occurrences(RULES, part, EVERY_DAY, Window(today, None), None))

    assert [(occurrence.seq, occurrence.day) for occurrence in said] == [(0, today)]


def runs(ticks):
    """Plan at each tick (a day), remembering what the database would: what was said, and the last planning."""
    rules = [rule for rule in RULES if rule.kind != K.DEADLINE_AHEAD or rule.precision == Precision.DAY]

    def plan(part, workdays):
        said, first_told, covered = {}, None, None
        for today in ticks:
            window = Window(today, covered)
            for occurrence in [
                *deadline_occurrences(rules, part, workdays, window),
                *update_occurrences(rules, part, workdays, window, first_told),
            ]:
                if occurrence.kind == K.UPDATE_DUE and occurrence.seq == 0:
                    first_told = first_told or window.told(occurrence.day)
                said.setdefault((occurrence.kind, occurrence.anchor_on, occurrence.seq), window.told(occurrence.day))
            covered = max(covered or today, today)
        return said

    return plan


@given(
    due=st.dates(date(2026, 12, 1), date(2027, 3, 1)),
    update_due=st.dates(date(2026, 12, 1), date(2027, 3, 1)),
    lost=st.sets(st.integers(1, 149), max_size=149),
    doubled=st.lists(st.integers(0, 150), max_size=20),
    weekend=st.sampled_from([frozenset(), frozenset({5, 6}), frozenset({4, 5})]),
    off=st.sets(st.dates(date(2026, 12, 1), date(2027, 4, 1)), max_size=12),
)
def test_lost_and_doubled_ticks_change_nothing(due, update_due, lost, doubled, weekend, off):
    """The law of the engine: what is said is a function of the state and the calendar, not of when planning ran."""
    days = [date(2026, 11, 24) + timedelta(days=number) for number in range(151)]
    workdays = Workdays(weekend, frozenset(off))
    part = facts(due, Precision.DAY, update_due_on=update_due)
    ticks = sorted(
        [day for number, day in enumerate(days) if number not in lost] + [days[n] for n in doubled if n not in lost]
    )

    assert runs(ticks)(part, workdays) == runs(days)(part, workdays)
