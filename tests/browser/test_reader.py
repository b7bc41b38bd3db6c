"""The statement as one reads it: contents that follow, quotations taken from the page, views of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.kit import sign_in

S = "/statements/turkiye-malaysia-hlsc-2026/"
QUOTATIONS = """[...document.querySelectorAll("[data-quotation]")]
  .map(({dataset}) => [dataset.quotation, quotation(dataset.quotation)])"""


@pytest.mark.parametrize("reading", ["", "commitments", "coverage"])
def test_a_quotation_is_word_for_word_what_the_commitment_says(site, open_page, reading):
    page = open_page(site)
    sign_in(page, "reader.my@example.org")
    document = page.request.get(f"{S}file.json").json()
    said = {row["ref"]: row["quote"] for row in document["commitments"]}

    page.goto(f"{S}?reading={reading}")

    assert dict(page.evaluate(QUOTATIONS)) == said
    assert len(said) == 64


def test_a_quotation_is_copied_with_its_reference_and_a_link_with_its_place(site, open_page):
    page = open_page(site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, "reader.my@example.org")
    page.goto(S)

    page.get_by_role("link", name="Copy quotation of 20.2").press("Enter")
    expect(page.locator("#said")).to_have_text("Quotation copied, with its reference.")
    copied = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("link", name="Copy link to 20.2").press("Enter")
    expect(page.locator("#said")).to_have_text("Link copied.")

    assert copied.startswith("“instructed the Ministers of Foreign Affairs to convene the Joint Commission Meeting")
    assert copied.endswith("Türkiye and Malaysia, Ankara, 7 Jan 2026, paragraph 20 (commitment 20.2)")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}{S}#q20.2"


def test_the_contents_follow_what_is_read(site, open_page):
    page = open_page(site)
    sign_in(page, "reader.my@example.org")
    page.goto(S)
    current = page.locator(".toc [aria-current]")
    expect(current).to_contain_text("Opening")

    page.evaluate("document.getElementById('p17').scrollIntoView()")
    expect(current).to_contain_text("Regional and Global Issues")
    page.locator(".toc a", has_text="Media and Communication").click()

    expect(current).to_contain_text("Media and Communication")
