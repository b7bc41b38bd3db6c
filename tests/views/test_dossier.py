import io

import pytest
from django.test import Client
from docx import Document

from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role, Visibility
from tests.make import AT, make_assignment, make_body, make_commitment, make_user

CANARY = "Kanaryaotuyor"


@pytest.fixture
def commitment(db):
    commitment = make_commitment()
    ours = make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    note = NewNote(text=CANARY, visibility=Visibility.OWN)
    record_progress(ours, note, by=make_user(Role.COORDINATOR, body=make_body("TR")), at=AT)
    return commitment


def browser_of(party):
    browser = Client()
    browser.force_login(make_user(Role.READER, body=make_body(party)))
    return browser


def page(commitment):
    return f"/statements/{commitment.statement.slug}/dossier/"


def text_of(response):
    return Document(io.BytesIO(response.content)).element.xml


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_the_file_is_named_by_statement_edition_and_day(commitment, kind):
    response = browser_of("TR").get(f"{page(commitment)}file/", {"format": kind})

    assert response.status_code == 200
    assert f"{commitment.statement.slug}-shared-" in response["Content-Disposition"]
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    assert response["Cache-Control"] == "private, no-store"


def test_the_page_says_what_the_file_would_hold(commitment):
    html = browser_of("TR").get(page(commitment)).content.decode()

    assert "This dossier holds 1 commitment, positions included." in html
    assert "Türkiye’s own edition" in html
    assert "Malaysia’s own edition" not in html


def test_the_own_edition_is_for_ones_own_side_alone(commitment):
    asked = {"format": "docx", "edition": "own"}

    assert CANARY in text_of(browser_of("TR").get(f"{page(commitment)}file/", asked))
    assert CANARY not in text_of(browser_of("MY").get(f"{page(commitment)}file/", asked))
    assert CANARY not in text_of(browser_of("TR").get(f"{page(commitment)}file/", {"format": "docx"}))


def test_a_filter_narrows_the_file_and_is_named_in_it(commitment):
    make_assignment(make_commitment(commitment.statement, kind="position", title="Hold the line"), "TR")

    response = browser_of("TR").get(f"{page(commitment)}file/", {"format": "docx", "kind": "position"})

    assert "Hold the line" in text_of(response)
    assert "Expand trade" not in text_of(response)
    assert "Kind: Position" in Document(io.BytesIO(response.content)).sections[0].footer.paragraphs[0].text


@pytest.mark.parametrize(
    "asked", [{}, {"format": "exe"}, {"format": "pdf", "edition": "MY"}, {"format": "pdf", "kind": "x"}]
)
def test_a_file_asked_for_wrongly_is_not_found(commitment, asked):
    assert browser_of("TR").get(f"{page(commitment)}file/", asked).status_code == 404


def test_a_stranger_to_the_statement_finds_nothing(commitment):
    browser = browser_of("ID")

    assert browser.get(page(commitment)).status_code == 404
    assert browser.get(f"{page(commitment)}file/", {"format": "pdf"}).status_code == 404
