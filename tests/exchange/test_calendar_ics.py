"""Deadlines as calendar entries: all-day, stable, numbered by change, honest about periods."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from commitments.actions.deadline import propose_date
from commitments.domain.codes import Precision, Role, Visibility
from commitments.domain.deadlines import first_day
from commitments.exchange.calendar_ics import calendar
from commitments.queries.deadline import with_moves
from tests.make import AT, make_assignment, make_body, make_commitment, make_user

pytestmark = pytest.mark.django_db


def events(*commitments, language="en"):
    raw = calendar(with_moves(commitments), language=language, at=AT)
    return Calendar.from_ical(raw).walk("VEVENT")


def test_a_day_is_an_all_day_entry_that_blocks_no_time():
    (event,) = events(make_commitment(due=(date(2026, 12, 3), "day", "set"), title="Meet, again"))

    assert event["dtstart"].dt == date(2026, 12, 3)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["dtend"].dt == date(2026, 12, 4)
    assert event["transp"] == "TRANSPARENT"
    assert event["summary"] == "1.1 Meet, again"
    assert event["dtstamp"].dt == AT


@pytest.mark.parametrize(
    ("due", "precision", "said"),
    [
        (date(2028, 12, 31), "year", "2028"),
        (date(2027, 3, 31), "quarter", "Q1 2027"),
        (date(2027, 6, 30), "half", "First half of 2027"),
        (date(2026, 11, 30), "month", "November 2026"),
    ],
)
def test_a_period_is_an_entry_over_the_whole_of_it(due, precision, said):
    (event,) = events(make_commitment(due=(due, precision, "text")))

    assert event["dtstart"].dt == first_day(due, Precision(precision))
    assert event["dtend"].dt == due + timedelta(days=1)
    assert event["summary"] == f"1.1 Expand trade ({said})"
    assert f"The date is {said}, without a day" in event["description"]


def test_what_has_no_date_is_in_no_calendar():
    assert events(make_commitment()) == []


def test_each_change_of_the_date_moves_the_same_entry():
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    commitment = make_commitment(due=(date(2026, 12, 31), "year", "set"))
    make_assignment(commitment, "TR", coordinator.body)
    seen = [*events(commitment)]
    for year in (2027, 2028):
        at = AT + timedelta(days=year - 2026)
        reason = {"reason": "Later", "visibility": Visibility.BOTH}
        propose_date(commitment, date(year, 1, 1), Precision.YEAR, **reason, by=coordinator, at=at)
        commitment.refresh_from_db()
        seen += events(commitment)

    assert [event["sequence"] for event in seen] == [0, 1, 2]
    assert len({event["uid"] for event in seen}) == 1
    assert [event["dtstart"].dt.year for event in seen] == [2026, 2027, 2028]


def test_lines_are_folded_and_end_as_the_standard_wants():
    title = "Görüşmeler; ikinci tur, " * 8
    raw = calendar(
        with_moves([make_commitment(due=(date(2028, 12, 31), "year", "text"), title=title)]), language="tr", at=AT
    )

    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert Calendar.from_ical(raw).walk("VEVENT")[0]["summary"].startswith(f"1.1 {title}"[:100])
