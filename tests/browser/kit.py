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


def speak(page: Page, language: str) -> None:
    """Choose the language of the pages from here on, by the buttons of the page at hand, wherever they stand."""
    if page.locator("html").get_attribute("lang") != language:
        with page.expect_navigation():
            page.locator(f"button[name=language][value={language}]").first.evaluate("button => button.click()")


WALK = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const radios = new Set();
  window.unreached = new Set(all.filter((item) => {
    if (item.disabled || item.tabIndex < 0 || !item.checkVisibility({ visibilityProperty: true })) return false;
    if (item.type !== "radio") return true;
    const group = [...document.getElementsByName(item.name)].filter((each) => each.form === item.form);
    const first = group.find((each) => each.checked) ?? group[0];
    return item === first;
  }));
  return window.unreached.size;
}"""
STEP = """() => {
  const item = document.activeElement;
  if (item === document.body) return null;
  window.unreached.delete(item);
  const name = item.outerHTML.slice(0, 100);
  const box = item.getBoundingClientRect();
  if (box.width * box.height < 16) return "";
  const marked = item.type === "radio" ? item.closest("label") ?? item : item;
  const shown = getComputedStyle(marked).outlineStyle !== "none" && marked.checkVisibility({ opacityProperty: true });
  if (!shown) return `not marked: ${name}`;
  if (box.bottom < 1 || box.top > innerHeight - 1) return `outside the window: ${name}`;
  const x = Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, 24) / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const free = top && (item.contains(top) || top.contains(item) || top.closest("label")?.control === item);
  return free ? "" : `covered by ${top?.outerHTML.slice(0, 60)}: ${name}`;
}"""


def walk_by_tab(page: Page) -> list[str]:
    """Go through the page by Tab: what is not reached, or reached without being seen."""
    page.evaluate("document.activeElement?.blur()")
    number = page.evaluate(WALK)
    faults = []
    for _step in range(number * 3):  # a date has three parts
        page.keyboard.press("Tab")
        fault = page.evaluate(STEP)
        if fault is None:
            break
        faults.append(fault)
    missed = page.evaluate("[...window.unreached].map((item) => `not reached: ${item.outerHTML.slice(0, 100)}`)")
    return [fault for fault in faults if fault] + missed


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
