"""What changed between two days: in the order of the statement, only what may be seen, as a page and as files."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from commitments.actions.deadline import decide_date, propose_date
from commitments.actions.milestone import MilestoneFacts, add_milestone, change_milestone, finish_milestone
from commitments.actions.progress import NewEvidence, NewNote, record_progress
from commitments.actions.takeback import take_back
from commitments.domain.codes import Precision, Role, Status, Visibility
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.kit import browser_of, words

pytestmark = pytest.mark.django_db
OWN_WORD = "Alonequx"


def ago(days):
    return AT - timedelta(days=days)


@pytest.fixture(autouse=True)
def still_clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def people():
    return {side: make_user(Role.COORDINATOR, make_body(side)) for side in ("TR", "MY")}


@pytest.fixture
def statement(people):
    """Two commitments: the second one changes first; twenty days ago and ten days ago something was said."""
    statement = make_statement()
    first, second = make_commitment(statement, title="Firstly"), make_commitment(statement, title="Secondly")
    for commitment in (first, second):
        for side in ("TR", "MY"):
            make_assignment(commitment, side)
    part = second.assignments.get(party__code="TR")
    by = people["TR"]
    record_progress(part, NewNote(text="Long before", status=Status.NOT_STARTED), by=by, at=ago(40))
    paper = [NewEvidence("Minutes", url="https://example.org/minutes")]
    begun = NewNote(text="Talks began", status=Status.UNDER_WAY, evidence=paper)
    record_progress(part, begun, by=by, at=ago(20))
    record_progress(part, NewNote(text="Nearly there", status=Status.SUBSTANTIALLY_DONE), by=by, at=ago(12))
    record_progress(part, NewNote(text=OWN_WORD, visibility=Visibility.OWN), by=by, at=ago(10))
    slip = record_progress(part, NewNote(text="Slipped in", status=Status.ON_HOLD), by=by, at=ago(9))
    part.refresh_from_db()
    take_back(slip, by=by, at=ago(9), version=part.version)
    change = propose_date(first, TODAY, Precision.YEAR, reason="So", visibility="both", by=by, at=ago(8))
    decide_date(change, agrees=True, by=people["MY"], at=ago(8))
    return statement


def asked(**query):
    return {"since": ago(30).date().isoformat(), "until": TODAY.isoformat(), **query}


def page(statement):
    return reverse("statement_changes", args=[statement.slug])


def rows_of(browser, statement, **query):
    response = browser.get(reverse("changes_file", args=[statement.slug]), asked(format="csv", **query))
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_changes_come_in_the_order_of_the_statement_and_steps_are_told_whole(statement, people):
    rows = rows_of(browser_of(people["TR"]), statement, edition="shared")[1:]
    told = [(row[1], row[4], row[5], row[6], row[7]) for row in rows if len(row) > 9]

    assert told == [
        ("Firstly", "Date", "No date", "2026", ""),
        ("Secondly", "Status", "Not started", "Substantially done", ""),
        ("Secondly", "Note", "", "", "Talks began"),
        ("Secondly", "Note", "", "", "Nearly there"),
        ("Secondly", "Evidence", "", "", "Minutes https://example.org/minutes"),
    ]


def test_what_was_taken_back_is_not_told(statement, people):
    assert "Slipped in" not in words(browser_of(people["TR"]).get(page(statement), asked()))


def test_the_own_word_is_in_the_own_edition_alone(statement, people):
    ours, theirs = browser_of(people["TR"]), browser_of(people["MY"])

    assert OWN_WORD in words(ours.get(page(statement), asked()))
    assert OWN_WORD not in words(ours.get(page(statement), asked(edition="shared")))
    assert OWN_WORD not in words(theirs.get(page(statement), asked()))
    for row in rows_of(theirs, statement):
        assert OWN_WORD not in "".join(row)


def test_a_milestone_is_told_as_its_way_and_one_that_was_kept_is_new_to_the_other_side(statement, people):
    part = statement.commitments.get(ref="1.1").assignments.get(party__code="TR")
    days, by = [TODAY + timedelta(days=30), TODAY + timedelta(days=60)], people["TR"]
    kept = MilestoneFacts(OWN_WORD, days[0], Precision.DAY, Visibility.OWN)
    step = add_milestone(part, kept, by=by, at=ago(40))
    shared = MilestoneFacts("Draft sent", days[1], Precision.DAY)
    change_milestone(step, shared, version=0, by=by, at=ago(7))
    done = add_milestone(part, MilestoneFacts("Talks held", days[0], Precision.DAY), by=by, at=ago(6))
    finish_milestone(done, ago(5).date(), version=0, by=by, at=ago(5))

    def told(edition):
        rows = rows_of(browser_of(by), statement, edition=edition)
        return [(row[5], row[6], row[7]) for row in rows if len(row) > 9 and row[4] == "Milestone"]

    assert told("own") == [
        (f"“{OWN_WORD}”, 24 December 2026", "23 January 2027", "Draft sent"),
        ("new", "Done on 19 Nov 2026", "Talks held"),
    ]
    assert told("shared") == [
        ("new", "23 January 2027", "Draft sent"),
        ("new", "Done on 19 Nov 2026", "Talks held"),
    ]
    assert "Milestone “Draft sent”: new" in words(browser_of(people["MY"]).get(page(statement), asked()))


def test_only_what_lies_between_the_days_is_told(statement, people):
    browser = browser_of(people["TR"])
    after = words(browser.get(page(statement), asked(since=ago(12).date().isoformat())))

    assert "Long before" not in words(browser.get(page(statement), asked()))
    assert "Nearly there" not in after
    assert OWN_WORD in after
    assert "Nothing changed" in words(browser.get(page(statement), asked(since=ago(2).date().isoformat())))


def test_word_and_excel_hold_the_same(statement, people):
    address = reverse("changes_file", args=[statement.slug])
    browser = browser_of(people["TR"])
    word = Document(io.BytesIO(browser.get(address, asked(format="docx")).content)).element.xml
    book = load_workbook(io.BytesIO(browser.get(address, asked(format="xlsx")).content))

    assert "Talks began" in word
    assert "Not started → Substantially done" in word
    assert book.worksheets[0].max_row == 7
    assert book.worksheets[0]["A2"].value == "1.1"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"since": "soon"}, "Enter a valid date"),
        ({"until": "2030-01-01"}, "has not come yet"),
        ({"since": "2026-11-24", "until": "2026-11-24"}, "Choose an earlier day"),
        ({"edition": "theirs"}, "Select a valid choice"),
    ],
)
def test_days_that_make_no_time_are_refused(statement, people, query, said):
    browser = browser_of(people["TR"])
    response = browser.get(page(statement), asked(**query))

    assert response.status_code == 422
    assert said in words(response)
    assert browser.get(reverse("changes_file", args=[statement.slug]), asked(format="csv", **query)).status_code == 404
