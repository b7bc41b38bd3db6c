"""A government's own sign-on, against a real issuer: who is let in, as whom, and who is not."""

from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from commitments.domain.codes import Role
from commitments.models import Body, Change, User
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
        providers = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": providers | {"APPS": [app]}}
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
    assert len(query["nonce"][0]) == 32
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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"aud": "another"}, "another application"),
        ({"aud": ["tracker", "another"], "azp": "another"}, "another application"),
        ({"exp": 1}, "expired"),
        ({"iat": 4_000_000_000}, "expired"),
        ({"nonce": "forged"}, "another sign-in"),
        ({"nonce": None}, "another sign-in"),
        ({"exp": None}, "incomplete"),
        ({"sub": None}, "incomplete"),
    ],
)
def test_a_token_for_somebody_else_is_refused(issuer, wrong, said):
    issuer.wrong = wrong

    refused(issuer, said)


def refused(issuer, said):
    """Nobody is let in, and the page says why."""
    browser, answer = come_back(issuer)

    assert answer.status_code == 403
    assert said in answer.content.decode()
    assert not is_in(browser)
    assert not User.objects.exists()


def test_a_token_signed_with_another_key_is_refused(issuer):
    issuer.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    refused(issuer, "not signed with its own key")


@pytest.mark.parametrize(("algorithm", "key"), [("none", None), ("HS256", "a secret of thirty-two characters")])
def test_a_token_without_a_signature_of_a_key_pair_is_refused(issuer, algorithm, key):
    issuer.algorithm, issuer.signs_with = algorithm, key

    refused(issuer, "not signed with its own key")


def test_an_answer_is_good_for_the_browser_that_began_it_alone(issuer):
    """A code that was got for one sign-in, put into another: the nonce tells them apart."""
    thief, victim = Client(), Client()
    begun = [parse_qs(urlsplit(b.post("/account/sign-on/oidc/tr/login/")["Location"]).query) for b in (thief, victim)]
    stolen = urlsplit(issuer.authorize(begun[1] | {"state": begun[0]["state"]}))

    answer = thief.get(f"{stolen.path}?{stolen.query}")

    assert answer.status_code == 403
    assert "another sign-in" in answer.content.decode()


def test_userinfo_of_another_person_is_refused(issuer):
    issuer.userinfo = lambda: issuer.claims | {"sub": "4321"}

    refused(issuer, "incomplete")


def test_an_issuer_that_calls_itself_otherwise_is_refused(issuer):
    issuer.about = {"issuer": "https://evil.example"}

    answer = Client().post("/account/sign-on/oidc/tr/login/")

    assert answer.status_code == 403
    assert "another issuer" in answer.content.decode()


def test_an_issuer_that_sends_us_elsewhere_is_not_followed(issuer):
    issuer.moved = f"{issuer.address}/keys"

    answer = Client().post("/account/sign-on/oidc/tr/login/")

    assert answer.status_code == 403
    assert "does not answer" in answer.content.decode()


def test_an_issuer_that_is_away_is_told(issuer, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        f"http://127.0.0.1:{free_port()}"
    )

    answer = Client().post("/account/sign-on/oidc/tr/login/")

    assert answer.status_code == 403
    assert "does not answer" in answer.content.decode()


def test_an_issuer_that_goes_away_in_between_is_told(issuer):
    browser = Client()
    begun = parse_qs(urlsplit(browser.post("/account/sign-on/oidc/tr/login/")["Location"]).query)
    back = urlsplit(issuer.authorize(begun))
    issuer.moved = "/elsewhere"

    answer = browser.get(f"{back.path}?{back.query}")

    assert answer.status_code == 403
    assert "does not answer" in answer.content.decode()


def test_who_gives_up_at_the_issuer_is_told_how_to_go_on(issuer):
    browser = Client()
    begun = parse_qs(urlsplit(browser.post("/account/sign-on/oidc/tr/login/")["Location"]).query)

    answer = browser.get(
        "/account/sign-on/oidc/tr/login/callback/", {"error": "access_denied", "state": begun["state"]}
    )

    assert answer.status_code == 403
    assert "did not finish" in answer.content.decode()


def test_a_strength_that_is_required_is_asked_for_and_must_be_confirmed(issuer, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["acr"] = ["high"]
    asked = parse_qs(urlsplit(Client().post("/account/sign-on/oidc/tr/login/")["Location"]).query)
    assert asked["acr_values"] == ["high"]

    refused(issuer, "second step")
    issuer.wrong = {"acr": "high"}

    assert is_in(come_back(issuer)[0])


def test_a_sign_on_of_the_required_strength_counts_as_the_second_step(issuer, settings):
    settings.MFA_REQUIRED_ROLES = ["officer"]
    assert come_back(issuer)[0].get("/my-work/")["Location"] == "/account/two-step/"
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["acr"] = ["high"]
    issuer.wrong = {"acr": "high"}

    assert is_in(come_back(issuer)[0])


def test_an_account_never_changes_sides(issuer):
    come_back(issuer)
    User.objects.update(body=Body.objects.get(code="MY-MFA"))

    _browser, answer = come_back(issuer)

    assert answer.status_code == 403
    assert User.objects.get().body.code == "MY-MFA"


def test_a_forged_state_is_refused(issuer):
    browser, answer = come_back(issuer, state="forged")

    assert "begun elsewhere" in answer.content.decode()
    assert not is_in(browser)


def test_a_closed_account_stays_closed(issuer):
    come_back(issuer)
    User.objects.update(is_active=False)

    browser, _ = come_back(issuer)

    assert not is_in(browser)
