"""A round each of manager, coordinator, newcomer and of an officer by keyboard, with a script and without one."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit import PHONE, axe_violations, sign_in

S = "/statements/turkiye-malaysia-hlsc-2026"
OFFICER, MANAGER = "officer.ticaret@example.org", "manager.ticaret@example.org"
COORDINATOR, THEIR_COORDINATOR = "coordinator.tr@example.org", "coordinator.my@example.org"
ROWS = "#commitments tbody tr:not(.g)"
SCRIPTED = pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])


def test_from_my_work_to_a_saved_note_by_keyboard_in_three_actions(own_site, open_page):
    page = open_page(own_site)
    sign_in(page, OFFICER)
    page.goto("/my-work/")

    page.keyboard.press("j")
    page.keyboard.press("n")
    expect(page.get_by_label("What happened?")).to_be_focused()
    page.keyboard.type("The committee met in Ankara.")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".notices")).to_contain_text("Saved. Who can read it: Both sides.")
    expect(page.locator(".hist > li").first).to_contain_text("The committee met in Ankara.")


@SCRIPTED
def test_the_managers_round(own_site, open_page, javascript):
    page = open_page(own_site, javascript=javascript)
    sign_in(page, MANAGER)

    figures = page.locator(".lede .figure")
    for at in range(figures.count()):  # the sentence's figures open their rows
        count = figures.nth(at).get_attribute("data-count")
        figures.nth(at).click()
        expect(page.locator("[data-total]").first).to_have_attribute("data-total", count)
        page.goto("/")
    ask = page.get_by_role("button", name=re.compile("ask for an update$")).first
    number = re.search(r"\d+\.\d+", ask.get_attribute("aria-label"))[0]
    ask.click()
    expect(page.locator("main")).to_contain_text("Update asked for")
    page.goto("/commitments/?section=2&status=under_way")
    count = page.locator("[data-total]").get_attribute("data-total")
    page.locator(".save-view > summary").click()
    page.get_by_label("Name", exact=True).fill("Trade under way")
    page.get_by_label("Who sees it").select_option("body")
    page.get_by_role("button", name="Save the view").click()

    colleague = open_page(own_site, javascript=javascript)
    sign_in(colleague, OFFICER)
    expect(colleague.locator(".saved a", has_text="Trade under way").locator(".num")).to_have_text(count)
    colleague.goto("/my-work/")
    expect(colleague.locator("main")).to_contain_text(number)


@SCRIPTED
def test_the_coordinators_round(own_site, open_page, javascript):
    ours, theirs = open_page(own_site, javascript=javascript), open_page(own_site, javascript=javascript)
    sign_in(ours, COORDINATOR)
    sign_in(theirs, THEIR_COORDINATOR)

    ours.goto(f"{S}/3.2/date/")
    ours.locator("[name=day]").fill("2027-03-31")
    ours.locator("[name=precision]").select_option("month")
    ours.locator("[name=reason]").fill("The committee meets in spring.")
    ours.get_by_label("Who may read the reason").select_option("both")
    ours.get_by_role("button", name="Propose").click()
    theirs.goto("/dates/")
    expect(theirs.locator("main")).to_contain_text("3.2")
    theirs.goto(f"{S}/3.2/date/")
    theirs.get_by_role("button", name="Agree").click()
    expect(theirs.locator(".title .meta")).to_contain_text("March 2027, set by the parties")

    theirs.goto("/calendar/?year=2027&month=3")
    expect(theirs.locator(".periods")).to_contain_text("March 2027")
    expect(theirs.locator(".periods")).to_contain_text("3.2")
    ours.goto(f"{S}/meetings/")
    ours.locator("[name=joint_body]").fill("Joint Commission")
    ours.locator("main [name=name]").fill("Second session")
    ours.get_by_role("button", name="Plan the meeting").click()
    ours.goto("/commitments/agenda/?section=2")
    ours.get_by_role("button", name=re.compile("^Put on the agenda of Second session")).click()

    expect(ours.locator(".agenda .item")).to_have_count(11)
    theirs.goto(f"{S}/meetings/")
    expect(theirs.locator("main")).not_to_contain_text("Second session")


@pytest.mark.parametrize(
    ("locale", "words"),
    [("tr-TR", ("Erişilebilirlik", "Genel görünüm")), ("ms-MY", ("Kebolehcapaian", "Gambaran keseluruhan"))],
)
@SCRIPTED
def test_the_newcomers_round(own_site, open_page, browser: Browser, locale, words, javascript):
    page = first_visit(browser, own_site, locale, javascript=javascript)
    page.goto("/")

    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
    page.get_by_role("link", name=words[0]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words[0])
    page.goto("/")
    sign_in(page, "reader.tr@example.org")
    page.goto("/keyboard/")
    if not javascript:
        page.locator(".menu.more > summary").click()
    page.locator(f"button[name=language][value={locale[:2]}]").locator("visible=true").first.click()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(words[1])
    page.locator(".nav a[data-go=statement_detail]").click()
    page.locator(".views a").nth(1).click()
    assert page.locator("details.fold").count() or page.locator(".para").count() == 20
    page.locator(".mg > li > a").first.click()
    expect(page.locator("blockquote")).to_have_attribute("lang", "en")
    expect(page.locator("#note")).to_have_count(0)  # a reader is offered nothing that would be refused
    page.context.close()


def first_visit(browser: Browser, site: str, locale: str, *, javascript: bool) -> Page:
    """A browser in a language of its own, on a phone where it has no script."""
    width = 1440 if javascript else PHONE
    context = browser.new_context(
        base_url=site, locale=locale, java_script_enabled=javascript, viewport={"width": width, "height": 900}
    )
    return context.new_page()


@pytest.mark.parametrize("width", [1440, PHONE])
def test_what_will_be_seen_by_whom_is_said_beside_the_field(site, open_page, width):
    page = open_page(site, width=width)
    sign_in(page, OFFICER)
    page.goto(f"{S}/3.1/")

    said = page.locator("#note .radios label:has([name=visibility])")

    assert [text.strip() for text in said.all_inner_texts()] == ["Both sides", "Türkiye only"]
    assert axe_violations(page) == []
