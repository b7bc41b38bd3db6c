"""The reader shows the text as it was published, with every commitment marked in it and listed beside it."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions.generating import Plan, generate
from commitments.models import Commitment, Paragraph, Section, Statement
from tests.make import TODAY, make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.kit import browser_of, words

pytestmark = pytest.mark.django_db
CEILING = 20


def read_text(html: str) -> list[str]:
    """The paragraphs as printed on the page, without the references of the marks."""
    found = re.findall(r'<div class="tx"[^>]*>(.*?)</div>', html, re.S)
    plain = [re.sub(r"<sup>.*?</sup>", "", part, flags=re.S).replace("</p><p>", "\n\n") for part in found]
    return [unescape(re.sub(r"<[^>]+>", "", part)) for part in plain]


def test_every_paragraph_is_the_published_text_to_the_letter(demo, signed_in):
    html = signed_in("officer.miti").get(f"/statements/{demo.slug}/").content.decode()

    assert read_text(html) == [row.text for row in demo.paragraphs.order_by("position")]


def test_every_commitment_is_marked_and_listed_and_has_its_anchor(demo, signed_in):
    html = signed_in("officer.miti").get(f"/statements/{demo.slug}/").content.decode()

    refs = list(Commitment.objects.values_list("ref", flat=True))
    assert len(refs) == 64
    for ref in refs:
        assert html.count(f'id="q{ref}"') == 1
        assert html.count(f'/statements/{demo.slug}/{ref}/"') == 2
    for number in range(1, 21):
        assert html.count(f'id="p{number}"') == 1


def test_the_contents_name_every_section_with_its_paragraphs_and_commitments(demo, signed_in):
    text = words(signed_in("reader.tr").get(f"/statements/{demo.slug}/"))

    assert "Contents Opening ¶1 · 1 Deepening Comprehensive Strategic Partnership ¶2 · 2" in text
    assert "20 paragraphs, 64 commitments" in text


def test_sides_that_differ_are_named_each():
    commitment = make_commitment()
    make_assignment(commitment, "TR", status="done")
    make_assignment(commitment, "MY", status="not_started")

    text = words(browser_of(make_user()).get(f"/statements/{commitment.statement.slug}/"))

    assert "Türkiye: Done · Malaysia: Not started" in text


def test_spans_that_overlap_lose_no_letter_and_keep_their_anchors():
    statement = make_statement()
    for ref, start, end in (("1.1", 0, 34), ("1.2", 12, 50), ("1.3", 12, 34)):
        make_commitment(statement, ref=ref, start=start, end=end)

    html = browser_of(make_user()).get(f"/statements/{statement.slug}/").content.decode()

    assert read_text(html) == [statement.paragraphs.get().text]
    assert all(html.count(f'id="q{ref}"') == 1 for ref in ("1.1", "1.2", "1.3"))


def test_a_paragraph_without_a_number_has_an_anchor_too():
    statement = make_statement(locked=False)
    Paragraph.objects.update(number="")

    html = browser_of(make_user()).get(f"/statements/{statement.slug}/").content.decode()

    assert 'id="at1"' in html


def test_numbers_that_begin_anew_have_anchors_of_their_own():
    statement = make_statement(locked=False)
    first = statement.paragraphs.get()
    Paragraph.objects.create(
        statement=statement, section=first.section, position=2, number="1", text="Again", sha256=first.sha256
    )

    html = browser_of(make_user()).get(f"/statements/{statement.slug}/").content.decode()

    assert html.count('id="p1"') == html.count('id="at2"') == 1


def test_markup_in_the_text_stays_text():
    statement = make_statement(text="<script>alert(1)</script> & more text than that.")
    make_commitment(statement, start=0, end=8)

    html = browser_of(make_user()).get(f"/statements/{statement.slug}/").content.decode()

    assert "<script>alert" not in html
    assert read_text(html) == [statement.paragraphs.get().text]


def test_a_statement_of_others_is_not_there():
    statement = make_statement()

    assert browser_of(make_user(body=make_body("JP"))).get(f"/statements/{statement.slug}/").status_code == 404


@pytest.mark.parametrize("slug", ["nothing", "%00", "a%20b", "x" * 300, "../etc"])
def test_an_unknown_statement_is_a_plain_page(slug):
    response = browser_of(make_user()).get(f"/statements/{slug}/")

    assert response.status_code == 404
    assert "There is nothing at this address" in words(response)


def test_the_reader_asks_a_fixed_number_of_questions(demo, signed_in):
    browser = signed_in("coordinator.tr")
    browser.get("/")
    few = questions(browser, demo)
    list(generate(Plan(commitments=400, notes=1, seed=1, today=TODAY)))
    large = Statement.objects.exclude(pk=demo.pk).first()

    many = questions(browser, large)

    assert Section.objects.filter(statement=large).exists()
    assert few <= CEILING
    assert many <= CEILING


def questions(browser, statement):
    with CaptureQueriesContext(connection) as found:
        assert browser.get(f"/statements/{statement.slug}/").status_code == 200
    return len(found)
