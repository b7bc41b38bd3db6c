"""Whatever is sent to a page, it answers with a page: never an error of the server, nothing lost, nothing leaked."""

import json

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from commitments.domain.codes import Role
from commitments.models import Change, Indicator, ProgressNote
from tests.make import make_assignment, make_body, make_user
from tests.views.kit import address, browser_of, note, page_of, words

pytestmark = pytest.mark.django_db
STRANGE = [
    "",
    "0",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "9" * 5000,
    "1e9",
    "NaN",
    "²",
    "٣",
    "%00",
    "a%00b",
    "..%2f..%2fetc%2fpasswd",
    "%0d%0aSet-Cookie:%20a=b",
    "%ff%fe",
    "%ed%a0%80",
    "%e2%80%ae",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "{{7*7}}",
    "%25s",
    "' OR 1=1 --",
    "İıIi",
    "💥" * 50,
    "x" * 3000,
]
ACTIONS = ["progress_note", "nothing_new", "assignment_lead", "assignment_officer", "assignment_cadence"]
ACTIONS += ["assignment_confidence", "change_status"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ours():
    return make_assignment()


@pytest.fixture
def coordinator(ours):
    return make_user(Role.COORDINATOR, body=ours.lead)


@pytest.fixture
def browser(coordinator):
    """A browser that reports an error of the server as a page, as in service."""
    browser = browser_of(coordinator)
    browser.raise_request_exception = False
    return browser


def is_plain(response) -> bool:
    """A whole page of ours (or a redirect, or no such method), and no failure."""
    whole = b"</html>" in response.content
    return response.status_code < 500 and (whole or response.status_code in (301, 302, 405))


@pytest.mark.parametrize("value", STRANGE)
def test_a_strange_address_is_a_plain_page(browser, ours, value):
    slug, ref, party = ours.commitment.statement.slug, ours.commitment.ref, ours.party.code
    paths = [
        f"/statements/{value}/",
        f"/statements/{slug}/{value}/",
        f"/statements/{slug}/{ref}/{value}/note/",
        f"/statements/{slug}/{value}/{party}/nothing-new/",
        f"/statements/{slug}/{ref}/figures/{value}/",
        f"/evidence/{value}/",
        f"/c/{value}/",
    ]
    for path in paths:
        for method in (browser.get, browser.post):
            response = method(path)
            assert is_plain(response), path
            assert response.status_code in (301, 302, 404, 405), path


@pytest.mark.parametrize("value", STRANGE)
def test_a_strange_value_behind_the_question_mark_is_a_plain_page(browser, ours, value):
    page = page_of(ours.commitment)
    for name in ("page", "corrects", "figure", "statement", "q", "next"):
        response = browser.get(f"{page}?{name}={value}")
        assert is_plain(response)
        assert response.status_code in (200, 404)


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("value", ["", "\x00", "\ud800".encode("utf-8", "surrogatepass"), "9" * 5000, "-1"])
def test_a_strange_value_in_any_field_is_answered_with_the_page(browser, ours, name, value):
    fields = [*note(), "corrects", "kept", "waiver", "lead", "officer", "cadence", "confidence", "url", "next"]
    for field in fields:
        response = browser.post(address(name, ours), {**note(), field: value})
        assert is_plain(response), field
        assert response.status_code in (302, 403, 409, 422), field


@pytest.mark.parametrize("name", ACTIONS)
def test_an_empty_form_and_a_form_of_something_else_are_answered_with_the_page(browser, ours, name):
    where = address(name, ours)
    answers = [
        browser.post(where),
        browser.post(where, json.dumps({"text": "x"}), content_type="application/json"),
        browser.post(where, b"\xff\xfe\x00", content_type="application/x-www-form-urlencoded"),
        browser.post(where, b"no boundary", content_type="multipart/form-data"),
        browser.post(where, b"--x\r\nbroken", content_type="multipart/form-data; boundary=x"),
        browser.post(where, {"files": "not a file", "text": SimpleUploadedFile("text", b"a file")}),
        browser.put(where, b"x"),
        browser.generic("PURGE", where),
    ]

    for answer in answers:
        assert answer.status_code in (400, 405, 409, 422, 302), answer.status_code
        assert answer.status_code == 405 or is_plain(answer)
    assert not ProgressNote.objects.filter(is_nothing_new=False).exists()


def test_ten_thousand_fields_are_refused_with_a_page_that_says_what_to_do(browser, ours):
    response = browser.post(address("progress_note", ours), {f"field{number}": "x" for number in range(10_000)})

    assert response.status_code == 400
    assert is_plain(response)
    assert not ProgressNote.objects.exists()


def test_text_beyond_what_a_form_may_hold_is_refused_with_a_page_that_says_what_to_do(browser, ours):
    text = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)

    response = browser.post(address("progress_note", ours), note(text=text))

    assert response.status_code == 400
    assert is_plain(response)
    assert "back" in words(response).lower()


def test_too_many_files_at_once_are_refused_with_a_page(browser, ours):
    uploads = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(101)]

    response = browser.post(address("progress_note", ours), note(files=uploads))

    assert response.status_code == 400
    assert is_plain(response)


def test_a_doubled_field_counts_once(browser, ours):
    response = browser.post(
        address("progress_note", ours), note(text=["First", "Second"], status=["done", "under_way"])
    )

    assert response.status_code == 302
    assert ProgressNote.objects.get().text == "Second"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "testserver:99999"},
        {"Accept-Language": "x" * 5000},
        {"Cookie": "sid=" + "x" * 60_000},
        {"Cookie": "language=../../etc; theme=<script>"},
        {"Referer": "\x00"},
    ],
)
def test_a_strange_header_is_no_failure(browser, ours, headers):
    response = browser.get(page_of(ours.commitment), headers=headers)

    assert response.status_code in (200, 302, 400)
    assert b"<script>" not in response.content


def test_nobody_of_elsewhere_gets_any_page_about_a_commitment(ours):
    stranger = browser_of(make_user(Role.COORDINATOR, body=make_body("JP")))
    indicator = Indicator.objects.create(commitment=ours.commitment, name="Trade", unit="USD")
    paths = [page_of(ours.commitment), *(address(name, ours) for name in ACTIONS)]
    paths += [f"{page_of(ours.commitment)}figures/{indicator.pk}/", f"/statements/{ours.commitment.statement.slug}/"]

    for path in paths:
        response = stranger.post(path, note())
        assert response.status_code in (404, 405), path
        assert stranger.get(path).status_code in (404, 405), path
    assert not Change.objects.exists()


def test_nothing_but_the_sign_in_and_the_health_checks_is_reachable_without_signing_in(ours):
    stranger = Client()
    paths = [page_of(ours.commitment), *(address(name, ours) for name in ACTIONS), "/evidence/1/", "/c/1.1/"]

    for path in paths:
        response = stranger.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")


@hypothesis(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*note(), "corrects", "kept", "waiver"]), st.text(max_size=60), max_size=9))
def test_whatever_is_typed_into_a_note_is_saved_or_comes_back(browser, ours, typed):
    response = browser.post(address("progress_note", ours), {**note(), **typed})

    assert response.status_code in (302, 403, 409, 422)
    assert is_plain(response)


def test_every_address_of_the_tracker_is_known_to_these_tests():
    """A new page about a statement has to be added to the lists above."""
    names = {pattern.name for pattern in get_resolver("commitments.urls").url_patterns}

    about_assignments = {name for name in names if name and name.startswith(("assignment_", "progress_", "nothing_"))}
    sheets = {
        name for name in names if name and name.startswith("progress_sheet")
    }  # tests/views/test_progress_sheet.py
    assert about_assignments - sheets <= set(ACTIONS)
