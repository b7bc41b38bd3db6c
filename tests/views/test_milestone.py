"""Milestones on the page of their commitment: added in half a minute, met with one click, each side's own unseen."""

from datetime import date

import pytest
from django.urls import reverse

from commitments.actions.milestone import MilestoneFacts, add_milestone, finish_milestone
from commitments.domain.codes import Precision, Role, Visibility
from commitments.models import Milestone
from tests.make import AT, make_assignment, make_user
from tests.views.kit import address, browser_of, page_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return make_assignment()


@pytest.fixture
def officer(ours):
    return make_user(body=ours.lead)


@pytest.fixture
def counterpart(ours):
    return make_user(body=make_assignment(ours.commitment, "MY").lead)


def a_step(ours, officer, title="Draft sent", visibility=Visibility.BOTH):
    facts = MilestoneFacts(title, date(2027, 2, 3), Precision.QUARTER, visibility)
    return add_milestone(ours, facts, by=officer, at=AT)


def of(milestone, name):
    commitment = milestone.assignment.commitment
    return reverse(name, args=(commitment.statement.slug, commitment.ref, milestone.pk))


def typed(**fields):
    return {"title": "Draft sent", "day": "2027-02-03", "precision": "quarter", "visibility": "both", **fields}


def test_a_step_is_added_on_the_page_and_stands_there_as_precise_as_it_is(ours, officer):
    response = browser_of(officer).post(address("milestone_add", ours), typed(), follow=True)

    page = words(response)
    assert "The milestone is added." in page
    assert "Draft sent" in page
    assert "Q1 2027" in page
    assert "31 Mar 2027" not in page
    assert "added a milestone: Draft sent, Q1 2027, Both sides" in page


def test_what_cannot_be_saved_comes_back_with_what_was_typed(ours, officer):
    response = browser_of(officer).post(address("milestone_add", ours), typed(day="", title="Half done"))

    assert response.status_code == 422
    assert 'value="Half done"' in response.content.decode()
    assert not Milestone.objects.exists()


def test_one_click_says_that_it_is_met(ours, officer):
    milestone = a_step(ours, officer)

    response = browser_of(officer).post(of(milestone, "milestone_step"), {"step": "done", "version": 0}, follow=True)

    assert "The milestone is met." in words(response)
    assert "Done on" in words(response)


def test_a_change_shows_what_stood_before(ours, officer):
    milestone = a_step(ours, officer)
    browser = browser_of(officer)
    assert 'value="Draft sent"' in browser.get(f"{page_of(ours.commitment)}?milestone={milestone.pk}").content.decode()

    response = browser.post(
        of(milestone, "milestone_change"), typed(title="Draft sent", day="2027-09-30", version=0), follow=True
    )

    assert "changed a milestone: Q1 2027 → Draft sent, Q3 2027" in words(response)


def test_who_was_quicker_is_not_overwritten(ours, officer):
    milestone = a_step(ours, officer)
    finish_milestone(milestone, AT.date(), version=0, by=officer, at=AT)

    response = browser_of(officer).post(of(milestone, "milestone_step"), {"step": "drop", "version": 0})

    assert response.status_code == 422
    assert "Somebody has changed this since you opened it." in words(response)


def test_the_other_side_sees_shared_ones_and_changes_none(ours, officer, counterpart):
    shared, own = a_step(ours, officer), a_step(ours, officer, "Bargain low", Visibility.OWN)
    browser = browser_of(counterpart)

    page = words(browser.get(page_of(ours.commitment)))
    assert "Draft sent" in page
    assert "Bargain" not in page
    assert "Bargain low" in words(browser_of(officer).get(page_of(ours.commitment)))
    assert browser.post(of(shared, "milestone_step"), {"step": "drop", "version": 0}).status_code == 403
    assert browser.post(of(own, "milestone_step"), {"step": "drop", "version": 0}).status_code == 404


def test_a_reader_sees_and_has_no_form(ours, officer):
    a_step(ours, officer)

    page = words(browser_of(make_user(Role.READER, ours.lead)).get(page_of(ours.commitment)))

    assert "Draft sent" in page
    assert "Add a milestone" not in page


def test_a_step_that_is_none_is_not_found(ours, officer):
    milestone = a_step(ours, officer)

    assert browser_of(officer).post(of(milestone, "milestone_step"), {"step": "x", "version": 0}).status_code == 404


def test_the_timeline_shows_open_ones_to_those_who_may_know_of_them(ours, officer, counterpart):
    a_step(ours, officer)
    a_step(ours, officer, "Bargain low", Visibility.OWN)
    over = a_step(ours, officer, "Talks held")
    finish_milestone(over, AT.date(), version=0, by=officer, at=AT)

    def overview(person):
        return browser_of(person).get(reverse("overview")).content.decode()

    assert 'class="m-open"' in overview(officer)
    assert "1.1, milestone: Draft sent: Q1 2027" in overview(officer)
    assert "Bargain low" in overview(officer)
    assert "Draft sent" in overview(counterpart)
    assert "Bargain" not in overview(counterpart)
    assert "Talks held" not in overview(officer)
