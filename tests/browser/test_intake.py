"""The coordinator's round: from a Word file to a published statement, with a script and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kit import DESKTOP, PHONE, axe_violations, sign_in, wider_than_the_window
from tests.drafts import FOLDER

OURS, THEIRS = "coordinator.tr@example.org", "coordinator.my@example.org"
WORD_FILE = FOLDER / "india_kazakhstan.docx"


def begin(page: Page, path=WORD_FILE) -> str:
    """Upload a file; gives the draft's address."""
    page.goto("/drafts/new/")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Read it").click()
    page.wait_for_url(re.compile(r"/drafts/\d+/$"))
    return page.url.removesuffix("/")


def complete_the_head(page: Page) -> None:
    """The text names neither of the parties that there are: they are asked for."""
    for party in ("Türkiye", "Malaysia"):
        page.get_by_role("checkbox", name=party).check()
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url(re.compile("/structure/"))


def decide_the_rest(page: Page, draft: str) -> None:
    page.goto(f"{draft}/commitments/?order=doubtful")
    while page.locator(".doubts .decide").count():
        page.locator(".doubts .decide").first.get_by_role("button", name="Accept").click()
        page.wait_for_load_state()


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_the_coordinators_round_from_a_word_file_to_a_published_statement(own_site, open_page, javascript):
    page = open_page(own_site, javascript=javascript)
    sign_in(page, OURS)
    draft = begin(page)
    complete_the_head(page)

    heading = page.locator(".part", has_text="Energy and Space")
    heading.locator("summary").click()
    heading.get_by_role("button", name="It is a paragraph").click()
    changed = page.locator(".part", has_text="Energy and Space")
    expect(changed.locator(".what")).to_have_text("Paragraph")
    changed.locator("summary").click()
    changed.get_by_role("button", name="It is a heading").click()
    expect(page.locator(".part", has_text="Energy and Space").locator(".what")).to_have_text("Heading")

    page.goto(f"{draft}/commitments/")
    page.get_by_role("button", name=re.compile("sure ones?$")).click()
    expect(page.locator(".review .lede")).not_to_contain_text(", 0 accepted")
    page.get_by_role("link", name=re.compile("^Refuse")).first.click()
    page.get_by_label("Why it is no commitment").fill("Only praise")
    page.get_by_role("button", name="Refuse it").click()
    decide_the_rest(page, draft)
    expect(page.get_by_text("All are decided.")).to_be_visible()
    page.get_by_role("link", name="On to the lead bodies").click()
    page.get_by_role("button", name="Save, and confirm").click()
    expect(page.locator(".notices")).to_contain_text("The lead bodies are saved.")
    page.goto(f"{draft}/publish/")
    page.get_by_role("button", name="Publish the statement").click()

    expect(page.locator(".notices")).to_contain_text("its text is locked and the reminders begin")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Joint Statement")
    page.goto("/")
    expect(page.locator("table.statements tbody tr")).to_have_count(2)
    page.goto("/my-work/")
    expect(page.locator("main")).to_contain_text("New Delhi 2026")


def test_words_are_selected_and_decided_by_keys(own_site, open_page):
    page = open_page(own_site)
    sign_in(page, OURS)
    draft = begin(page)
    complete_the_head(page)
    page.goto(f"{draft}/commitments/")
    words = page.evaluate(
        """() => {
        const node = document.querySelector("[data-select] p").firstChild;
        const range = document.createRange();
        range.setStart(node, node.textContent.indexOf("invitation"));
        range.setEnd(node, node.textContent.indexOf("invitation") + 17);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        return getSelection().toString();
    }"""
    )
    page.get_by_role("link", name="Add as a commitment").click()
    expect(page.locator("[data-chosen]")).to_contain_text(words.split()[0])
    page.get_by_role("button", name="Add the commitment").click()
    expect(page.locator(".notices")).to_contain_text("The commitment is added.")

    page.goto(f"{draft}/commitments/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("a")

    expect(page.locator(".decide.d-accepted")).to_have_count(2)


def test_two_windows_see_each_others_decisions(own_site, open_page):
    mine, theirs = open_page(own_site), open_page(own_site)
    sign_in(mine, OURS)
    sign_in(theirs, OURS)
    draft = begin(mine)
    mine.goto(f"{draft}/commitments/")
    theirs.goto(f"{draft}/commitments/")
    theirs.locator(".decide").first.get_by_role("button", name="Accept").click()
    expect(theirs.locator(".decide").first).to_contain_text("Accepted")

    mine.locator(".decide").first.get_by_role("button", name="Accept").click()

    expect(mine.locator(".notices")).to_contain_text("Somebody has changed this since you opened it.")
    expect(mine.locator(".decide").first).to_contain_text("Accepted")


def test_the_other_side_reads_the_draft_once_it_is_asked(own_site, open_page):
    ours, theirs = open_page(own_site), open_page(own_site)
    sign_in(ours, OURS)
    sign_in(theirs, THEIRS)
    draft = begin(ours)
    complete_the_head(ours)
    theirs.goto("/drafts/")
    expect(theirs.get_by_text("No draft is open")).to_be_visible()
    ours.goto(f"{draft}/publish/")
    ours.get_by_role("button", name="Ask Malaysia to agree").click()

    theirs.goto(f"{draft}/publish/")
    theirs.get_by_role("button", name="Agree", exact=True).click()

    expect(theirs.locator(".notices")).to_contain_text("Your answer is saved.")
    ours.reload()
    expect(ours.locator("main")).to_contain_text("agreed on")


@pytest.mark.parametrize(
    ("width", "dark"), [(DESKTOP, False), (PHONE, True)], ids=["wide and light", "narrow and dark"]
)
def test_axe_finds_nothing_on_the_pages_of_a_draft(own_site, open_page, width, dark):
    page = open_page(own_site, width=width, dark=dark)
    sign_in(page, OURS)
    draft = begin(page)
    page.goto(f"{draft}/commitments/")
    page.get_by_role("button", name=re.compile("sure ones?$")).click()
    paths = ["", "/structure/", "/commitments/", "/commitments/?order=doubtful", "/leads/", "/publish/", "/drop/"]
    addresses = ["/drafts/", "/drafts/new/", *(draft + path for path in paths)]
    page.goto(f"{draft}/commitments/")
    addresses += [link.get_attribute("href") for link in page.locator(".decide a").all()[:3]]
    page.goto(f"{draft}/structure/")
    addresses += [link.get_attribute("href") for link in page.locator(".part .pop a").all()[:2]]

    found = []
    for address in addresses:
        page.goto(address)
        found += [f"{address}: {complaint}" for complaint in axe_violations(page)]
        if wider_than_the_window(page):
            found.append(f"{address}: wider than the window")

    assert "\n".join(found) == ""
