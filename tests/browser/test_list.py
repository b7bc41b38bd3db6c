"""The list as one works in it: filters apply at once, Back brings the list back, a status changes in its row."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kit import DESKTOP, PHONE, axe_violations, sign_in, wider_than_the_window

OFFICER = "officer.miti@example.org"
ROW = "tr:has-text('Make full use of the Malaysia–Türkiye Free Trade Agreement')"


def open_list(page: Page, query: str = "") -> None:
    sign_in(page, OFFICER)
    page.goto(f"/commitments/{query}")


def test_a_filter_applies_at_once_stays_in_the_address_and_back_takes_it_away(site, open_page):
    page = open_page(site)
    open_list(page)

    page.select_option("#id_status", "under_way")
    expect(page.locator(".chip")).to_contain_text("Status: Under way")
    shared = page.url
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)

    assert shared.endswith("/commitments/?status=under_way")
    expect(page.locator("#id_status")).to_have_value("")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_status_changes_in_its_row_and_the_focus_stays_there(own_site, open_page, width):
    page = open_page(own_site, width=width)
    open_list(page, "?section=2")
    row = page.locator(ROW)

    row.locator("a.pill").click()
    menu = row.locator("details.menu[open]")
    expect(menu).to_be_visible()
    assert axe_violations(page) == []
    assert not wider_than_the_window(page)
    menu.get_by_role("button", name="Substantially done").click()

    expect(page.locator("#said")).to_contain_text("3.2, Malaysia: Substantially done")
    expect(row.locator("a.pill")).to_be_focused()
    assert axe_violations(page) == []
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(page.locator("#said")).to_contain_text("Taken back. 3.2, Malaysia: Under way")
    expect(row.locator("a.pill")).to_be_focused()
    page.reload()
    expect(row.locator("a.pill")).to_contain_text("Under way")


def test_without_a_script_a_status_is_undone_by_the_button_in_the_message(own_site, open_page):
    page = open_page(own_site, javascript=False)
    open_list(page, "?section=2")
    row = page.locator(ROW)

    row.locator("a.pill").click()
    page.get_by_text("Substantially done").click()
    page.get_by_role("button", name="Save status").click()
    expect(row.locator("a.pill")).to_contain_text("Substantially done")
    page.locator(".notices").get_by_role("button", name="Undo").click()

    expect(row.locator("a.pill")).to_contain_text("Under way")
    expect(page.locator(".notices")).to_contain_text("Taken back. 3.2, Malaysia: Under way")


def test_a_status_that_asks_for_words_asks_for_them_in_the_row(own_site, open_page):
    page = open_page(own_site)
    open_list(page, "?section=2")
    row = page.locator(ROW)
    row.locator("a.pill").click()
    row.get_by_role("link", name=re.compile("On hold")).click()

    expect(row.locator("textarea")).to_be_focused()
    row.get_by_role("button", name="Save status").click()
    expect(row.locator(".errorlist")).to_contain_text("needs a note that says why")
    row.locator("textarea").fill("Waits for the tariff lists.")
    row.get_by_role("button", name="Save status").click()

    expect(row.locator("a.pill")).to_contain_text("On hold")


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_several_commitments_change_at_once_and_one_button_brings_them_back(own_site, open_page, javascript):
    page = open_page(own_site, javascript=javascript)
    sign_in(page, "coordinator.my@example.org")
    page.goto("/commitments/?section=2&status=not_assessed&side=MY")
    rows = page.locator("#commitments tbody tr:not(.g)")
    before = rows.count()
    assert before > 1

    for at in range(before):
        rows.nth(at).locator("input[name=pick]").check()
    assert not javascript or axe_violations(page) == []
    page.get_by_role("button", name="Change the status…").click()
    page.locator(".radios label", has_text="Under way").click()
    page.get_by_label("Note", exact=True).fill("The ministries have begun.")
    page.get_by_role("button", name="Look at what would change").click()
    expect(page.get_by_role("heading", name=f"{before} will change")).to_be_visible()
    assert not javascript or axe_violations(page) == []
    page.get_by_role("button", name=f"Change {before} commitments").click()
    expect(page.locator(".notices")).to_contain_text(f"{before} commitments changed.")
    expect(rows).to_have_count(0)
    page.locator(".notices").get_by_role("button", name="Undo").click()

    expect(page.locator(".notices")).to_contain_text(f"{before} commitments taken back.")
    expect(rows).to_have_count(before)


def test_escape_closes_a_menu_and_a_click_elsewhere_too(site, open_page):
    page = open_page(site)
    open_list(page, "?section=2")
    row = page.locator(ROW)
    row.locator("a.pill").click()
    expect(row.locator("details.menu[open]")).to_be_visible()

    page.keyboard.press("Escape")
    expect(row.locator("details.menu[open]")).to_have_count(0)
    expect(row.locator("summary")).to_be_focused()

    row.locator("summary").click()
    page.locator("h1").click()
    expect(row.locator("details.menu[open]")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_search_box_finds_a_number(site, open_page, javascript):
    page = open_page(site, javascript=javascript)
    sign_in(page, OFFICER)

    page.fill("#q-top", "20.2")
    page.press("#q-top", "Enter")

    assert page.url.endswith("/statements/turkiye-malaysia-hlsc-2026/20.2/")


def test_a_slash_leads_to_the_search_box_but_not_while_typing(site, open_page):
    page = open_page(site)
    open_list(page)

    page.keyboard.press("/")
    expect(page.locator("#q-top")).to_be_focused()
    page.focus("#id_q")
    page.keyboard.type("a/b")

    expect(page.locator("#id_q")).to_have_value("a/b")


@pytest.mark.parametrize("javascript", [True, False])
def test_language_and_colours_are_chosen_where_one_is(own_site, open_page, javascript):
    page = open_page(own_site, javascript=javascript)
    open_list(page, "?section=2")

    page.locator(".side .foot").get_by_role("button", name="Dark").click()
    assert page.url.endswith("/commitments/?section=2")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator(".side .foot").get_by_role("button", name="Melayu").click()

    assert page.url.endswith("/commitments/?section=2")
    assert page.locator("html").get_attribute("lang") == "ms"
