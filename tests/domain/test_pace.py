"""The pace of a series and the one that its target asks for: at the edges as in the middle."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.domain.pace import Figure, Goal, Outlook, Pace, pace, years_between


def series(**values):
    """y2024=4: a figure for that year."""
    return [Figure(date(int(name[1:]), 12, 31), Decimal(value)) for name, value in values.items()]


def goal(target="10", year=2030, **fields):
    return Goal(target and Decimal(target), year and date(year, 12, 31), **fields)


def test_the_needed_pace_leads_from_the_last_figure_to_the_target():
    assert pace(series(y2022=3, y2024=5), goal()) == Pace(
        Outlook.NEEDED, present=Decimal(1), needed=Decimal(5) / 6, arrives_at=Decimal(11)
    )


def test_the_order_in_which_figures_come_does_not_matter():
    assert pace(series(y2024=5, y2022=3), goal()) == pace(series(y2022=3, y2024=5), goal())


@pytest.mark.parametrize(
    ("figures", "aim", "outlook"),
    [
        ({}, goal(), Outlook.NO_FIGURE),
        ({"y2024": 5}, goal(target=None), Outlook.NO_TARGET),
        ({"y2024": 5}, goal(year=None), Outlook.NO_DATE),
        ({"y2024": 10}, goal(year=None), Outlook.REACHED),
        ({"y2024": 12}, goal(), Outlook.REACHED),
        ({"y2030": 9}, goal(), Outlook.PAST),
        ({"y2031": 9}, goal(), Outlook.PAST),
        ({"y2031": 11}, goal(), Outlook.REACHED),
    ],
)
def test_no_pace_is_needed_where_none_can_be_told(figures, aim, outlook):
    found = pace(series(**figures), aim)

    assert (found.outlook, found.needed, found.arrives_at) == (outlook, None, None)


def test_one_figure_has_no_present_pace():
    found = pace(series(y2024=4), goal())

    assert (found.present, found.needed, found.arrives_at) == (None, Decimal(1), None)


def test_two_figures_of_one_day_have_no_present_pace():
    assert pace([*series(y2024=4), *series(y2024=5)], goal()).present is None


def test_where_less_is_better_the_pace_falls():
    found = pace(series(y2022=8, y2024=6), goal("3", falls=True))

    assert (found.outlook, found.present, found.needed) == (Outlook.NEEDED, Decimal(-1), Decimal("-0.5"))
    assert pace(series(y2024=3), goal("3", falls=True)).outlook == Outlook.REACHED


def test_a_target_of_nothing_is_a_target():
    assert pace(series(y2024=2), goal("0", falls=True)).needed == Decimal(-2) / 6


@given(st.dates(), st.dates())
def test_years_are_longer_the_further_apart_the_days(one, other):
    first, last = sorted((one, other))

    assert (years_between(first, last) > 0) == (first < last)
    assert abs(years_between(first, last) - Decimal((last - first).days) / Decimal("365.2425")) < Decimal("0.03")


def test_from_one_years_end_to_the_next_is_one_year():
    assert years_between(date(2023, 12, 31), date(2024, 12, 31)) == 1
    assert years_between(date(2026, 3, 31), date(2026, 12, 31)) == Decimal("0.75")
