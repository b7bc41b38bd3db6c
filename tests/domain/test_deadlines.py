from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.domain.codes import Basis, Cadence, Precision, Schedule, Status
from commitments.domain.deadlines import Deadline, first_day, last_day, schedule
from commitments.domain.status import add_months, less_advanced, update_due_on

days = st.dates(date(2000, 1, 1), date(2199, 12, 31))
precisions = st.sampled_from(list(Precision))


@pytest.mark.parametrize(
    ("day", "precision", "last"),
    [
        (date(2026, 11, 9), Precision.DAY, date(2026, 11, 9)),
        (date(2028, 2, 3), Precision.MONTH, date(2028, 2, 29)),
        (date(2026, 8, 1), Precision.QUARTER, date(2026, 9, 30)),
        (date(2027, 6, 30), Precision.HALF, date(2027, 6, 30)),
        (date(2027, 7, 1), Precision.HALF, date(2027, 12, 31)),
        (date(2028, 1, 1), Precision.YEAR, date(2028, 12, 31)),
    ],
)
def test_a_period_ends_on_its_last_day(day, precision, last):
    assert last_day(day, precision) == last


@given(days, precisions)
def test_every_day_lies_in_its_period(day, precision):
    last = last_day(day, precision)

    assert first_day(last, precision) <= day <= last
    assert last_day(last, precision) == last
    assert last_day(first_day(last, precision), precision) == last


def test_a_day_inside_a_period_is_no_deadline_of_it():
    with pytest.raises(ValueError, match="not the last day"):
        Deadline(date(2028, 12, 30), Precision.YEAR, Basis.TEXT)


in_2028 = Deadline(date(2028, 12, 31), Precision.YEAR, Basis.TEXT)


@pytest.mark.parametrize(
    ("today", "status", "ended_on", "expected"),
    [
        (date(2027, 12, 31), Status.UNDER_WAY, None, Schedule.AHEAD),
        (date(2028, 1, 1), Status.UNDER_WAY, None, Schedule.FINAL_PERIOD),
        (date(2028, 12, 1), Status.UNDER_WAY, None, Schedule.DUE_SOON),
        (date(2028, 12, 31), Status.NOT_STARTED, None, Schedule.DUE_SOON),
        (date(2029, 1, 1), Status.NOT_STARTED, None, Schedule.OVERDUE),
        (date(2029, 1, 1), Status.DONE, date(2028, 12, 31), Schedule.MET_ON_TIME),
        (date(2029, 1, 1), Status.DONE, date(2029, 1, 1), Schedule.MET_LATE),
        (date(2029, 1, 1), Status.BEING_HONOURED, date(2026, 5, 1), Schedule.MET_ON_TIME),
        (date(2029, 1, 1), Status.NOT_PURSUED, date(2028, 1, 1), Schedule.ENDED),
    ],
)
def test_in_2028_is_overdue_only_when_2028_is_over(today, status, ended_on, expected):
    assert schedule(in_2028, status, ended_on, today) == expected


def test_no_date_is_never_overdue():
    assert schedule(None, Status.NOT_STARTED, None, date(2999, 1, 1)) == Schedule.NO_DATE


@given(days, st.integers(1, 24))
def test_months_later_is_in_the_month_meant(day, months):
    later = add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_no_update_is_due_once_it_is_done():
    assert update_due_on(date(2026, 1, 7), Cadence.QUARTERLY, Status.DONE) is None
    assert update_due_on(date(2026, 1, 7), Cadence.QUARTERLY, Status.ON_HOLD) == date(2026, 4, 7)


def test_both_sides_together_are_as_far_as_the_less_advanced():
    assert less_advanced([Status.DONE, Status.ON_HOLD]) == Status.ON_HOLD
    assert less_advanced([]) == Status.NOT_ASSESSED
