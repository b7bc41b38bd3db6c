"""Changing many commitments from the list, without a script."""

import re

import pytest

from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role, Status
from commitments.models import Assignment, Batch
from commitments.views import batch as batch_views
from tests.make import AT, make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.kit import browser_of, form_value, words

pytestmark = pytest.mark.django_db
PAGE = "/commitments/change/"


@pytest.fixture
def body():
    return make_body()


@pytest.fixture
def parts(body):
    statement = make_statement()
    return [make_assignment(make_commitment(statement), lead=body) for _ in range(3)]


@pytest.fixture
def browser(body):
    return browser_of(make_user(Role.COORDINATOR, body))


def ticked(parts):
    return [f"{part.pk}.{part.version}" for part in Assignment.objects.filter(pk__in=[part.pk for part in parts])]


def form(parts, **values):
    return {"do": "status", "status": "under_way", "text": "", "visibility": "both", "pick": ticked(parts), **values}


def statuses():
    return list(Assignment.objects.order_by("pk").values_list("status", flat=True))


def test_the_list_offers_boxes_to_who_can_change_something_only(parts, body, browser):
    reader = browser_of(make_user(Role.READER, body))

    assert browser.get("/commitments/").content.decode().count('name="pick"') == 3
    assert 'name="pick"' not in reader.get("/commitments/").content.decode()


def test_what_would_change_is_shown_then_done_and_undone_by_one_button(parts, browser):
    page = browser.get(PAGE, {"do": "status", "pick": ticked(parts), "query": "kind=action"})
    assert "Change the status of 3 commitments" in words(page)

    page = browser.post(PAGE, form(parts, query="kind=action"))
    assert "3 will change" in words(page)
    assert statuses() == ["not_assessed"] * 3
    page = browser.post(PAGE, form(parts, save="yes", key=form_value(page, "key"), query="kind=action"), follow=True)
    assert page.redirect_chain[-1][0] == "/commitments/?kind=action"
    assert "3 commitments changed." in words(page)
    assert statuses() == ["under_way"] * 3
    undo = re.search(r'action="(/batches/\d+/take-back/)"', page.content.decode())[1]
    page = browser.post(undo, follow=True)

    assert "3 commitments taken back." in words(page)
    assert statuses() == ["not_assessed"] * 3


def test_what_cannot_change_is_named_with_its_reason(parts, browser):
    page = browser.post(PAGE, form(parts, status="done", text="All of it"))

    assert "3 stay as they are" in words(page)
    assert "Done needs evidence" in words(page)
    assert 'name="save"' not in page.content.decode()


def test_after_a_conflict_it_is_shown_anew_and_nothing_is_written(parts, browser, body):
    sent = form(parts, save="yes")
    record_progress(parts[0], NewNote(text="Meanwhile"), by=make_user(Role.MANAGER, body), at=AT)

    page = browser.post(PAGE, sent)

    assert page.status_code == 409
    assert "Somebody changed some of these meanwhile" in words(page)
    assert statuses() == ["not_assessed"] * 3


def test_all_that_the_filter_leaves_are_chosen_and_no_more(parts, browser, body):
    make_assignment(make_commitment(parts[0].commitment.statement, kind="event"), lead=body)

    page = browser.get(PAGE, {"do": "nothing_new", "all": "yes", "query": "kind=action"})

    assert "Checked, nothing new: 3 commitments" in words(page)
    assert "3 will change" in words(page)


def test_too_many_and_none_at_all_lead_back_with_a_word(parts, browser, monkeypatch):
    monkeypatch.setattr(batch_views, "MOST", 2)

    assert "At most 2 commitments" in words(browser.get(PAGE, {"do": "status", "pick": ticked(parts)}, follow=True))
    assert "Choose commitments first" in words(browser.get(PAGE, {"do": "status"}, follow=True))


@pytest.mark.parametrize("pick", ["", "x", "1", "1.x", "-1.0", "9" * 30 + ".0", "1.0.0"])
def test_a_choice_that_cannot_be_read_changes_nothing(parts, browser, pick):
    response = browser.post(PAGE, form(parts, pick=pick, save="yes"))

    assert response.status_code in (302, 422)
    assert statuses() == ["not_assessed"] * 3


@pytest.mark.parametrize(("role", "kind"), [(Role.OFFICER, "lead"), (Role.OFFICER, "officer"), (Role.READER, "status")])
def test_a_role_that_may_never_do_it_is_refused(parts, body, role, kind):
    browser = browser_of(make_user(role, body))

    assert browser.get(PAGE, {"do": kind, "pick": ticked(parts)}).status_code == 403


def test_a_part_of_another_statement_is_not_even_named(parts):
    stranger = browser_of(make_user(Role.COORDINATOR, make_body("QA")))

    page = stranger.post(PAGE, form(parts), follow=True)

    assert parts[0].commitment.title not in words(page)


def test_the_other_sides_parts_are_not_to_be_changed_by_number(parts, browser):
    foreign = make_assignment(parts[0].commitment, "MY")

    browser.post(PAGE, form([foreign], save="yes"))

    assert Assignment.objects.get(pk=foreign.pk).status == Status.NOT_ASSESSED
    assert not Batch.objects.exists()
