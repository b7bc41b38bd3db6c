"""Where the browser of the browser tests is, and what to say where there is none."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium found for the browser tests"
ADVICE = (
    "Install it with `sudo apt-get install chromium` (or `.venv/bin/playwright install --with-deps chromium`), "
    "or name one with CHROMIUM=/path/to/chromium, and run `make test` again."
)


def chromium_program(playwrights_own: str = "") -> str | None:
    """CHROMIUM where it is set, else the first browser on the path, else the one that Playwright has installed."""
    installed = filter(None, map(shutil.which, (*NAMES, playwrights_own)))
    return os.environ.get("CHROMIUM") or next(installed, None)


def is_required() -> bool:
    return os.environ.get("CI", "").lower() in ("true", "1")
