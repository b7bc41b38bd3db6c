"""What browser tests do again and again: sign in, ask axe, look for anything that went wrong on the page."""

from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Response

PASSWORD = "joint-statement-2026"  # of the sample accounts
AXE = (Path(__file__).with_name("vendor") / "axe.min.js").read_text("utf-8")
DESKTOP, PHONE = 1440, 390


def sign_in(page: Page, email: str) -> None:
    """Sign in as a sample account; ends on the page that was asked for before, else on the overview."""
    if "/account/login/" not in page.url:
        page.goto("/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button.main").click()
    page.wait_for_url(lambda url: "/account/" not in url)


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds on the page, one line for each rule with the elements that break it."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: "
        + "; ".join(f"{node['target']} {node['html'][:120]}" for node in rule["nodes"][:5])
        for rule in found["violations"]
    ]


def wider_than_the_window(page: Page) -> bool:
    """Whether the page has to be moved sideways to be read."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


class Complaints:
    """Errors of the page's scripts, refused or missing parts, failures of the server."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.lines.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self.hear(page, message))
        page.on("response", self.look)

    def hear(self, page: Page, message: ConsoleMessage) -> None:
        # Chromium calls every answer from 400 on an error; `look` knows which of them are wrong.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.lines.append(f"{page.url}: {message.text}")

    def look(self, response: Response) -> None:
        part_of_a_page = response.request.resource_type not in ("document", "xhr", "fetch")
        if response.status >= 500 or (response.status >= 400 and part_of_a_page):
            self.lines.append(f"{response.status} {response.url}")
