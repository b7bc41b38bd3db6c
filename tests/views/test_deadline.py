from datetime import date

import pytest
from django.test import Client

from commitments.domain.codes import Role
from commitments.models import DateChange, DateRemark
from tests.make import make_assignment, make_body, make_commitment, make_user

FORM = {"day": "2027-05-04", "precision": "quarter", "reason": "The works are late", "visibility": "both"}


@pytest.fixture
def commitment(db):
    commitment = make_commitment()
    make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    return commitment


def as_one_of(role, party="TR", body=None):
    browser = Client()
    browser.force_login(make_user(role, body or make_body(party)))
    return browser


def page(commitment, end=""):
    return f"/statements/{commitment.statement.slug}/{commitment.ref}/date/{end}"


def lead(commitment, party="TR"):
    return commitment.assignments.get(party__code=party).lead


def test_a_date_is_proposed_decided_by_both_and_shown(commitment):
    officer = as_one_of(Role.OFFICER, body=lead(commitment))
    assert officer.post(page(commitment), FORM).status_code == 302
    change = DateChange.objects.get()

    for party in ("TR", "MY"):
        coordinator = as_one_of(Role.COORDINATOR, party)
        assert "The works are late" in coordinator.get(page(commitment)).content.decode()
        assert coordinator.get("/dates/").content.decode().count(f"#d{change.pk}") == 1
        assert coordinator.post(page(commitment, f"{change.pk}/decide/"), {"agrees": "yes"}).status_code == 302

    commitment.refresh_from_db()
    html = officer.get(page(commitment)).content.decode()
    assert commitment.due_on == date(2027, 6, 30)
    assert "Q2 2027, set by the parties" in html


def test_a_reason_kept_to_one_side_stays_there(commitment):
    officer = as_one_of(Role.OFFICER, body=lead(commitment))
    officer.post(page(commitment), FORM | {"visibility": "own", "reason": "Nobody has started"})
    change = DateChange.objects.get()
    other = as_one_of(Role.COORDINATOR, "MY")

    for _ in range(2):
        html = other.get(page(commitment)).content.decode() + other.get("/dates/").content.decode()
        assert "Nobody has started" not in html
        assert "Nobody has started" in officer.get(page(commitment)).content.decode()
        as_one_of(Role.COORDINATOR).post(
            page(commitment, f"{change.pk}/decide/"), {"agrees": "yes", "words": "We need more time"}
        )

    assert "We need more time" in html


def test_an_unknown_proposal_is_not_found_by_the_other_side(commitment):
    as_one_of(Role.OFFICER, body=lead(commitment)).post(page(commitment), FORM | {"visibility": "own"})
    pk = DateChange.objects.get().pk

    other = as_one_of(Role.COORDINATOR, "MY")
    assert other.post(page(commitment, f"{pk}/decide/"), {"agrees": "yes"}).status_code == 404
    assert other.post(page(commitment, f"{pk}/withdraw/")).status_code == 404


def test_a_reader_may_read_and_not_write(commitment):
    reader = as_one_of(Role.READER)

    assert reader.get(page(commitment)).status_code == 200
    assert reader.post(page(commitment), FORM).status_code == 403
    assert reader.post(page(commitment, "remark/"), {"text": "x", "visibility": "both"}).status_code == 403


def test_a_stranger_finds_nothing(commitment):
    stranger = as_one_of(Role.COORDINATOR, "QA")

    assert stranger.get(page(commitment)).status_code == 404
    assert stranger.post(page(commitment), FORM).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": ""},
        {"day": "0000-00-00"},
        {"day": "10000-01-01"},
        {"day": "9999-12-31"},
        {"day": "2027-02-29"},
        {"precision": "decade"},
        {"reason": ""},
        {"visibility": "everybody"},
        {"day": "\ud800".encode("utf-16", "surrogatepass")},
    ],
)
def test_a_wrong_proposal_comes_back_with_what_was_typed(commitment, wrong):
    refused = as_one_of(Role.COORDINATOR).post(page(commitment), FORM | wrong)

    assert refused.status_code == 422
    assert not DateChange.objects.exists()
    if "reason" not in wrong:
        assert "The works are late" in refused.content.decode()


def test_a_date_in_the_text_offers_no_proposal(db):
    commitment = make_commitment(due=(date(2028, 12, 31), "year", "text"))
    make_assignment(commitment, "TR")
    coordinator = as_one_of(Role.COORDINATOR)

    html = coordinator.get(page(commitment)).content.decode()
    assert "does not move" in html
    assert 'name="day"' not in html
    assert coordinator.post(page(commitment), FORM).status_code == 422
    assert coordinator.post(page(commitment, "remark/"), {"text": "Hardly", "visibility": "own"}).status_code == 302
    assert DateRemark.objects.get().visibility == "own"


def test_a_proposal_of_another_commitment_is_not_decided_from_here(commitment):
    other = make_commitment(commitment.statement)
    make_assignment(other, "TR")
    coordinator = as_one_of(Role.COORDINATOR)
    coordinator.post(page(commitment), FORM)
    pk = DateChange.objects.get().pk

    assert coordinator.post(page(other, f"{pk}/withdraw/")).status_code == 404


def test_two_proposals_sent_at_once_are_one(commitment):
    officer = as_one_of(Role.OFFICER, body=lead(commitment))

    officer.post(page(commitment), FORM)
    again = officer.post(page(commitment), FORM)

    assert again.status_code == 422
    assert DateChange.objects.count() == 1
