"""One government alone: what the other side reports is written down on the commitment's page, and marked as such."""

import pytest
from django.urls import reverse

from commitments.domain.codes import Role, Status
from commitments.models import Change, ProgressNote
from tests.make import make_assignment, make_body, make_commitment, make_user
from tests.views.kit import address, browser_of, csv_rows, note, page_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment(settings):
    settings.SINGLE_PARTY = True
    commitment = make_commitment()
    for code in ("TR", "MY"):
        make_assignment(commitment, code)
    return commitment


@pytest.fixture
def theirs(commitment):
    return commitment.assignments.get(party__code="MY")


@pytest.fixture
def browser(commitment):
    return browser_of(make_user(Role.COORDINATOR, make_body("TR"), name="Ayşe Yılmaz"))


def reported(browser, theirs, **values):
    return browser.post(address("progress_note", theirs), note(text="The embassy says that talks began.", **values))


def test_the_page_offers_the_form_for_the_other_side(browser, commitment):
    page = browser.get(page_of(commitment)).content.decode()
    form = browser.get(page_of(commitment), {"reports": "MY"})

    assert "?reports=MY#note" in page
    assert "What Malaysia reports" in words(form)
    assert "Malaysia only" not in words(form)
    assert browser.get(page_of(commitment), {"reports": "QA"}).status_code == 200


def test_a_report_is_saved_and_marked_on_the_page_in_the_history_and_in_the_csv(browser, commitment, theirs):
    response = reported(browser, theirs, status="under_way")

    assert response.status_code == 302
    theirs.refresh_from_db()
    assert theirs.status == Status.UNDER_WAY
    assert all(change.is_reported for change in Change.objects.all())
    assert "as Malaysia reported" in words(browser.get(page_of(commitment)))
    assert "as Malaysia reported" in words(browser.get(f"{page_of(commitment)}history/"))
    rows = csv_rows(browser.get(reverse("history_csv")))
    assert {row["Side"] for row in rows} == {"Malaysia"}
    assert all("as Malaysia reported" in row["What was done"] for row in rows)


def test_what_cannot_be_saved_comes_back_in_the_form_of_that_side(browser, theirs):
    response = reported(browser, theirs, status="done")

    assert response.status_code == 422
    assert "What Malaysia reports" in words(response)
    assert "The embassy says that talks began." in words(response)


def test_a_report_is_corrected_where_it_was_written(browser, commitment, theirs):
    reported(browser, theirs)
    wrong = ProgressNote.objects.get()
    assert f"?reports=MY&amp;corrects={wrong.pk}#note" in browser.get(page_of(commitment)).content.decode()
    form = browser.get(page_of(commitment), {"reports": "MY", "corrects": wrong.pk})
    assert "Correct a note of Malaysia" in words(form)

    browser.post(address("progress_note", theirs), note(text="They will begin.", corrects=wrong.pk, version=1))

    assert ProgressNote.objects.get(corrects=wrong).text == "They will begin."


def test_the_other_sides_status_can_be_recorded_alone(browser, theirs):
    form = browser.get(address("change_status", theirs))
    browser.post(
        address("change_status", theirs), {"status": "under_way", "text": "", "visibility": "both", "version": 0}
    )

    theirs.refresh_from_db()
    assert form.status_code == 200
    assert theirs.status == Status.UNDER_WAY


def test_an_address_for_the_note_leads_to_the_form(browser, commitment, theirs):
    assert browser.get(address("progress_note", theirs))["Location"] == f"{page_of(commitment)}?reports=MY#note"


@pytest.mark.parametrize("role", [Role.READER, Role.OFFICER, Role.MANAGER])
def test_nobody_but_the_coordinator_is_offered_it(role, commitment, theirs):
    browser = browser_of(make_user(role, make_body("TR")))

    assert "reports=MY" not in browser.get(page_of(commitment)).content.decode()
    assert browser.post(address("progress_note", theirs), note()).status_code == 403


def test_with_an_account_of_the_other_side_it_is_theirs_alone(browser, commitment, theirs):
    make_user(Role.READER, make_body("MY"))

    assert "reports=MY" not in browser.get(page_of(commitment)).content.decode()
    assert reported(browser, theirs).status_code == 403


def test_with_two_sides_nothing_is_marked_as_reported(commitment, settings):
    settings.SINGLE_PARTY = False
    ours = commitment.assignments.get(party__code="TR")
    browser = browser_of(make_user(Role.OFFICER, ours.lead))

    browser.post(address("progress_note", ours), note())

    assert "as Türkiye reported" not in words(browser.get(page_of(commitment)))
