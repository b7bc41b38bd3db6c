"""A real Chromium on the real product: its own server process, a database with the sample data, built static files.

Without Chromium these tests are skipped and the run's last lines say how to install it; under CI=true they fail.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import product
from tests.browser.kit import DESKTOP, Complaints
from tests.chromium import MISSING, chromium_program, is_required
from tests.databases import Databases
from tests.servers import ROOT, answers, free_port, process, wait_until

FLAGS = [  # the second line: no request of Chromium's own leaves the machine
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--force-color-profile=srgb"),
    *("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Playwright keeps a loop in this thread while it lives, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        program = chromium_program(playwright.chromium.executable_path)
        if not program:
            if is_required():
                pytest.fail(MISSING, pytrace=False)
            pytest.skip(MISSING)
        started = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def demo_template(databases: Databases, statement_template: str, prepared_folder: Path) -> str:
    """A database with the statement and the sample data as they are now, for servers that ask the real clock."""

    def load(url: str) -> None:
        product.run_command("load_demo", folder=prepared_folder, DATABASE_URL=url)

    return databases.template("demo", load, source=statement_template)


@contextmanager
def serve(databases: Databases, template: str, folder: Path) -> Iterator[str]:
    """The address of a web server on a copy of the template, for the block."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:statement_tracker.web", "statement_tracker.wsgi"]
    with databases.copy_of(template) as url:
        variables = product.environment(folder, DATABASE_URL=url, PORT=str(port), WEB_WORKERS="1")
        with process(command, folder / "web.log", cwd=ROOT, env=variables):
            wait_until(lambda: answers(port), 30, f"the web server starts; see {folder / 'web.log'}")
            yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def site(databases: Databases, demo_template: str, prepared_folder: Path) -> Iterator[str]:
    """The address of a server that tests share; read only, so that none depends on another."""
    with serve(databases, demo_template, prepared_folder) as address:
        yield address


@pytest.fixture
def own_site(databases: Databases, demo_template: str, prepared_folder: Path) -> Iterator[str]:
    """The address of a server with a database of the test's own, to write to."""
    with serve(databases, demo_template, prepared_folder) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a fresh window: open_page(site, width=PHONE, dark=True, javascript=False).

    An error in the page's scripts, a refused resource or anything else on its console fails the test in the end.
    """
    complaints = Complaints()

    def open_window(
        site: str, *, width: int = DESKTOP, height: int = 900, dark: bool = False, javascript: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="en-GB",
        )
        windows.callback(context.close)
        page = context.new_page()
        page.set_default_timeout(10_000)
        complaints.listen(page)
        return page

    with ExitStack() as windows:
        yield open_window
    assert complaints.lines == []
