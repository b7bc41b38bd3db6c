"""A government's own sign-on, against a real issuer: who is let in, as whom, and who is not."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from commitments.domain.codes import Role
from commitments.models import Change, User
from statement_tracker import environment
from tests import issuer as issuers
from tests.make import make_body, make_user
from tests.servers import free_port


@pytest.fixture(autouse=True)
def clock():
    """The real clock: tokens are fresh for a minute."""


@pytest.fixture
def issuer(db, settings, monkeypatch):
    cache.clear()
    with issuers.running(free_port()) as issuer:
        monkeypatch.setenv("OIDC_TR_ISSUER", issuer.address)
        monkeypatch.setenv("OIDC_TR_CLIENT_ID", issuers.CLIENT)
        monkeypatch.setenv("OIDC_TR_BODIES", "mfa:TR-MFA")
        monkeypatch.setenv("OIDC_TR_ROLES", "uzman:officer")
        app = environment.sign_on("TR")
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        issuer.claims = {
            "sub": "1234",
            "name": "Ayşe Yılmaz",
            "email": "Ayse@example.gov.tr",
            "body": "mfa",
            "role": "uzman",
        }
        make_body("TR", "TR-MFA")
        make_body("MY", "MY-MFA")
        yield issuer


def come_back(issuer, browser=None, **changes):
    """Sign in by the issuer; gives the browser and what the product answers."""
    browser = browser or Client()
    begun = browser.post("/account/sign-on/oidc/tr/login/")
    target = urlsplit(begun["Location"])
    query = parse_qs(target.query)
    assert query["code_challenge_method"] == ["S256"]
    back = issuer.authorize(query | {name: [value] for name, value in changes.items()})
    return browser, browser.get(f"{urlsplit(back).path}?{urlsplit(back).query}")


def is_in(browser):
    return browser.get("/my-work/").status_code == 200


def test_a_person_comes_in_with_body_and_role_from_the_claims(issuer):
    browser, _answer = come_back(issuer)

    person = User.objects.get(email="ayse@example.gov.tr")
    assert is_in(browser)
    assert (person.name, person.role, person.body.code) == ("Ayşe Yılmaz", "officer", "TR-MFA")
    assert not person.has_usable_password()
    assert Change.objects.get().by == person


def test_the_same_sub_is_the_same_person(issuer):
    come_back(issuer)
    issuer.claims |= {"email": "other@example.gov.tr", "role": "manager"}

    come_back(issuer)

    person = User.objects.get(socialaccount__uid="1234")
    assert (User.objects.count(), person.role) == (1, "manager")


@pytest.mark.parametrize(
    "claims",
    [
        {"body": "MY-MFA"},
        {"body": "nowhere"},
        {"body": None},
        {"body": ["TR-MFA"]},
        {"role": "root"},
        {"role": None},
        {"email": None},
    ],
)
def test_who_has_no_place_is_not_let_in(issuer, claims):
    issuer.claims |= claims

    browser, answer = come_back(issuer)

    assert answer.status_code == 403
    assert not is_in(browser)
    assert not User.objects.exists()


def test_an_address_alone_joins_no_account(issuer):
    make_user(Role.COORDINATOR, email="ayse@example.gov.tr")

    browser, answer = come_back(issuer)

    assert answer.status_code == 403
    assert not is_in(browser)


@pytest.mark.parametrize("wrong", [{"iss": "https://evil.example"}, {"aud": "another"}, {"exp": 1}])
def test_a_token_for_somebody_else_is_refused(issuer, wrong):
    issuer.wrong = wrong

    browser, _ = come_back(issuer)

    assert not is_in(browser)
    assert not User.objects.exists()


def test_a_forged_state_is_refused(issuer):
    browser, _ = come_back(issuer, state="forged")

    assert not is_in(browser)


def test_a_closed_account_stays_closed(issuer):
    come_back(issuer)
    User.objects.update(is_active=False)

    browser, _ = come_back(issuer)

    assert not is_in(browser)
