"""Nothing is reachable without signing in; language, colours and time are each person's own."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from commitments.domain.codes import Role
from tests.make import make_body, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
OPEN = {  # pages that a stranger may read: sign-in and what belongs to it, how to get in, and the health checks
    "accessibility",
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "healthz",
    "readyz",
}
VALUES = {
    "int": "1",
    "slug": "x",
    "str": "x",
    "ref": "1.1",
    "path": "x",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


@pytest.fixture
def person():
    return make_user(Role.OFFICER, make_body("TR"), email="officer@example.org", password=PASSWORD)


def addresses(resolver=None, prefix="/"):
    """Every address there is, with made-up values, by its name."""
    found = {}
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + made_up(str(entry.pattern))
        if isinstance(entry, URLPattern):
            found[entry.name or path] = path
        else:
            found |= addresses(entry, path)
    return found


def made_up(pattern):
    pattern = re.sub(r"\(\?P<\w+>[^()]*\)|\(\?:[^()]*\)|\\Z|[\^$]", "x", pattern) if "^" in pattern else pattern
    return re.sub(r"<(?:(\w+):)?\w+>", lambda part: VALUES[part[1] or "str"], pattern)


def sign_in(client, **fields):
    return client.post("/account/login/", {"login": "officer@example.org", "password": PASSWORD, **fields})


def test_a_stranger_reaches_nothing_but_sign_in_what_leads_to_it_and_the_health_checks(client):
    reached = {}
    for name, address in addresses().items():
        response = client.get(address)
        sent_away = response.status_code == 302 and response["Location"].startswith(
            ("/account/login/", "/admin/login/")
        )
        if response.status_code < 400 and not sent_away:
            reached[name] = response.status_code

    assert set(reached) <= OPEN


def test_signing_in_leads_to_where_one_wanted_to_go(person, client):
    response = sign_in(client, next="/commitments/?q=halal")

    assert response["Location"] == "/commitments/?q=halal"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("address", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(person, client, address):
    assert sign_in(client, next=address)["Location"] == "/"


def test_the_address_may_be_typed_in_capitals(person, client):
    assert sign_in(client, login="Officer@Example.ORG")["Location"] == "/"


@pytest.mark.parametrize("fields", [{"password": "wrong"}, {"login": "nobody@example.org"}])
def test_a_wrong_sign_in_says_so_and_keeps_the_address(person, client, fields):
    response = sign_in(client, **fields)

    html = response.content.decode()
    assert response.status_code in (200, 422)
    assert "There is a problem" in html
    assert f'value="{fields.get("login", "officer@example.org")}"' in html
    assert PASSWORD not in html


def test_a_closed_account_does_not_sign_in(person, client):
    person.is_active = False
    person.save()

    sign_in(client)

    assert client.get("/").status_code == 302


def test_nobody_signs_up(client):
    assert "By invitation only" in client.get("/account/signup/").content.decode()
    response = client.post(
        "/account/signup/", {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "By invitation only" in response.content.decode()


def test_a_lost_password_is_set_anew_by_a_link_in_a_mail(person, client, mailoutbox):
    client.post("/account/password/reset/", {"email": "officer@example.org"})
    link = re.search(r"https?://[^/\s]+(/account/password/reset/key/\S+)", mailoutbox[0].body)[1]
    form = client.get(client.get(link)["Location"])
    action = re.search(r'method="post" action="([^"]+/password/reset/key/[^"]+)"', form.content.decode())[1]

    client.post(action, {"password1": "another-long-password", "password2": "another-long-password"})

    assert sign_in(Client(), password="another-long-password")["Location"] == "/"
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


def test_asking_for_a_link_does_not_tell_whether_an_account_exists(person, client, mailoutbox):
    known = client.post("/account/password/reset/", {"email": "officer@example.org"}, follow=True)
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.org"}, follow=True)

    assert re.sub(r'value="[^"]+"|"X-CSRFToken": "[^"]+"', "", known.content.decode()) == re.sub(
        r'value="[^"]+"|"X-CSRFToken": "[^"]+"', "", unknown.content.decode()
    )


def test_signing_out_asks_first_and_ends_the_session(person, client):
    sign_in(client)

    assert "Do you want to sign out" in client.get("/account/logout/").content.decode()
    client.post("/account/logout/")

    assert client.get("/").status_code == 302


def test_a_language_is_kept_in_the_browser_and_on_the_person(person, client):
    client.post("/language/", {"language": "tr", "next": "/account/login/"})
    before = client.get("/account/login/")
    sign_in(client)
    client.post("/language/", {"language": "ms", "next": "/"})

    person.refresh_from_db()
    after = client.get("/")
    assert '<html lang="tr"' in before.content.decode()
    assert person.language == "ms"
    assert '<html lang="ms"' in after.content.decode()
    assert after["Content-Language"] == "ms"


def test_before_any_choice_the_browsers_language_holds(client):
    response = client.get("/account/login/", headers={"Accept-Language": "tr-TR,tr;q=0.9,en;q=0.5"})

    assert '<html lang="tr"' in response.content.decode()


@pytest.mark.parametrize("code", ["xx", "", "../../etc", "tr\0"])
def test_an_unknown_language_changes_nothing(person, client, code):
    sign_in(client)

    assert client.post("/language/", {"language": code}).status_code == 302
    person.refresh_from_db()
    assert person.language == "en"


def test_colours_are_chosen_per_browser_and_unknown_ones_ignored(client):
    client.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/account/login/").content.decode()

    client.post("/theme/", {"theme": '"><script>'})
    assert 'data-theme="dark"' in client.get("/account/login/").content.decode()

    client.post("/theme/", {"theme": "system"})
    assert "data-theme" not in client.get("/account/login/").content.decode()


def test_a_choice_never_leads_to_another_site(client):
    assert client.post("/theme/", {"theme": "dark", "next": "https://example.com/"})["Location"] == "/"


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        ("", "2026-11-24"),
        ("Pacific/Kiritimati", "2026-11-24"),
        ("Pacific/Pago_Pago", "2026-11-23"),
        ("No/Zone", "2026-11-24"),
    ],
)
def test_days_are_those_of_the_persons_own_time_zone(person, client, zone, today):
    sign_in(client)
    person.time_zone = zone
    person.save()

    assert client.get("/my-work/").context["today"].isoformat() == today


def test_the_sample_data_is_named_on_every_page_and_only_while_it_is_there(demo, client, signed_in):
    for browser, address in ((client, "/account/login/"), (signed_in("officer.miti"), "/"), (client, "/nowhere/")):
        assert "Sample data." in browser.get(address).content.decode()


def test_without_sample_data_no_page_speaks_of_it(person, client):
    assert "Sample data." not in client.get("/account/login/").content.decode()
    sign_in(client)
    assert "Sample data." not in client.get("/").content.decode()


def test_pages_allow_no_inline_script_or_style(person, client):
    sign_in(client)

    response = client.get("/")

    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    html = response.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)
