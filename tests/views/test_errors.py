"""What went wrong is said in plain words, and nothing that was typed is lost."""

import re

import pytest
from django.test import Client

from commitments.domain.codes import Role
from commitments.views.errors import server_error
from tests.make import make_assignment, make_body, make_user

pytestmark = pytest.mark.django_db
TYPED = 'The two ministries met.\n"Quotes" & <tags> stay as typed: İstanbul’da.'


@pytest.fixture
def person():
    return make_user(Role.OFFICER, make_body("TR"))


def browser(person=None, **options):
    client = Client(**options)
    if person:
        client.force_login(person)
    return client


def fields_of(html):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))


def note_address(assignment):
    commitment = assignment.commitment
    return f"/statements/{commitment.statement.slug}/{commitment.ref}/{assignment.party.code}/note/"


def test_an_unknown_address_is_a_plain_page_inside_and_outside(person):
    inside, outside = browser(person).get("/nowhere/"), browser().get("/nowhere/")

    for response in (inside, outside):
        assert response.status_code == 404
        assert "There is nothing at this address" in response.content.decode()
    assert "My work" in inside.content.decode()
    assert "My work" not in outside.content.decode()


def test_a_refusal_gives_its_reason(person):
    assignment = make_assignment(party="MY")

    response = browser(person).get(note_address(assignment).replace("/note/", "/status/"))

    assert response.status_code == 403
    assert "Only the lead body’s officers" in response.content.decode()


def test_an_expired_form_comes_back_with_what_was_typed_and_can_be_sent_again(person):
    assignment = make_assignment(officer=person)
    client = browser(person, enforce_csrf_checks=True)
    typed = {"text": TYPED, "status": "under_way", "visibility": "both", "version": "0"}

    response = client.post(
        note_address(assignment), {**typed, "csrfmiddlewaretoken": "stale"}, headers={"Origin": "http://testserver"}
    )
    html = response.content.decode()

    assert response.status_code == 403
    assert "nothing you typed is lost" in html
    kept = fields_of(html.split('class="card gate')[1])
    assert kept["text"] == TYPED.replace('"', "&quot;").replace("& ", "&amp; ").replace("<tags>", "&lt;tags&gt;")
    again = client.post(note_address(assignment), {**typed, "csrfmiddlewaretoken": kept["csrfmiddlewaretoken"]})
    assert again.status_code == 302
    assert assignment.notes.get().text == TYPED


def test_a_form_of_another_site_is_not_offered_again(person):
    assignment = make_assignment(officer=person)
    client = browser(person, enforce_csrf_checks=True)

    response = client.post(note_address(assignment), {"text": TYPED}, headers={"Origin": "https://example.com"})

    assert response.status_code == 403
    assert "The two ministries met" not in response.content.decode()


def test_one_who_was_signed_out_while_typing_keeps_what_was_typed(person):
    assignment = make_assignment(officer=person)

    response = browser().post(note_address(assignment), {"text": TYPED, "password": "secret-word"})

    html = response.content.decode()
    assert response.status_code == 401
    assert "You were signed out" in html
    assert "The two ministries met." in html
    assert "secret-word" not in html


def test_a_stranger_with_an_empty_form_is_sent_to_sign_in(person):
    response = browser().post("/my-work/")

    assert response.status_code == 302


def test_a_body_that_is_too_large_is_refused_with_advice(person, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assignment = make_assignment(officer=person)

    response = browser(person).post(note_address(assignment), {"text": "x" * 5000})

    assert response.status_code in (400, 413)
    assert "too large" in response.content.decode()


def test_an_error_of_the_server_is_a_page_that_asks_nothing_of_the_database(person, django_assert_num_queries, rf):
    with django_assert_num_queries(0):
        response = server_error(rf.get("/"))

    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()
