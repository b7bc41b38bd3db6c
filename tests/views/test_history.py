from datetime import timedelta

import pytest
from django.test import Client

from commitments.actions.assignment import name_officer, set_lead
from commitments.actions.people import set_role
from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role, Status, Visibility
from commitments.models import Change
from tests.make import AT, make_assignment, make_body, make_commitment, make_user
from tests.views.kit import csv_rows

FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def commitment(db):
    commitment = make_commitment()
    make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    return commitment


@pytest.fixture
def ours(commitment):
    return commitment.assignments.get(party__code="TR")


@pytest.fixture
def officer(ours):
    return make_user(Role.OFFICER, ours.lead, name="Ayşe")


def browser_of(person):
    browser = Client()
    browser.force_login(person)
    return browser


def note(ours, by, text="Talks began", **fields):
    return record_progress(ours, NewNote(text=text, **fields), by=by, at=fields.pop("at", AT))


def history_of(commitment):
    return f"/statements/{commitment.statement.slug}/{commitment.ref}/history/"


def test_the_history_of_a_commitment_tells_who_did_what_in_words(commitment, ours, officer):
    note(ours, officer, status=Status.UNDER_WAY)
    coordinator = make_user(Role.COORDINATOR)
    name_officer(ours, officer, by=coordinator, at=AT)

    html = browser_of(officer).get(history_of(commitment)).content.decode()

    assert "Not assessed →" in html
    assert "Under way" in html
    assert "nobody →" in html
    assert "Talks began" in html


def test_the_history_of_a_person_holds_own_acts_and_those_on_the_account(ours, officer):
    note(ours, officer)
    coordinator = make_user(Role.COORDINATOR, make_body())
    set_role(officer, Role.MANAGER, by=coordinator, at=AT)
    set_role(make_user(body=ours.lead), Role.MANAGER, by=coordinator, at=AT)

    html = browser_of(coordinator).get(f"/people/{officer.pk}/history/").content.decode()

    assert 'data-total="2"' in html
    assert "Desk officer →" in html


def test_the_history_of_a_body_holds_its_people_and_what_it_leads(ours, officer):
    note(ours, officer)
    set_lead(ours, ours.lead, by=make_user(Role.COORDINATOR, make_body()), at=AT)
    other = make_assignment()
    note(other, make_user(body=other.lead))

    html = browser_of(officer).get(f"/bodies/{ours.lead.code}/history/").content.decode()

    assert 'data-total="2"' in html


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("act=note_added", 2),
        ("act=status_changed", 1),
        ("side=TR", 3),
        ("side=MY", 0),
        ("since=2026-11-25", 1),
        ("until=2026-11-24", 2),
        ("since=2026-11-25&until=2026-11-24", 0),
    ],
)
def test_it_is_filtered(ours, officer, query, count):
    note(ours, officer, status=Status.UNDER_WAY)
    record_progress(ours, NewNote(text="More"), by=officer, at=AT + timedelta(days=1))

    assert f'data-total="{count}"' in browser_of(officer).get(f"/history/?{query}").content.decode()
    assert len(csv_rows(browser_of(officer).get(f"/history.csv?{query}"))) == count


def test_the_csv_holds_nothing_that_a_spreadsheet_would_run(ours, officer):
    for start in ("=", "+", "-", "@", "\t=", " =", "\n=", "＝"):
        note(ours, officer, text=f"{start}1+1")
    note(ours, officer, text=FORMULA)

    rows = csv_rows(browser_of(officer).get("/history.csv"))

    assert len(rows) == 9
    for row in rows:
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), cell
    assert f"'{FORMULA}" in [row["Note"] for row in rows]


def test_the_other_sides_own_notes_are_in_neither(ours, officer):
    note(ours, officer, text="Only for us", visibility=Visibility.OWN)
    other = browser_of(make_user(Role.COORDINATOR, make_body("MY")))

    assert "Only for us" not in other.get("/history/").content.decode()
    assert csv_rows(other.get("/history.csv")) == []


@pytest.mark.parametrize(
    "query",
    [
        "person=999999999999999999999",
        "person=-1",
        "person=x",
        "person=1&person=2",
        "body=../../etc",
        "act=drop",
        "side=%00",
        "since=0000-00-00",
        "since=9999-12-31",
        "since=0001-01-01",
        "until=10000-01-01",
        "page=-1",
        "page=999999999999",
        "page=%F0%28%8C%28",
        "statement=%FF",
        "ref=" + "9" * 500,
        "by__password__startswith=a",
        "order=by__password",
    ],
)
def test_a_strange_question_is_a_plain_page(ours, officer, query):
    note(ours, officer)
    browser = browser_of(officer)

    assert browser.get(f"/history/?{query}").status_code == 200
    assert browser.get(f"/history.csv?{query}").status_code in (200, 404)


def test_a_scope_in_the_address_is_not_widened_by_the_question(commitment, ours, officer):
    note(ours, officer)
    other = make_assignment()
    note(other, make_user(body=other.lead))

    page = browser_of(officer).get(f"{history_of(commitment)}?statement=&ref={other.commitment.ref}")

    assert 'data-total="1"' in page.content.decode()


def test_strangers_find_no_history(commitment, ours, officer):
    note(ours, officer)
    stranger = browser_of(make_user(Role.COORDINATOR, make_body("QA")))

    assert stranger.get(history_of(commitment)).status_code == 404
    assert stranger.get(f"/people/{officer.pk}/history/").status_code == 404
    assert stranger.get(f"/bodies/{ours.lead.code}/history/").status_code == 404
    assert 'data-total="0"' in stranger.get("/history/").content.decode()


def test_a_long_history_is_paged_and_asks_the_database_the_same(ours, officer, django_assert_max_num_queries):
    for number in range(60):
        note(ours, officer, text=f"Note {number}")
    browser = browser_of(officer)
    browser.get("/history/")

    with django_assert_max_num_queries(25):
        html = browser.get("/history/?page=2").content.decode()
    assert "Note 0" in html
    assert Change.objects.count() == 60
