"""Asking for an update: one button on the commitment's page and the overview, and where the answer is seen."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from commitments.actions.progress import confirm_nothing_new
from commitments.actions.update_request import ask_for_update
from commitments.domain.codes import Role
from commitments.models import UpdateRequest, UpdateRequestState
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_user
from tests.views.kit import address, browser_of, page_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return make_body("TR", "TR-MOT")


@pytest.fixture
def officer(body):
    return make_user(Role.OFFICER, body, name="Deniz")


@pytest.fixture
def manager(body):
    return make_user(Role.MANAGER, body, name="Selim")


@pytest.fixture
def part(body, officer):
    return make_assignment(make_commitment(), "TR", body, officer=officer, update_due_on=TODAY.replace(month=4))


def test_one_click_asks_and_one_takes_it_back(part, manager):
    browser = browser_of(manager)

    asked = browser.post(address("update_request", part), {"text": "How far?"}, follow=True)
    assert "Deniz is asked for an update" in words(asked)
    assert "Selim asked for an update" in words(asked)
    assert "How far?" in words(asked)
    again = browser.post(address("update_request", part), follow=True)
    assert "asked for already" in words(again)
    request = UpdateRequest.objects.get()
    back = browser.post(f"{address('update_request', part)}{request.pk}/withdraw/", follow=True)

    assert "The request is taken back." in words(back)
    assert UpdateRequest.objects.get().state == UpdateRequestState.WITHDRAWN


def test_a_row_of_the_list_asks_with_one_click_and_needs_no_script(part, officer, manager):
    browser, here = browser_of(manager), "/commitments/?side=TR"
    row = browser.get(here).content.decode()
    assert f'form="ask" formaction="{address("update_request", part)}"' in row
    assert '<form id="ask" method="post" hidden>' in row

    asked = browser.post(address("update_request", part), {"next": here}, follow=True)

    assert asked.redirect_chain[-1][0] == here
    assert "Update asked for" in words(asked)
    assert 'form="ask"' not in asked.content.decode()
    assert "ask" not in browser_of(officer).get(here).context["askings"]


def test_the_button_stands_where_one_may_ask(part, officer, manager):
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    stranger = make_user(Role.COORDINATOR, make_body("MY"))
    action = f'action="{address("update_request", part)}"'

    shown = {
        person.name: (
            action in browser_of(person).get(page_of(part.commitment)).content.decode(),
            action in browser_of(person).get("/").content.decode(),
        )
        for person in (manager, coordinator, officer, stranger)
    }

    assert shown == {
        manager.name: (True, True),
        coordinator.name: (True, True),
        officer.name: (False, False),
        stranger.name: (False, False),
    }


def test_the_overview_comes_back_with_the_question_asked(part, manager):
    response = browser_of(manager).post(address("update_request", part), {"next": "/"}, follow=True)

    assert response.request["PATH_INFO"] == "/"
    assert "Update asked for" in words(response)


def test_the_officer_finds_it_among_the_own_work_and_on_the_page(part, officer, manager):
    part.update_due_on = None
    part.save()
    ask_for_update(part, text="How far?", by=manager, at=AT)
    browser = browser_of(officer)

    for place in (reverse("my_work"), page_of(part.commitment)):
        page = words(browser.get(place))
        assert "Selim asked for an update" in page
        assert "How far?" in page
    confirm_nothing_new(part, by=officer, at=AT)
    assert "How far?" not in words(browser.get(reverse("my_work")))


def test_who_asked_sees_whether_it_was_answered(part, officer, manager):
    ask_for_update(part, by=manager, at=AT)
    browser = browser_of(manager)
    assert "not answered yet" in words(browser.get(reverse("my_work")))

    confirm_nothing_new(part, by=officer, at=AT)

    for place in (reverse("my_work"), page_of(part.commitment)):
        assert "Deniz answered on" in words(browser.get(place))
    with time_machine.travel(AT + timedelta(days=15)):
        assert "Deniz answered on" not in words(browser.get(reverse("my_work")))


def test_the_other_side_never_hears_of_it(part, manager):
    stranger = browser_of(make_user(Role.COORDINATOR, make_body("MY")))
    before = words(stranger.get(page_of(part.commitment)))

    request = ask_for_update(part, text="How far?", by=manager, at=AT)

    assert words(stranger.get(page_of(part.commitment))) == before
    withdraw = f"{address('update_request', part)}{request.pk}/withdraw/"
    assert stranger.post(withdraw).status_code == 404
