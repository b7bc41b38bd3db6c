"""Every page in every state: nothing for axe-core to find, nothing on the console, nothing to move sideways for."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import serve
from tests.browser.kit import DESKTOP, PHONE, axe_violations, sign_in, speak, walk_by_tab, wider_than_the_window

S = "/statements/turkiye-malaysia-hlsc-2026"
LOOKS = {  # width, dark, language: each page is seen in each width, both schemes and each language
    "1440-light-en": (DESKTOP, False, "en"),
    "768-dark-tr": (768, True, "tr"),
    "390-light-ms": (PHONE, False, "ms"),
    "320-dark-en": (320, True, "en"),
}
READER, OFFICER = "reader.my@example.org", "officer.ticaret@example.org"
MANAGER, COORDINATOR = "manager.ticaret@example.org", "coordinator.tr@example.org"
ROUNDS = {
    READER: [
        "/",
        "/commitments/",
        "/commitments/?q=halal&status=under_way",
        "/commitments/?q=nothing-like-this",
        "/find/?q=trade",
        "/find/?q=nothing-like-this",
        "/views/",
        "/keyboard/",
        "/accessibility/",
        "/my-work/",
        "/calendar/?year=2026&month=12&whose=all",
        "/calendar/?year=2026&month=13",
        "/dashboard/?by=section",
        "/dashboard/?by=theme",
        "/bodies/TR-TRADE/",
        f"{S}/sections/2/",
        f"{S}/",
        f"{S}/?reading=commitments",
        f"{S}/?reading=coverage",
        f"{S}/20.2/",
        f"{S}/20.2/history/",
        f"{S}/dossier/",
        "/nothing-here/",
        f"{S}/3.1/TR/note/",  # 403
        "/account/logout/",
        "/account/password/change/",
        "/history/",
        "/feeds/",
        "/my-data/",
        "/account/sessions/",
        "/account/two-step/",
    ],
    OFFICER: [
        "/my-work/",
        f"{S}/3.1/",
        f"{S}/3.1/TR/nothing-new/",
        f"{S}/6.1/",
        f"{S}/progress-sheet/",
        f"{S}/3.1/figures/1/import/",
        f"{S}/3.1/figures/1/import/",
        "/settings/reminders/",
        "/settings/absences/",
        f"{S}/3.1/TR/snooze/",
    ],
    MANAGER: [
        "/commitments/change/?do=officer&pick=1.0&pick=2.0",
        "/",
        f"{S}/3.1/",
        f"{S}/3.1/TR/status/",
        "/reminders/",
        "/reminders/preview/",
    ],
    COORDINATOR: [
        "/my-work/",
        f"{S}/20.2/",
        f"{S}/9.2/",
        f"{S}/9.2/date/",
        "/dates/",
        f"{S}/meetings/",
        "/meetings/1/",
        "/meetings/3/",
        f"{S}/changes/?since=2026-06-01",
        "/commitments/agenda/?section=2",
        "/commitments/?as_of=2026-10-01",
        f"{S}/3.1/?as_of=2026-10-01",
        "/reminders/",
        "/drafts/",
        "/drafts/new/",
        "/people/",
        "/people/invite/",
        "/people/3/",
        "/people/3/absences/",
        "/people/3/history/",
    ],
}
REFUSED = {
    "/nothing-here/": 404,
    f"{S}/3.1/TR/note/": 403,
    "/invitation/forged/": 410,
    "/calendar/?year=2026&month=13": 422,
}
STRANGER = ["/account/login/", "/account/password/reset/", "/accessibility/", "/invitation/forged/"]


@pytest.fixture(scope="module")
def shared_site(databases, demo_template, prepared_folder):
    """A server with a database in which this module alone chooses languages."""
    with serve(databases, demo_template, prepared_folder) as address:
        yield address


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("email", ROUNDS)
def test_axe_finds_nothing_and_nothing_sticks_out(shared_site, open_page, email, look):
    width, dark, language = LOOKS[look]
    page = open_page(shared_site, width=width, dark=dark)
    sign_in(page, email)
    speak(page, language)

    found = faults(page, ROUNDS[email], text_too=width == DESKTOP)

    speak(page, "en")
    assert "\n".join(found) == ""


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_before_signing_in(shared_site, open_page, look):
    width, dark, language = LOOKS[look]
    page = open_page(shared_site, width=width, dark=dark)
    page.goto("/account/login/")
    speak(page, language)

    assert "\n".join(faults(page, STRANGER, text_too=width == DESKTOP)) == ""


def faults(page: Page, paths: list[str], *, text_too: bool) -> list[str]:
    """What is wrong with these pages, with everything open that can be, and with text at twice its size."""
    found, browsers = [], page.context.new_cdp_session(page)
    for path in paths:
        answer = page.goto(path)
        if answer.status != REFUSED.get(path, 200):
            found.append(f"{path}: answered with {answer.status}")
        open_everything(page)
        found += [f"{path}: {complaint}" for complaint in axe_violations(page)]
        if wider_than_the_window(page):
            found.append(f"{path}: wider than the window")
        if text_too:
            browsers.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
            if wider_than_the_window(page):
                found.append(f"{path}: wider than the window with text at twice its size")
            browsers.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    return found


def open_everything(page: Page) -> None:
    """Show what stands behind a word: tables, forms, menus in the page (one at a time is open in the shell)."""
    page.evaluate("for (const item of document.querySelectorAll('main details:not(.menu)')) item.open = true")


def opened(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).locator("visible=true").first.click()


def sent(selector: str = "main form:has(button.main) button.main") -> Callable[[Page], None]:
    """A form sent as it is, so that it comes back with its errors."""

    def send(page: Page) -> None:
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        page.locator(selector).first.click()
        page.wait_for_load_state()
        assert page.locator(".summary, .errorlist, .error").count(), f"{page.url} says no error"

    return send


STATES = {  # name: who, where, what brings the page there
    "menu of the person": (READER, "/", opened(".person > summary")),
    "menu on a phone": (COORDINATOR, "/", opened(".menu.more > summary")),
    "more filters, a view to save": (OFFICER, "/commitments/?status=under_way", opened(".save-view > summary")),
    "a look back": (READER, "/commitments/", opened(".past-choice > summary")),
    "contents of the reader": (READER, f"{S}/", opened(".contents > summary, .toc a")),
    "files of the reader": (READER, f"{S}/", opened(".menu[name=files] > summary")),
    "menu of a status": (OFFICER, "/commitments/?section=2", opened("a.pill, summary.pill")),
    "asking for an update": (MANAGER, f"{S}/3.1/", opened("main details:not(.menu) > summary")),
    "wrong password": (None, "/account/login/", sent()),
    "wrong note": (OFFICER, f"{S}/3.1/", sent("#note button.main")),
    "wrong milestone": (OFFICER, f"{S}/3.1/", sent("#milestone-form form button")),
    "wrong date": (COORDINATOR, f"{S}/3.2/date/", sent()),
    "wrong meeting": (COORDINATOR, f"{S}/meetings/", sent()),
    "wrong draft": (COORDINATOR, "/drafts/new/", sent()),
    "wrong invitation": (COORDINATOR, "/people/invite/", sent()),
    "wrong absence": (OFFICER, "/settings/absences/", sent()),
    "wrong status": (MANAGER, f"{S}/3.1/TR/status/?to=on_hold", sent()),
    "wrong password to change": (READER, "/account/password/change/", sent()),
}


@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, True), (PHONE, False)], ids=["1440-dark", "390-light"])
def test_menus_errors_and_dialogs_are_as_sound(shared_site, open_page, width, dark):
    pages, found = {}, []
    for name, (email, path, bring) in STATES.items():
        if email not in pages:
            pages[email] = open_page(shared_site, width=width, dark=dark)
            if email:
                sign_in(pages[email], email)
        page = pages[email]
        page.goto(path)
        open_everything(page)
        if name == ("menu of the person" if width == PHONE else "menu on a phone"):
            continue
        bring(page)
        found += [f"{name}: {complaint}" for complaint in axe_violations(page)]
        if wider_than_the_window(page):
            found.append(f"{name}: wider than the window")

    assert "\n".join(found) == ""


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_refused_form_and_both_versions_are_as_sound(own_site, open_page, width):
    page, other = open_page(own_site, width=width), open_page(own_site)
    sign_in(page, OFFICER)
    sign_in(other, MANAGER)
    page.goto(f"{S}/3.2/")
    other.goto(f"{S}/3.2/")
    other.fill("#id_text", "Saved meanwhile " + "averylongwordwithoutanyspace" * 20)
    other.locator("#note button.main").click()

    page.fill("#id_text", "Mine")
    page.locator("#note button.main").click()

    assert "Yours, not saved yet" in page.inner_text("main")
    assert axe_violations(page) == []
    assert not wider_than_the_window(page)
    theirs, mine = (page.locator(".versions > *").nth(at).bounding_box() for at in (0, 1))
    side_by_side = theirs["x"] + theirs["width"] <= mine["x"]
    assert side_by_side == (width == DESKTOP)


WALKS = {
    OFFICER: ["/my-work/", "/commitments/?section=2", f"{S}/3.1/", "/calendar/"],
    COORDINATOR: ["/", f"{S}/9.2/date/", "/meetings/3/", "/people/"],
}


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("email", WALKS)
def test_everything_is_reached_and_seen_by_keyboard(shared_site, open_page, email, width):
    page = open_page(shared_site, width=width)
    sign_in(page, email)
    found = []

    for path in WALKS[email]:
        page.goto(path)
        open_everything(page)
        found += [f"{path}: {fault}" for fault in walk_by_tab(page)]

    assert "\n".join(found) == ""


def test_colours_forced_by_the_system_leave_every_status_told_apart(site, open_page):
    page = open_page(site)
    page.emulate_media(forced_colors="active")
    sign_in(page, OFFICER)
    page.goto("/commitments/?section=2")

    expect(page.locator(".pill").first).to_have_css("border-top-style", "solid")
    assert axe_violations(page) == []


def test_the_administrators_pages_keep_to_the_content_policy(site, open_page):
    page = open_page(site)
    sign_in(page, "administrator@example.org")

    for path in ("/admin/", "/admin/commitments/body/", "/admin/commitments/user/add/", "/admin/commitments/party/"):
        page.goto(path)
        assert page.locator("#content").is_visible()
