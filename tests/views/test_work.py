"""The list of what a person owes: who is asked for what, in which order, and how a line leaves it."""

import re
from datetime import date

import pytest
from django.test import Client

from commitments.domain.codes import Basis, Precision, Role, Status
from commitments.models import Assignment, ProgressNote
from commitments.queries.worklist import Reason, lines_of, list_owed, owed_by, urgencies, with_details
from tests.make import TODAY, make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.pages import total

pytestmark = pytest.mark.django_db
LATE, FRESH = date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture
def ministry():
    return make_body("TR")


@pytest.fixture
def officer(ministry):
    return make_user(Role.OFFICER, ministry)


def due(on):
    return (on, Precision.DAY, Basis.SET)


def owed(person):
    rows = list_owed(with_details(owed_by(person, TODAY), person, TODAY), TODAY)
    return [(row.assignment.commitment.ref, [reason.name for reason in row.reasons]) for row in rows]


def page(person, address="/my-work/"):
    client = Client()
    client.force_login(person)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("on", "update", "reasons"),
    [
        (date(2026, 11, 23), None, ["OVERDUE"]),
        (date(2026, 11, 24), None, ["DUE_THIS_WEEK"]),
        (date(2026, 12, 1), None, ["DUE_THIS_WEEK"]),
        (date(2026, 12, 2), None, ["DUE_SOON"]),
        (date(2026, 12, 24), None, ["DUE_SOON"]),
        (date(2026, 12, 25), None, []),
        (None, LATE, ["UPDATE_DUE"]),
        (None, FRESH, []),
        (date(2026, 11, 23), LATE, ["OVERDUE", "UPDATE_DUE"]),
        (date(2026, 12, 10), LATE, ["UPDATE_DUE", "DUE_SOON"]),
    ],
)
def test_the_reasons_follow_from_the_dates(officer, ministry, on, update, reasons):
    commitment = make_commitment(ref="1.1", due=due(on) if on else None)
    make_assignment(commitment, "TR", lead=ministry, officer=officer, update_due_on=update)

    assert owed(officer) == ([("1.1", reasons)] if reasons else [])


@pytest.mark.parametrize("settled", [Status.DONE, Status.NOT_PURSUED, Status.BEING_HONOURED])
def test_what_is_settled_is_not_owed(officer, ministry, settled):
    make_assignment(make_commitment(due=due(date(2026, 11, 1))), "TR", lead=ministry, officer=officer, status=settled)

    assert owed(officer) == []


def test_the_most_urgent_stands_first(officer, ministry):
    statement = make_statement()
    for ref, on, update in (
        ("1.1", date(2026, 12, 10), None),
        ("1.2", None, LATE),
        ("1.3", date(2026, 11, 26), None),
        ("1.4", date(2026, 11, 20), None),
        ("1.5", date(2026, 11, 10), None),
        ("1.6", None, date(2026, 4, 7)),
    ):
        commitment = make_commitment(statement, ref=ref, due=due(on) if on else None)
        make_assignment(commitment, "TR", lead=ministry, officer=officer, update_due_on=update)

    assert [ref for ref, _ in owed(officer)] == ["1.5", "1.4", "1.3", "1.6", "1.2", "1.1"]


def test_where_nobody_is_named_the_lead_bodys_officers_and_the_coordinator_owe_it(officer, ministry):
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    colleague, elsewhere = make_user(Role.OFFICER, ministry), make_user(Role.OFFICER, make_body("TR"))
    make_assignment(make_commitment(ref="1.1"), "TR", lead=ministry, update_due_on=LATE)

    for person in (officer, colleague):
        assert owed(person) == [("1.1", ["UPDATE_DUE"])]
    assert owed(coordinator) == [("1.1", ["UPDATE_DUE", "NO_OFFICER"])]
    assert owed(elsewhere) == []


def test_where_an_officer_is_named_only_that_officer_and_the_manager_are_asked(officer, ministry):
    colleague, manager = make_user(Role.OFFICER, ministry), make_user(Role.MANAGER, ministry)
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    make_assignment(make_commitment(ref="1.1"), "TR", lead=ministry, officer=officer, update_due_on=LATE)

    assert owed(officer) == owed(manager) == [("1.1", ["UPDATE_DUE"])]
    assert owed(colleague) == owed(coordinator) == []


def test_a_missing_lead_is_the_coordinators_and_a_missing_officer_the_managers_too(ministry):
    statement = make_statement()
    coordinator, manager = make_user(Role.COORDINATOR, make_body("TR")), make_user(Role.MANAGER, ministry)
    make_assignment(make_commitment(statement, ref="1.1"), "TR", lead=ministry)
    orphan = make_assignment(make_commitment(statement, ref="1.2"), "TR")
    Assignment.objects.filter(pk=orphan.pk).update(lead=None)

    assert owed(coordinator) == [("1.2", ["NO_LEAD", "NO_OFFICER"]), ("1.1", ["NO_OFFICER"])]
    assert owed(manager) == [("1.1", ["NO_OFFICER"])]


def test_nobody_owes_what_the_other_side_does_and_a_reader_nothing(ministry):
    make_assignment(make_commitment(), "TR", lead=ministry, update_due_on=LATE)

    assert owed(make_user(Role.READER, ministry)) == []
    assert owed(make_user(Role.COORDINATOR, make_body("MY"))) == []


def test_the_counts_by_reason_add_up(officer, ministry):
    statement = make_statement()
    for on, update in ((date(2026, 11, 1), LATE), (None, LATE), (None, LATE)):
        commitment = make_commitment(statement, due=due(on) if on else None)
        make_assignment(commitment, "TR", lead=ministry, officer=officer, update_due_on=update)

    assert urgencies(lines_of(owed_by(officer, TODAY))) == {Reason.OVERDUE: 1, Reason.UPDATE_DUE: 2}


def test_every_reason_opens_exactly_its_rows(demo, signed_in):
    client = signed_in("coordinator.tr")
    html = client.get("/my-work/").content.decode()

    links = re.findall(r'<a href="(\?reason=[a-z_]+)" data-count="(\d+)"', html)

    assert len(links) >= 2
    for query, number in links:
        assert total(client.get(f"/my-work/{query}").content.decode()) == int(number)


def test_a_line_names_its_reason_and_leads_to_the_note_in_one_step(officer, ministry):
    commitment = make_commitment(ref="1.1", due=due(date(2026, 11, 14)))
    make_assignment(commitment, "TR", lead=ministry, officer=officer)

    html = page(officer)

    assert "1 commitment waits for you" in html
    assert "10 days overdue" in html
    assert f'href="/statements/{commitment.statement.slug}/1.1/#note"' in html


def test_checked_nothing_new_takes_the_line_off_in_one_step_and_comes_back(demo, signed_in):
    client = signed_in("officer.miti")
    html = client.get("/my-work/").content.decode()
    action, version = re.search(r'action="([^"]+/nothing-new/)".*?name="version" value="(\d+)"', html, re.S).groups()

    response = client.post(action, {"version": version, "next": "/my-work/"})

    assert response["Location"] == "/my-work/"
    assert ProgressNote.objects.newest_first().first().is_nothing_new
    after = client.get("/my-work/").content.decode()
    assert action not in after
    assert "Recorded: checked, nothing new." in after


def test_a_form_does_not_lead_to_another_site(demo, signed_in):
    client = signed_in("officer.miti")
    html = client.get("/my-work/").content.decode()
    action, version = re.search(r'action="([^"]+/nothing-new/)".*?name="version" value="(\d+)"', html, re.S).groups()

    response = client.post(action, {"version": version, "next": "https://example.com/"})

    assert response["Location"].startswith("/statements/")


@pytest.mark.parametrize("query", ["?reason=nonsense", "?reason=%00", "?page=x", "?page=-1", "?page=999"])
def test_a_broken_address_shows_the_whole_list(demo, signed_in, query):
    client = signed_in("coordinator.tr")

    response = client.get(f"/my-work/{query}")

    assert response.status_code == 200
    assert total(response.content.decode()) == total(client.get("/my-work/").content.decode())


def test_an_empty_list_says_why(officer, ministry):
    assert "You owe nothing" in page(officer)
    assert "Your role reads" in page(make_user(Role.READER, ministry))
