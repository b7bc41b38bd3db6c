"""Undo, as a button beside what was just recorded."""

import re

import pytest

from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role, Status
from commitments.models import Assignment, ProgressNote
from tests.make import AT, make_assignment, make_body, make_user
from tests.views.kit import address, browser_of, note, page_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def part():
    return make_assignment(lead=make_body())


@pytest.fixture
def officer(part):
    return make_user(Role.OFFICER, part.lead)


def undo_button(response) -> str:
    return re.search(r'action="(/notes/\d+/take-back/\?version=\d+)"', response.content.decode())[1]


def status_of(part) -> str:
    return Assignment.objects.get(pk=part.pk).status


def change_status(browser, part, **headers):
    data = {"status": "under_way", "visibility": "both", "version": "0", "next": "/commitments/"}
    return browser.post(address("change_status", part), data, headers=headers, follow=not headers)


def test_a_status_is_taken_back_by_the_button_beside_it(part, officer):
    browser = browser_of(officer)
    response = change_status(browser, part)
    assert status_of(part) == Status.UNDER_WAY

    response = browser.post(undo_button(response), follow=True)

    assert status_of(part) == Status.NOT_ASSESSED
    assert f"Taken back. {part.commitment.ref}, Türkiye: Not assessed." in words(response)


def test_in_the_row_the_answer_is_the_row_again(part, officer):
    browser = browser_of(officer)
    response = change_status(browser, part, **{"hx-request": "true"})

    response = browser.post(undo_button(response), headers={"hx-request": "true"})

    assert f'<tr id="c-{part.commitment_id}">' in response.content.decode()
    assert "Not assessed" in words(response)


@pytest.mark.parametrize(
    ("name", "data"),
    [("progress_note", note(text="Too early")), ("nothing_new", {"version": "0"})],
    ids=["note", "nothing"],
)
def test_a_note_and_nothing_new_are_taken_back_too(part, officer, name, data):
    browser = browser_of(officer)
    response = browser.post(address(name, part), data, follow=True)

    browser.post(undo_button(response))

    page = browser.get(page_of(part.commitment))
    assert not ProgressNote.objects.standing().exists()
    assert "took back what was recorded" in words(page)
    assert "Taken back on 24 Nov 2026" in words(page)


def test_what_somebody_else_changed_stays_and_is_told(part, officer):
    browser = browser_of(officer)
    button = undo_button(change_status(browser, part))
    record_progress(part, NewNote(text="Meanwhile"), by=make_user(Role.MANAGER, part.lead), at=AT)

    response = browser.post(button, follow=True)

    assert status_of(part) == Status.UNDER_WAY
    assert "somebody has changed this since" in words(response)


@pytest.mark.parametrize("query", ["", "?version=x", "?version=99999999999999999999"])
def test_an_undo_that_says_nothing_of_what_was_seen_changes_nothing(part, officer, query):
    browser = browser_of(officer)
    button = undo_button(change_status(browser, part))

    assert browser.post(button.partition("?")[0] + query).status_code == 302
    assert status_of(part) == Status.UNDER_WAY


def test_following_a_link_takes_nothing_back(part, officer):
    browser = browser_of(officer)
    button = undo_button(change_status(browser, part))

    assert browser.get(button).status_code == 405
