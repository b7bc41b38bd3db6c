"""Every page in every state: nothing for axe-core to find, nothing on the console, nothing to move sideways for."""

import pytest
from playwright.sync_api import Page

from tests.browser.kit import DESKTOP, PHONE, axe_violations, sign_in, wider_than_the_window

S = "/statements/turkiye-malaysia-hlsc-2026"
OWN_CHOICES = ["/settings/reminders/", "/settings/absences/", f"{S}/3.1/TR/snooze/"]
ROUNDS = {
    "reader.my@example.org": [
        "/",
        "/commitments/",
        "/commitments/?q=halal&status=under_way",
        "/commitments/?q=nothing-like-this",
        "/find/?q=trade",
        "/find/?q=nothing-like-this",
        "/views/",
        "/keyboard/",
        "/my-work/",
        "/calendar/?year=2026&month=12&whose=all",
        "/calendar/?year=2026&month=13",
        f"{S}/",
        f"{S}/?reading=commitments",
        f"{S}/?reading=coverage",
        f"{S}/20.2/",
        "/nothing-here/",
        f"{S}/3.1/TR/note/",  # 403
        "/account/logout/",
        "/account/password/change/",
        "/history/",
    ],
    "officer.ticaret@example.org": ["/my-work/", f"{S}/3.1/", f"{S}/3.1/TR/nothing-new/", f"{S}/6.1/", *OWN_CHOICES],
    "manager.ticaret@example.org": [
        "/commitments/change/?do=officer&pick=1.0&pick=2.0",
        "/",
        f"{S}/3.1/",
        "/reminders/",
    ],
    "coordinator.tr@example.org": [
        "/my-work/",
        f"{S}/20.2/",
        f"{S}/9.2/",
        f"{S}/9.2/date/",
        "/dates/",
        f"{S}/meetings/",
        f"{S}/changes/?since=2026-06-01",
        "/commitments/agenda/?section=2",
        "/commitments/?as_of=2026-10-01",
        f"{S}/3.1/?as_of=2026-10-01",
        "/reminders/",
        "/people/",
    ],
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("email", ROUNDS)
def test_axe_finds_nothing_and_nothing_sticks_out(site, open_page, email, width, dark):
    page = open_page(site, width=width, dark=dark)
    sign_in(page, email)
    found = []

    for path in ROUNDS[email]:
        page.goto(path)
        open_everything(page)
        found += [f"{path}: {complaint}" for complaint in axe_violations(page)]
        if wider_than_the_window(page):
            found.append(f"{path}: wider than the window")

    assert "\n".join(found) == ""


def open_everything(page: Page) -> None:
    """Show what stands behind a word: tables, forms, menus in the page (one at a time is open in the shell)."""
    page.evaluate("for (const item of document.querySelectorAll('main details:not(.menu)')) item.open = true")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_refused_form_and_both_versions_are_as_sound(own_site, open_page, width):
    page, other = open_page(own_site, width=width), open_page(own_site)
    sign_in(page, "officer.ticaret@example.org")
    sign_in(other, "manager.ticaret@example.org")
    page.goto(f"{S}/3.2/")
    page.locator("#note button.main").click()
    assert "There is a problem" in page.inner_text("main")
    assert axe_violations(page) == []
    assert not wider_than_the_window(page)
    other.goto(f"{S}/3.2/")
    other.fill("#id_text", "Saved meanwhile " + "averylongwordwithoutanyspace" * 20)
    other.locator("#note button.main").click()

    page.fill("#id_text", "Mine")
    page.locator("#note button.main").click()

    assert "Yours, not saved yet" in page.inner_text("main")
    assert axe_violations(page) == []
    assert not wider_than_the_window(page)


@pytest.mark.parametrize("width", [320, 768])
def test_pages_fit_narrow_windows(site, open_page, width):
    page = open_page(site, width=width)
    sign_in(page, "coordinator.tr@example.org")

    wide = []
    for path in ("/", "/commitments/", "/my-work/", f"{S}/", f"{S}/3.1/", f"{S}/20.2/"):
        page.goto(path)
        if wider_than_the_window(page):
            wide.append(path)

    assert wide == []


def test_the_administrators_pages_keep_to_the_content_policy(site, open_page):
    page = open_page(site)
    sign_in(page, "administrator@example.org")

    for path in ("/admin/", "/admin/commitments/body/", "/admin/commitments/user/add/", "/admin/commitments/party/"):
        page.goto(path)
        assert page.locator("#content").is_visible()
