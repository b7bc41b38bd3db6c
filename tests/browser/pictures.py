"""Makes the pictures of README and docs from the running product: `make screenshots`."""

import secrets
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.kit import DESKTOP, PHONE, sign_in
from tests.chromium import ADVICE, chromium_program
from tests.product import Product
from tests.servers import ROOT

FOLDER = ROOT / "docs" / "images"
STATEMENT = "/statements/turkiye-malaysia-hlsc-2026/"
PICTURES = [  # name, account, address, width, height
    ("overview", "coordinator.my@example.org", "/", DESKTOP, 1000),
    ("commitments", "officer.miti@example.org", "/commitments/", DESKTOP, 1000),
    ("commitment", "officer.miti@example.org", f"{STATEMENT}3.1/", DESKTOP, 1400),
    ("statement", "reader.tr@example.org", STATEMENT, DESKTOP, 1000),
    ("calendar", "coordinator.tr@example.org", "/calendar/?whose=all", DESKTOP, 1000),
    ("my-work-phone", "officer.ticaret@example.org", "/my-work/", PHONE, 844),
]


def main() -> None:
    program = chromium_program()
    if not program:
        raise SystemExit(ADVICE)
    FOLDER.mkdir(parents=True, exist_ok=True)
    keys = {name: secrets.token_urlsafe(50) for name in ("SECRET_KEY", "HISTORY_KEY")}
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder) / "data", DEMO="1", **keys)
        try:
            product.start("--prepare", seconds=120)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
                take_all(browser, f"http://127.0.0.1:{product.port}")
                browser.close()
        finally:
            product.stop()
            product.end()


def take_all(browser: Browser, address: str) -> None:
    for name, account, path, width, height in PICTURES:
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}, color_scheme="light", locale="en-GB"
        )
        page = context.new_page()
        sign_in(page, account)
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=FOLDER / f"{name}.png")
        context.close()


if __name__ == "__main__":
    main()
