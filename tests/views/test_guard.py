"""Sessions, second steps, limits: what stands before every page."""

import time

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client

from commitments.domain.codes import Role
from tests.make import AT, make_body, make_user

PASSWORD = "three quiet herons on the quay"
LOGIN = "/account/login/"
MINUTE = 60


@pytest.fixture(autouse=True)
def counters(db):
    cache.clear()


@pytest.fixture
def person(db):
    return make_user(Role.COORDINATOR, make_body(), password=PASSWORD, email="p@example.org")


def signed_in(person, password=PASSWORD):
    browser = Client()
    browser.post(LOGIN, {"login": person.email, "password": password})
    return browser


def confirmed(browser):
    """The password once more, as the pages that matter most ask for it."""
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    return browser


def is_in(browser):
    return browser.get("/my-work/").status_code == 200


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def with_totp(person):
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    return secret


def test_an_idle_session_ends(person):
    with time_machine.travel(AT) as clock:
        browser = signed_in(person)
        clock.shift(59 * MINUTE)
        assert is_in(browser)
        clock.shift(61 * MINUTE)
        assert not is_in(browser)


def test_a_busy_session_ends_after_twelve_hours(person):
    with time_machine.travel(AT) as clock:
        browser = signed_in(person)
        for _ in range(14):
            assert is_in(browser)
            clock.shift(50 * MINUTE)
        clock.shift(21 * MINUTE)
        assert not is_in(browser)


def test_signing_in_gives_the_session_a_new_key(person):
    """Session fixation: a key that was there before the sign-in is worth nothing after it."""
    browser = Client()
    browser.get(LOGIN)
    session = browser.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    browser.cookies["sid"] = planted

    browser.post(LOGIN, {"login": person.email, "password": PASSWORD})

    assert browser.session.session_key != planted
    stranger = Client()
    stranger.cookies["sid"] = planted
    assert not is_in(stranger)


def test_a_changed_password_ends_all_other_sessions_and_is_told(person):
    here, there = signed_in(person), signed_in(person)
    new = "four loud geese on the jetty"

    changed = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert changed.status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert [sent.to for sent in mail.outbox] == [["p@example.org"]]


def test_ones_sessions_are_listed_and_the_others_ended(person):
    here, there = signed_in(person), signed_in(person)
    assert UserSession.objects.filter(user=person).count() == 2
    assert "Sign out everywhere else" in here.get("/account/sessions/").content.decode()

    here.post("/account/sessions/")

    assert is_in(here)
    assert not is_in(there)


@pytest.mark.parametrize("password", ["short", "password123456", "P@example.org", "123456789012"])
def test_a_weak_password_is_refused(person, password):
    browser = signed_in(person)

    browser.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password})

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_guessing_a_password_is_throttled_for_the_account(person):
    for _ in range(5):
        Client().post(LOGIN, {"login": person.email, "password": "wrong"})

    assert not is_in(signed_in(person))


def test_an_unknown_address_is_answered_as_a_known_one(person):
    known = Client().post(LOGIN, {"login": person.email, "password": "wrong"}).content.decode()
    unknown = Client().post(LOGIN, {"login": "q@example.org", "password": "wrong"}).content.decode()

    assert known.count("errorlist") == unknown.count("errorlist")
    assert Client().post("/account/password/reset/", {"email": "q@example.org"}).status_code == 302
    assert mail.outbox == []


def test_a_reset_link_works_once(person):
    Client().post("/account/password/reset/", {"email": person.email})
    link = mail.outbox[0].body.split("http://")[1].split()[0].partition("/")[2]
    browser = Client()
    form = browser.get(f"/{link}")["Location"]
    new = {"password1": "four loud geese on the jetty", "password2": "four loud geese on the jetty"}
    assert browser.post(form, new).status_code == 302

    again = Client()
    assert again.get(f"/{link}", follow=True).context["token_fail"]


def test_nobody_signs_up(db):
    form = {"email": "n@example.org", "password1": PASSWORD, "password2": PASSWORD}

    assert "invitation" in Client().post("/account/signup/", form).content.decode().lower()


def test_a_code_of_an_app_is_asked_for_after_the_password(person):
    secret = with_totp(person)
    browser = signed_in(person)
    assert not is_in(browser)

    browser.post("/account/two-step/authenticate/", {"code": code_of(secret)})

    assert is_in(browser)


def test_a_code_works_once(person):
    secret = with_totp(person)
    code = code_of(secret)
    signed_in(person).post("/account/two-step/authenticate/", {"code": code})
    second = signed_in(person)

    second.post("/account/two-step/authenticate/", {"code": code})

    assert not is_in(second)


def test_a_wrong_code_lets_nobody_in(person):
    with_totp(person)
    browser = signed_in(person)

    for code in ("000000", "", "abc", "１２３４５６", "\x00"):
        browser.post("/account/two-step/authenticate/", {"code": code})

    assert not is_in(browser)


def test_a_recovery_code_works_once(person):
    with_totp(person)
    browser = signed_in(person)
    browser.post("/account/two-step/authenticate/", {"code": code_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")})
    page = confirmed(browser).post("/account/two-step/recovery-codes/generate/", follow=True).content.decode()
    code = page.split("<code>")[1].split("</code>")[0]

    results = []
    for _ in range(2):
        other = signed_in(person)
        other.post("/account/two-step/authenticate/", {"code": code})
        results.append(is_in(other))

    assert results == [True, False]
    assert code not in browser.get("/account/two-step/recovery-codes/").content.decode(), "codes are shown once"


def test_the_secret_of_an_app_is_never_shown_again(person):
    secret = with_totp(person)

    kept = Authenticator.objects.get(user=person)

    assert get_adapter().decrypt(kept.data["secret"]) == secret
    browser = Client()
    browser.force_login(person)
    assert secret not in browser.get("/account/two-step/").content.decode()


def test_a_role_that_must_have_a_second_step_comes_no_further_without(person, settings):
    settings.MFA_REQUIRED_ROLES = ["coordinator"]
    browser = signed_in(person)

    assert browser.get("/people/")["Location"] == "/account/two-step/"
    assert browser.get("/history.csv")["Location"] == "/account/two-step/"
    assert browser.get("/account/two-step/").status_code == 200

    with_totp(person)
    assert browser.get("/people/").status_code == 200


def test_who_must_have_a_second_step_sets_it_up_and_comes_in(person, settings):
    settings.MFA_REQUIRED_ROLES = ["coordinator"]
    browser = confirmed(signed_in(person))
    led = browser.get("/", follow=True).content.decode()
    assert "Your role needs a second step at sign-in" in led
    browser.get("/account/two-step/totp/activate/")
    secret = browser.session["mfa.totp.secret"]

    browser.post("/account/two-step/totp/activate/", {"code": code_of(secret)})

    assert browser.get("/people/").status_code == 200
    later = signed_in(person)
    assert not is_in(later)
    Authenticator.objects.all().delete()
    assert browser.get("/people/")["Location"] == "/account/two-step/"


def test_other_roles_are_not_asked(person, settings):
    settings.MFA_REQUIRED_ROLES = ["coordinator"]
    officer = make_user(Role.OFFICER, person.body, password=PASSWORD)

    assert is_in(signed_in(officer))


def test_an_administrator_can_be_asked(db, settings):
    settings.MFA_REQUIRED_ROLES = ["administrator"]
    administrator = make_user(Role.READER, is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(administrator)

    assert browser.get("/admin/")["Location"] == "/account/two-step/"


def test_writes_have_a_limit(person, settings):
    settings.REQUESTS_A_MINUTE = {"write": 3, "search": 3}
    browser = signed_in(person)

    answers = [browser.post("/theme/", {"theme": "dark"}).status_code for _ in range(5)]

    assert answers == [302, 302, 302, 429, 429]
    assert browser.get("/my-work/").status_code == 200


def test_a_refusal_of_the_limit_is_logged_by_key(person, settings, caplog):
    settings.REQUESTS_A_MINUTE = {"write": 1, "search": 1}
    browser = signed_in(person)

    for _ in range(2):
        browser.post("/theme/", {"theme": "dark"})

    assert f"limit of person {person.pk} reached: write 2" in caplog.text
    assert person.email not in caplog.text


def test_searches_have_a_limit(person, settings):
    settings.REQUESTS_A_MINUTE = {"write": 3, "search": 3}
    browser = signed_in(person)

    answers = [browser.get("/commitments/?q=trade").status_code for _ in range(4)]

    assert answers == [200, 200, 200, 429]


def test_one_persons_limit_is_nobody_elses(person, settings):
    settings.REQUESTS_A_MINUTE = {"write": 1, "search": 1}
    browser, other = signed_in(person), signed_in(make_user(Role.OFFICER, person.body, password=PASSWORD))
    assert [browser.post("/theme/").status_code, browser.post("/theme/").status_code] == [302, 429]

    assert other.post("/theme/").status_code == 302


def test_ones_own_data_is_a_file_behind_the_password(person):
    browser = signed_in(person)
    assert browser.get("/my-data.json").status_code == 302

    given = confirmed(browser).get("/my-data.json")

    assert given.json()["account"]["email"] == "p@example.org"
    assert "attachment" in given["Content-Disposition"]
    assert person.password not in given.content.decode()


def test_a_page_answers_with_its_guards(client, db):
    response = client.get(LOGIN)

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_sign_in_leads_to_no_other_site(person, target):
    given = Client().post(LOGIN, {"login": person.email, "password": PASSWORD, "next": target})

    assert given["Location"] == "/"


def test_a_foreign_host_is_refused(client, db):
    assert client.get(LOGIN, headers={"host": "evil.example"}).status_code == 400


def test_the_sign_in_takes_as_long_for_an_unknown_address(person, settings):
    """The hash is computed either way; within a factor that a network hides."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    person.set_password(PASSWORD)
    person.save()

    def seconds(address):
        cache.clear()
        begun = time.perf_counter()
        Client().post(LOGIN, {"login": address, "password": "wrong"})
        return time.perf_counter() - begun

    seconds(person.email)
    known, unknown = (min(seconds(address) for _ in range(3)) for address in (person.email, "q@example.org"))
    assert 1 / 3 < known / unknown < 3
