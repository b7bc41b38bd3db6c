"""Working days of a party."""

from datetime import date

from commitments.domain.workdays import Workdays

FRIDAY, SATURDAY, MONDAY = date(2026, 12, 4), date(2026, 12, 5), date(2026, 12, 7)


def test_five_working_days_skip_weekends_and_holidays():
    workdays = Workdays(frozenset({5, 6}), frozenset({MONDAY}))

    assert workdays.after(FRIDAY, 5) == date(2026, 12, 14)


def test_a_day_entered_as_worked_is_no_day_off_in_spite_of_the_weekend():
    workdays = Workdays(frozenset({5, 6}), working=frozenset({SATURDAY}))

    assert not workdays.is_day_off(SATURDAY)
    assert workdays.next_workday(SATURDAY, 7) == SATURDAY


def test_the_week_begins_on_its_first_working_day():
    workdays = Workdays(frozenset({5, 6}), frozenset({MONDAY}))

    assert not workdays.is_first_of_week(MONDAY)
    assert workdays.is_first_of_week(date(2026, 12, 8))
