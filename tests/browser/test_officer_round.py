"""The officer’s round: sign in, find 20.2, note progress with a status, see it on the overview."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kit import PHONE, sign_in

COORDINATOR = "coordinator.my@example.org"  # 20.2 is led by the foreign ministry's own coordinators
COMMITMENT = "/statements/turkiye-malaysia-hlsc-2026/20.2/"
OWN = "/statements/turkiye-malaysia-hlsc-2026/3.2/"
WITHOUT_EVIDENCE = "/statements/turkiye-malaysia-hlsc-2026/3.3/"
OFFICER, MANAGER = "officer.ticaret@example.org", "manager.ticaret@example.org"


def choose(page: Page, words: str) -> None:
    page.locator("#note .radios label", has_text=re.compile(rf"^\s*{words}\s*$")).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_the_officers_round(own_site, open_page, javascript):
    page = open_page(own_site, javascript=javascript)
    sign_in(page, COORDINATOR)

    page.get_by_role("searchbox").first.fill("20.2")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{own_site}{COMMITMENT}")
    page.get_by_label("What happened?").fill("The dates of 16 and 17 December are agreed.")
    choose(page, "Substantially done")
    page.get_by_role("button", name="Save note").click()

    expect(page.locator(".notices")).to_contain_text("Saved. Who can read it: Both sides.")
    expect(page.locator(".hist > li").first).to_contain_text("The dates of 16 and 17 December are agreed.")
    page.goto("/")
    news = page.get_by_text("The dates of 16 and 17 December are agreed.")
    expect(news).to_be_visible()


def test_a_draft_is_kept_on_the_device_until_it_is_saved(own_site, open_page):
    page = open_page(own_site)
    sign_in(page, OFFICER)
    page.goto(OWN)
    page.get_by_label("What happened?").fill("Half a thought")
    expect(page.locator("[data-draft-says]")).to_contain_text("Draft kept on this device")

    page.goto("/")
    page.goto(OWN)

    expect(page.locator(".restored")).to_contain_text("was not saved yet")
    expect(page.get_by_label("What happened?")).to_have_value("Half a thought")
    page.get_by_label("What happened?").press("Control+Enter")
    expect(page.locator(".hist > li").first).to_contain_text("Half a thought")
    page.goto(OWN)
    expect(page.get_by_label("What happened?")).to_have_value("")
    expect(page.locator(".restored")).to_have_count(0)


def test_a_draft_can_be_dropped(own_site, open_page):
    page = open_page(own_site)
    sign_in(page, OFFICER)
    page.goto(OWN)
    page.get_by_label("What happened?").fill("Never mind")
    expect(page.locator("[data-draft-says]")).to_contain_text("Draft kept")
    page.reload()

    page.get_by_role("button", name="Drop it").click()

    expect(page.get_by_label("What happened?")).to_have_value("")
    page.reload()
    expect(page.locator(".restored")).to_have_count(0)


def test_the_draft_of_one_person_is_not_shown_to_the_next(own_site, open_page):
    page = open_page(own_site)
    sign_in(page, OFFICER)
    page.goto(OWN)
    page.get_by_label("What happened?").fill("Mine alone")
    expect(page.locator("[data-draft-says]")).to_contain_text("Draft kept")
    page.context.clear_cookies()

    sign_in(page, MANAGER)
    page.goto(OWN)

    expect(page.get_by_label("What happened?")).to_have_value("")


@pytest.mark.parametrize("width", [1440, PHONE])
def test_two_people_at_once_lose_nothing(own_site, open_page, width, tmp_path: Path):
    mine, theirs = open_page(own_site, width=width), open_page(own_site)
    sign_in(mine, OFFICER)
    sign_in(theirs, MANAGER)
    for page in (mine, theirs):
        page.goto(OWN)
    theirs.get_by_label("What happened?").fill("The committee met.")
    theirs.get_by_role("button", name="Save note").click()
    file = tmp_path / "Protokol.txt"
    file.write_text("Madde 1", "utf-8")

    mine.get_by_label("What happened?").fill("Customs talks began.")
    mine.get_by_label("What comes next?").fill("Ask for the list.")
    mine.get_by_label("Evidence: files").set_input_files(file)
    choose(mine, "Türkiye only")
    mine.get_by_role("button", name="Save note").click()

    expect(mine.get_by_role("heading", name="Saved meanwhile")).to_be_visible()
    expect(mine.get_by_text("The committee met.")).to_be_visible()
    expect(mine.get_by_label("What happened?")).to_have_value("Customs talks began.")
    mine.get_by_role("button", name="Save mine as well").click()
    saved = mine.locator(".hist > li").first
    expect(saved).to_contain_text("Customs talks began. Next: Ask for the list.")
    expect(saved).to_contain_text("Türkiye only")
    with mine.expect_download() as download:
        saved.get_by_role("link", name="Protokol.txt").click()
    assert Path(download.value.path()).read_text("utf-8") == "Madde 1"


def test_a_wrong_form_says_so_where_the_person_is(own_site, open_page):
    page = open_page(own_site)
    sign_in(page, OFFICER)
    page.goto(WITHOUT_EVIDENCE)

    page.get_by_label("What happened?").fill("It is done.")
    choose(page, "Done")
    page.get_by_role("button", name="Save note").click()

    summary = page.locator(".summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("Evidence: links")).to_be_focused()
    expect(page.get_by_label("What happened?")).to_have_value("It is done.")


def test_the_quotation_is_copied_with_its_reference(site, open_page):
    page = open_page(site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, OFFICER)
    page.goto(COMMITMENT)

    page.get_by_role("link", name="Copy quotation").click()

    expect(page.locator("#said")).to_contain_text("Quotation copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“instructed the Ministers of Foreign Affairs to convene the Joint Commission Meeting")
    assert copied.endswith("Ankara, 7 Jan 2026, paragraph 20 (commitment 20.2)")
