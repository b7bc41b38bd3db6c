"""The calendar: a month of dates, as precise as they are known, of whom one asks for."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine

from commitments.actions.meeting import MeetingFacts, plan_meeting
from commitments.domain.codes import Precision, Role, Status
from commitments.models import Holiday, Milestone
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_party, make_statement, make_user
from tests.views.kit import browser_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still_clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def statement():
    return make_statement()


@pytest.fixture
def officer():
    return make_user(Role.OFFICER, make_body("TR"), language="en")


def dated(statement, on, precision="day", basis="text", *, party="TR", lead=None, **fields):
    commitment = make_commitment(statement, due=(on, precision, basis), **fields)
    make_assignment(commitment, party, lead)
    return commitment


def days(response):
    """What each day of the month holds, as it is read: {7: "Deadline …"}."""
    cells = re.findall(
        r"<td[^>]*><p class=\"d\"><time datetime=\"[\d-]+-(\d\d)\">.*?</p>(.*?)</td>", page(response), re.S
    )
    return {int(day): " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for day, cell in cells}


def page(response):
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_a_day_stands_on_its_day_and_a_period_on_none(officer, statement):
    dated(statement, date(2027, 3, 9), title="On a day")
    dated(statement, date(2027, 3, 31), "month", title="In a month")
    dated(statement, date(2027, 3, 31), "quarter", title="In a quarter")
    dated(statement, date(2027, 6, 30), "half", title="In a half")
    dated(statement, date(2027, 12, 31), "year", title="In a year")
    dated(statement, date(2027, 4, 30), "month", title="In another month")
    dated(statement, date(2028, 12, 31), "year", title="In another year")

    response = browser_of(officer).get("/calendar/?year=2027&month=3")

    assert "On a day" in days(response)[9]
    assert not any("In a" in cell for cell in days(response).values())
    periods = re.findall(r"<dt>(.*?)</dt>.*?</span> <span lang=\"en\">(.*?)</span>", page(response), re.S)
    assert periods == [
        ("March 2027", "In a month"),
        ("Q1 2027", "In a quarter"),
        ("First half of 2027", "In a half"),
        ("2027", "In a year"),
    ]
    assert "another" not in page(response)


def test_one_sees_the_own_body_the_own_side_or_all(officer, statement):
    dated(statement, date(2027, 3, 1), title="Of my body", lead=officer.body)
    dated(statement, date(2027, 3, 2), title="Of my side")
    dated(statement, date(2027, 3, 3), title="Of the others", party="MY")
    browser = browser_of(officer)

    def shown(whose):
        held = days(browser.get(f"/calendar/?year=2027&month=3&whose={whose}"))
        return [day for day in (1, 2, 3) if "Of " in held[day]]

    assert shown("body") == [1]
    assert shown("side") == [1, 2]
    assert shown("all") == [1, 2, 3]


def test_an_update_of_the_other_side_stands_where_this_side_may_know_it(officer, statement):
    commitment = make_commitment(statement)
    theirs = {"update_due_on": date(2027, 3, 5), "shared_update_due_on": date(2027, 3, 8)}
    make_assignment(commitment, "MY", **theirs)
    make_assignment(commitment, "TR", **theirs)
    make_assignment(make_commitment(statement), "TR", status=Status.DONE, **theirs)

    held = days(browser_of(officer).get("/calendar/?year=2027&month=3&whose=all"))

    assert "1 update due 1.1 TR" in held[5]
    assert "1 update due 1.1 MY" in held[8]


def test_a_milestone_stands_on_its_day_for_those_who_may_know_it(officer, statement):
    part = make_assignment(make_commitment(statement), "TR")
    step = {"assignment": part, "due_precision": "day", "by": officer, "added_at": AT}
    Milestone.objects.create(title="Draft sent", due_on=date(2027, 3, 4), **step)
    Milestone.objects.create(title="Asked at home", due_on=date(2027, 3, 5), visibility="own", **step)
    Milestone.objects.create(title="Given up", due_on=date(2027, 3, 6), dropped_on=TODAY, **step)
    theirs = make_user(Role.OFFICER, make_body("MY"))

    ours = days(browser_of(officer).get("/calendar/?year=2027&month=3"))
    shared = days(browser_of(theirs).get("/calendar/?year=2027&month=3&whose=all"))

    assert "1.1 Draft sent TR · in 3 months" in ours[4]
    assert "Asked at home" in ours[5]
    assert "Given up" not in ours[6]
    assert "Draft sent" in shared[4]
    assert shared[5] == ""


def test_a_meeting_that_one_side_prepares_is_not_in_the_other_sides_calendar(officer, statement):
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    plan_meeting(statement, MeetingFacts("JCM", "Quiet session", date(2027, 3, 4)), by=coordinator, at=AT)
    loose = MeetingFacts("JCM", "Spring session", date(2027, 3, 4), Precision.QUARTER)
    plan_meeting(statement, loose, by=coordinator, at=AT)
    stranger = make_user(Role.COORDINATOR, make_body("MY"))

    ours = browser_of(officer).get("/calendar/?year=2027&month=3")
    theirs = browser_of(stranger).get("/calendar/?year=2027&month=3")

    assert "Quiet session" in days(ours)[4]
    assert "Q1 2027 Spring session" in words(ours)
    assert " session" not in words(theirs)


def test_holidays_of_both_countries_and_what_was_entered_by_hand(officer, statement):
    Holiday.objects.create(party=make_party("MY"), on=date(2026, 8, 28), name="A bridge")
    Holiday.objects.create(party=make_party("TR"), on=date(2026, 8, 29), name="Made up for", is_day_off=False)

    held = days(browser_of(officer).get("/calendar/?year=2026&month=8"))

    assert held[30] == "TR Victory Day"
    assert held[31] == "MY National Day"
    assert held[28] == "MY A bridge"
    assert held[29] == "TR Made up for (working day)"


@pytest.mark.parametrize(
    ("language", "month", "first", "holiday"),
    [("tr", "Ağustos 2026", "Pzt", "Zafer Bayramı"), ("ms", "Ogos 2026", "Isn", "Hari Kebangsaan")],
)
def test_months_days_and_holidays_are_named_in_the_language_of_the_page(statement, language, month, first, holiday):
    person = make_user(Role.OFFICER, make_body("TR"), language=language)

    response = browser_of(person).get("/calendar/?year=2026&month=8")

    assert f"<h1>{month}</h1>" in page(response)
    assert re.search(r"<th scope=\"col\"><abbr title=\"[^\"]+\">(.*?)</abbr>", page(response))[1] == first
    assert holiday in words(response)


def test_without_a_month_it_is_todays_and_one_steps_on_from_there(officer, statement):
    response = browser_of(officer).get("/calendar/?whose=all")

    assert "<h1>November 2026</h1>" in page(response)
    assert f'aria-current="date" class="bare"><p class="d"><time datetime="{TODAY}"' in page(response)
    assert 'rel="prev" href="?whose=all&year=2026&month=10"' in page(response)
    assert 'rel="next" href="?whose=all&year=2026&month=12"' in page(response)
    assert "“All sides”" not in words(response)


@pytest.mark.parametrize("query", ["year=9999&month=1", "year=2026&month=13", "year=x", "month=%00", "whose=mine"])
def test_a_month_that_there_is_not_is_said_and_todays_is_shown(officer, statement, query):
    response = browser_of(officer).get(f"/calendar/?{query}")

    assert response.status_code == 422
    assert "There is a problem" in words(response)
    assert "November 2026" in words(response)


@pytest.mark.parametrize("query", ["year=1970&month=1", "year=2100&month=12"])
def test_the_calendar_has_a_first_and_a_last_month(officer, statement, query):
    assert browser_of(officer).get(f"/calendar/?{query}").status_code == 200


def test_one_statement_alone(officer, statement):
    dated(statement, date(2027, 3, 1), title="Of the first")
    other = make_statement()
    dated(other, date(2027, 3, 2), title="Of the second")

    response = browser_of(officer).get(f"/calendar/?year=2027&month=3&statement={other.slug}")

    assert "Of the first" not in page(response)
    assert "Of the second" in days(response)[2]
    assert browser_of(officer).get("/calendar/?statement=nothing-like-this").status_code == 404
