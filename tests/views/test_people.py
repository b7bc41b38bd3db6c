import pytest
from django.core import mail
from django.test import Client

from commitments.actions.inviting import send_invitations
from commitments.domain.codes import Role
from commitments.models import Assignment, Change, Invitation, User
from tests.make import AT, make_assignment, make_body, make_user

PASSWORD = "three quiet herons on the quay"


@pytest.fixture
def body(db):
    return make_body()


@pytest.fixture
def coordinator(body):
    return make_user(Role.COORDINATOR, body)


@pytest.fixture
def browser(coordinator):
    browser = Client()
    browser.force_login(coordinator)
    return browser


def invite_by_form(browser, body, **values):
    form = {"name": "New", "email": "new@example.org", "body": body.pk, "role": "officer", "language": "en", **values}
    return browser.post("/people/invite/", form)


def link():
    return "/invitation/" + mail.outbox[-1].body.split("/invitation/")[1].split()[0]


def test_the_page_shows_the_own_side_alone(browser, body):
    make_user(body=body, name="Of ours")
    make_user(Role.OFFICER, make_body("MY"), name="Of theirs")

    html = browser.get("/people/").content.decode()

    assert "Of ours" in html
    assert "Of theirs" not in html


@pytest.mark.parametrize("role", [Role.READER, Role.OFFICER, Role.MANAGER])
def test_others_are_told_that_the_page_is_the_coordinators(role, body):
    browser = Client()
    browser.force_login(make_user(role, body))

    assert browser.get("/people/").status_code == 403
    assert invite_by_form(browser, body).status_code == 403
    assert not Invitation.objects.exists()


def test_a_person_of_the_other_side_is_not_found(browser, db):
    stranger = make_user(Role.OFFICER, make_body("MY"))

    assert browser.get(f"/people/{stranger.pk}/").status_code == 404
    for act in ("role", "body", "hand-over", "close", "open", "erase"):
        assert browser.post(f"/people/{stranger.pk}/{act}/", {"role": "reader"}).status_code == 404
    assert not Change.objects.exists()


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_a_number_that_is_nobody_is_not_found(browser, pk):
    assert browser.get(f"/people/{pk}/").status_code == 404


def test_an_invited_person_opens_the_account_and_signs_in(browser, body):
    assert invite_by_form(browser, body).status_code == 302
    send_invitations(at=AT)
    stranger = Client()

    page = stranger.get(link())
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    form = {"name": "Neşe", "language": "tr", "password": PASSWORD, "again": PASSWORD}
    assert stranger.post(link(), form).status_code == 302
    signed_in = stranger.post("/account/login/", {"login": "new@example.org", "password": PASSWORD})

    assert signed_in.status_code == 302
    assert signed_in["Location"] == "/"
    assert User.objects.get(email="new@example.org").name == "Neşe"


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", "short"), ("password123456", "password123456"), (PASSWORD, "other"), ("new@example.org",) * 2],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(browser, body, password, again):
    invite_by_form(browser, body)
    send_invitations(at=AT)

    refused = Client().post(link(), {"name": "N", "language": "en", "password": password, "again": again})

    assert refused.status_code == 422
    assert not User.objects.filter(email="new@example.org").exists()
    assert Client().get(link()).status_code == 200


def test_mass_assignment_changes_nothing(browser, body):
    """Whatever else a form carries, an account is what the coordinator made of it."""
    invite_by_form(browser, body, is_staff="1", is_superuser="1")
    send_invitations(at=AT)
    form = {"name": "N", "language": "en", "password": PASSWORD, "again": PASSWORD}
    more = {"role": "coordinator", "is_staff": "1", "is_superuser": "on", "email": "root@example.org", "body": "1"}

    Client().post(link(), form | more)

    person = User.objects.get(email="new@example.org")
    assert (person.role, person.is_staff, person.is_superuser, person.body) == ("officer", False, False, body)


def test_a_foreign_body_is_no_choice(browser):
    refused = invite_by_form(browser, make_body("MY"))

    assert refused.status_code == 422
    assert not Invitation.objects.exists()


def test_a_dead_link_says_so(client, db):
    page = client.get("/invitation/forged/")

    assert page.status_code == 410
    assert "no longer works" in page.content.decode()


def test_invitations_of_the_other_side_are_not_found(browser, body):
    invite_by_form(browser, body)
    other = Client()
    other.force_login(make_user(Role.COORDINATOR, make_body("MY")))
    pk = Invitation.objects.get().pk

    assert other.post(f"/people/invitations/{pk}/revoke/").status_code == 404
    assert "new@example.org" not in other.get("/people/").content.decode()


def test_closing_with_a_successor(browser, body):
    leaver, successor = make_user(body=body), make_user(body=body)
    make_assignment(lead=body, officer=leaver)

    closed = browser.post(f"/people/{leaver.pk}/close/", {"successor": successor.pk})

    assert closed.status_code == 302
    assert Assignment.objects.get().officer == successor
    assert not User.objects.get(pk=leaver.pk).is_active


def test_a_refusal_stands_on_the_page_with_its_reason(browser, coordinator):
    refused = browser.post(f"/people/{coordinator.pk}/role/", {"role": "reader"})

    assert refused.status_code == 422
    assert "only coordinator" in refused.content.decode()


def test_erasure_asks_once(browser, body):
    person = make_user(body=body)
    browser.post(f"/people/{person.pk}/close/")

    assert "for good" in browser.get(f"/people/{person.pk}/erase/").content.decode()
    assert User.objects.get(pk=person.pk).erased_at is None
    assert browser.post(f"/people/{person.pk}/erase/").status_code == 302
    assert User.objects.get(pk=person.pk).erased_at


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7|add:7 }}", "=1+1", "a\x00b", "‮evil", "%s %(x)s"])
def test_a_hostile_name_is_text(browser, body, name):
    invite_by_form(browser, body, name=name)

    html = browser.get("/people/").content.decode()
    assert "<script>alert" not in html
    assert send_invitations(at=AT) == 1
