"""What the overview costs on the wire: bytes as they are sent, compressed, with fonts, scripts and pictures."""

from collections import Counter

import pytest
from playwright.sync_api import Page

from tests.browser.kit import sign_in

FIRST_VISIT, NEXT_VISIT = 150_000, 30_000  # bytes, heads of the answers included


def bytes_of_overview(page: Page, *, kept: bool) -> Counter[str]:
    """Bytes received for the overview by what they were for; what the browser kept costs nothing."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    if not kept:
        wire.send("Network.clearBrowserCache")
    kinds: dict[str, str] = {}
    received: Counter[str] = Counter()
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    wire.on(
        "Network.loadingFinished",
        lambda event: received.update({kinds.get(event["requestId"], "Other"): int(event["encodedDataLength"])}),
    )
    page.goto("/", wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    wire.detach()
    return received


@pytest.mark.parametrize("email", ["coordinator.tr@example.org", "reader.my@example.org"])
def test_the_overview_of_64_commitments_is_light_the_first_time_and_lighter_the_next(site, open_page, email):
    page = open_page(site)
    sign_in(page, email)

    first = bytes_of_overview(page, kept=False)
    following = bytes_of_overview(page, kept=True)

    assert first["Font"] > 0, "the first visit fetches the fonts"
    assert first.total() < FIRST_VISIT, dict(first)
    assert following.total() < NEXT_VISIT, dict(following)
