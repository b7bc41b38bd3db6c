"""Nothing is seen without signing in, and the way in works for everybody."""

import pytest

from tests.browser.kit import sign_in


@pytest.mark.parametrize("javascript", [True, False])
def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_where_they_went(site, open_page, javascript):
    page = open_page(site, javascript=javascript)

    page.goto("/commitments/")
    assert "/account/login/" in page.url
    sign_in(page, "officer.miti@example.org")

    assert page.url == f"{site}/commitments/"


def test_signing_in_leads_to_the_overview(site, open_page):
    page = open_page(site)

    sign_in(page, "coordinator.tr@example.org")

    assert page.url == f"{site}/"
