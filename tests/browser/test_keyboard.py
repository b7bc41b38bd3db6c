"""Working by keyboard alone: moving through rows, one search, keys that can be switched off, copying anywhere."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kit import PHONE, axe_violations, sign_in, wider_than_the_window

OFFICER = "officer.miti@example.org"
S = "/statements/turkiye-malaysia-hlsc-2026"


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_rows_are_walked_opened_chosen_and_changed_by_single_keys(site, open_page):
    page = open_page(site)
    sign_in(page, OFFICER)
    page.goto("/commitments/?section=2")
    links = page.locator("#commitments .t a")

    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == links.nth(1).inner_text()
    page.keyboard.press("k")
    assert focused(page) == links.first.inner_text()
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("1 chosen")
    expect(page.get_by_role("button", name="Change the status…")).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator("details.menu[open] .choices-of-status")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(rf"{S}/"))


def test_a_note_and_the_places_of_the_menu_are_two_keys_away(site, open_page):
    page = open_page(site)
    sign_in(page, OFFICER)
    page.goto("/my-work/")
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.wait_for_url(re.compile("#note$"))
    expect(page.locator("#note textarea").first).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.locator("#note textarea").first).to_be_focused()
    page.keyboard.type("just gone")
    expect(page.locator("#note textarea").first).to_have_value("just gone")
    page.locator("h1").click()
    for key, path in {"c": "/commitments/", "s": f"{S}/", "m": "/my-work/", "k": "/calendar/", "o": "/"}.items():
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(f"{site}{path}")


def test_the_help_is_a_dialog_and_switches_the_keys_off(own_site, open_page):
    page = open_page(own_site)
    sign_in(page, OFFICER)
    page.goto("/commitments/?section=2")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("?")
    page.get_by_role("button", name="Switch the single keys off").click()
    page.wait_for_url(f"{own_site}/commitments/?section=2")
    page.keyboard.press("?")
    page.keyboard.press("j")
    assert page.get_by_role("dialog").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.keyboard.press("Control+k")

    expect(page.locator("#q-top")).to_be_focused()


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_the_search_shows_what_it_finds_and_arrows_go_through_it(site, open_page, key):
    page = open_page(site)
    sign_in(page, OFFICER)
    page.keyboard.press(key)
    expect(page.locator("#q-top")).to_be_focused()

    page.keyboard.type("halal")
    expect(page.locator("#found [data-hit]").first).to_be_visible()
    assert axe_violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#found [data-hit]").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#found [data-hit]")).to_have_count(0)
    expect(page.locator("#q-top")).to_be_focused()
    page.keyboard.type(" ")
    expect(page.locator("#found [data-hit]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(rf"{S}/"))


def test_without_a_script_the_search_is_a_page(site, open_page):
    page = open_page(site, javascript=False, width=PHONE)
    sign_in(page, OFFICER)
    page.goto("/find/?q=halal")

    page.locator("main .hits a").first.click()

    assert f"{S}/" in page.url
    assert not wider_than_the_window(page)


def test_a_quotation_is_copied_where_the_browser_has_no_clipboard_of_today(site, open_page):
    page = open_page(site)
    page.context.grant_permissions(["clipboard-read"])
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})")
    sign_in(page, OFFICER)
    page.goto(f"{S}/20.2/")

    page.get_by_role("link", name="Copy quotation").click()

    expect(page.locator("#said")).to_contain_text("Quotation copied")
    expect(page.get_by_role("link", name="Copy quotation")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.press("Control+v")
    expect(page.locator("#q-top")).to_have_value(re.compile("^“instructed the Ministers"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_a_filter_is_saved_as_a_view(own_site, open_page, javascript):
    page = open_page(own_site, javascript=javascript)
    sign_in(page, OFFICER)
    page.goto("/commitments/?section=2")

    page.get_by_text("Save this view").click()
    page.get_by_label("Name", exact=True).fill("Trade")
    page.get_by_role("button", name="Save the view").click()

    expect(page.locator(".saved a", has_text="Trade")).to_contain_text(re.compile(r"\d+$"))
    page.goto("/views/trade/")
    assert page.url.endswith("/commitments/?section=2")
