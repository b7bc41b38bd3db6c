"""Pages that several benches write: each keeps to its own part, between two markers."""

from pathlib import Path

REMINDERS, DOSSIERS = "reminders", "dossiers"
TRANSFER = "transfer"  # written by hand, from tests/browser/test_transfer.py


def part_of(page: Path | None, name: str) -> str:
    """The part with its markers as it stands on the page; empty where there is none."""
    text = page.read_text("utf-8") if page and page.exists() else ""
    begin, end = _markers(name)
    return text[text.index(begin) : text.index(end) + len(end)] if begin in text and end in text else ""


def with_part(text: str, part: str) -> str:
    """The page with the part at its end."""
    return f"{text.rstrip()}\n\n{part}\n" if part else text


def write_part(page: Path, name: str, content: str) -> None:
    """Put the content in the place of the part, or at the end of the page."""
    begin, end = _markers(name)
    part, before = f"{begin}\n{content.strip()}\n{end}", part_of(page, name)
    text = page.read_text("utf-8") if page.exists() else ""
    page.write_text(text.replace(before, part) if before else with_part(text, part), "utf-8")


def _markers(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
