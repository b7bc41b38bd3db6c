import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from commitments.actions.dossier_order import claim_order, make_next, sweep_orders
from commitments.domain.codes import Role
from commitments.models import DossierOrder, User
from tests.make import AT, make_assignment, make_body, make_commitment, make_user
from tests.views.kit import browser_of, words


@pytest.fixture(autouse=True)
def all_are_large(settings):
    settings.DOSSIER_WORKER_FROM = 1


@pytest.fixture
def commitment(db):
    commitment = make_commitment()
    make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    return commitment


@pytest.fixture
def person():
    return make_user(Role.OFFICER, body=make_body("TR"))


def page(commitment):
    return f"/statements/{commitment.statement.slug}/dossier/"


def ordered(commitment, person, query="edition=own", kind="docx"):
    response = browser_of(person).post(f"{page(commitment)}make/?{query}", {"format": kind})
    assert response.status_code == 302, response.content
    return DossierOrder.objects.get(pk=int(response["Location"].strip("/").rpartition("/")[2]))


def test_the_page_of_a_large_one_offers_to_have_it_made(commitment, person):
    response = browser_of(person).get(page(commitment))

    assert "the file is made in the background" in words(response)
    assert "Make Word" in words(response)
    assert "Download Word" not in words(response)


def test_a_link_to_a_large_file_leads_to_its_page(commitment, person):
    response = browser_of(person).get(f"{page(commitment)}file/?format=pdf&edition=own&kind=action")

    assert response.status_code == 302
    assert response["Location"].startswith(page(commitment))
    assert "kind=action" in response["Location"]
    assert not DossierOrder.objects.exists()


def test_a_person_orders_watches_and_fetches_it(commitment, person):
    order, browser = ordered(commitment, person), browser_of(person)
    waiting = browser.get(f"/dossiers/{order.pk}/")
    assert "It waits for its turn" in words(waiting)
    assert '<noscript><meta http-equiv="refresh"' in waiting.content.decode()

    make_next(lambda: AT)
    ready = browser.get(f"/dossiers/{order.pk}/")
    file = browser.get(f"/dossiers/{order.pk}/file/")

    assert "It is ready" in words(ready)
    assert "refresh" not in ready.content.decode()
    assert hashlib.sha256(file.content).hexdigest() in words(ready)
    assert file["Content-Disposition"].endswith('.docx"')
    assert file["Cache-Control"] == "private, no-store"
    assert f'href="/dossiers/{order.pk}/"' in browser.get(page(commitment)).content.decode()


def test_what_is_being_made_shows_how_far_it_is_to_whoever_asks_again(commitment, person):
    order = ordered(commitment, person)
    claim_order(AT)
    DossierOrder.objects.update(done=340, total=2000)

    response = browser_of(person).get(f"/dossiers/{order.pk}/", headers={"hx-request": "true"})

    assert "340 of 2,000 commitments are written." in words(response)
    assert "<html" not in response.content.decode()
    assert 'hx-trigger="every 2s"' in response.content.decode()


def test_what_failed_says_why_and_offers_it_again(commitment, person):
    order = ordered(commitment, person)
    for turn in (1, 2):
        claim_order(AT)
        sweep_orders(AT + turn * timedelta(hours=1))

    html = words(browser_of(person).get(f"/dossiers/{order.pk}/"))

    assert "It could not be made" in html
    assert "It was begun twice" in html
    assert "Make it again" in html
    assert ordered(commitment, person, order.query) != order


def test_what_was_cancelled_says_so(commitment, person):
    order, browser = ordered(commitment, person), browser_of(person)

    browser.post(f"/dossiers/{order.pk}/cancel/")

    assert "It was cancelled" in words(browser.get(f"/dossiers/{order.pk}/"))
    assert browser.get(f"/dossiers/{order.pk}/file/").status_code == 404


@pytest.mark.parametrize(("role", "party"), [(Role.COORDINATOR, "TR"), (Role.COORDINATOR, "MY"), (Role.READER, "ID")])
def test_nobody_else_gets_at_it(commitment, person, role, party):
    order = ordered(commitment, person)
    make_next(lambda: AT)
    browser = browser_of(make_user(role, body=make_body(party)))

    assert browser.get(f"/dossiers/{order.pk}/").status_code == 404
    assert browser.get(f"/dossiers/{order.pk}/file/").status_code == 404
    assert browser.post(f"/dossiers/{order.pk}/cancel/").status_code == 404
    assert Client().get(f"/dossiers/{order.pk}/file/").status_code == 302


def test_who_changes_sides_does_not_take_the_file_along(commitment, person):
    order = ordered(commitment, person)
    make_next(lambda: AT)
    User.objects.filter(pk=person.pk).update(body=make_body("MY"))

    assert browser_of(User.objects.get(pk=person.pk)).get(f"/dossiers/{order.pk}/file/").status_code == 404


def test_a_file_that_is_kept_no_longer_is_not_to_be_had(commitment, person, settings):
    order = ordered(commitment, person)
    make_next(lambda: AT)

    with time_machine.travel(AT + timedelta(days=settings.DOSSIER_KEPT_DAYS, hours=1)):
        assert browser_of(person).get(f"/dossiers/{order.pk}/file/").status_code == 404


@pytest.mark.parametrize(("query", "kind"), [("", "exe"), ("", ""), ("kind=x", "pdf"), ("edition=MY", "pdf")])
def test_an_order_that_cannot_be_read_is_not_found(commitment, person, query, kind):
    assert browser_of(person).post(f"{page(commitment)}make/?{query}", {"format": kind}).status_code == 404


def test_a_dossier_as_it_stood_is_ordered_for_its_day(commitment, person):
    order = ordered(commitment, person, "as_of=2026-02-01", "xlsx")
    make_next(lambda: AT)

    order.refresh_from_db()
    assert order.name.endswith("-shared-2026-02-01.xlsx")
    assert "1 February 2026" in words(browser_of(person).get(f"/dossiers/{order.pk}/"))
