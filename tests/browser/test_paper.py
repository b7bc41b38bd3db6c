"""Every page prints as one hands it on: nothing to click, statement, date and page number at the foot of each sheet."""

from io import BytesIO

from pypdf import PdfReader

from tests.browser.kit import sign_in

STATEMENT = "turkiye-malaysia-hlsc-2026"
S = f"/statements/{STATEMENT}"
PAGES = {  # a status in words among them: the paper may be black and white
    f"/?statement={STATEMENT}": "Substantially done",
    "/commitments/": "Not assessed",
    f"{S}/": "Being honoured",
    f"{S}/3.1/": "Under way",
    "/dashboard/": "Status over time",
    "/calendar/?year=2026&month=12": "At some time in this period",
    f"{S}/meetings/": "Meetings",
    "/history/": "newest first",
}
ON_SCREEN_ONLY = ("Skip to content", "Sign out", "Copy link")


def test_each_sheet_says_of_what_and_when_it_is(site, open_page):
    page = open_page(site)
    sign_in(page, "manager.ticaret@example.org")

    for path, words in PAGES.items():
        page.goto(path)
        printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
        sheets = [sheet.extract_text() for sheet in printed.pages]
        for number, sheet in enumerate(sheets, 1):
            assert "Türkiye–Malaysia, Ankara 2026 · As seen by Manager, Ticaret on" in sheet, path
            assert f"{number} / {len(sheets)}" in sheet, path
        paper = "\n".join(sheets)
        assert words in paper, path
        assert [text for text in ON_SCREEN_ONLY if text in paper] == [], path


def test_a_month_is_one_sheet_across(site, open_page):
    page = open_page(site)
    sign_in(page, "manager.ticaret@example.org")
    page.goto("/calendar/?year=2026&month=12&whose=all")

    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages

    assert len(sheets) == 1
    assert sheets[0].mediabox.width > sheets[0].mediabox.height
