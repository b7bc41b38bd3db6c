"""The embedded database under many officers: the product on SQLite, without anything else beside it."""

from pathlib import Path

from bench.results import Saved
from bench.sites import UNLIMITED, Tracker, manage
from bench.subjects_of import read_subjects
from bench.writes import save_at_once

SIZE = 1_000  # commitments: SQLite is for one machine and a few dozen officers


def save_on_sqlite(folder: Path, saves: int) -> list[Saved]:
    """Officers save at once, as on PostgreSQL; raises where a note is lost or refused."""
    home = folder / "embedded"
    tracker = Tracker(
        home, DATABASE_URL=f"sqlite://{home / 'tracker.sqlite3'}", DJANGO_SETTINGS_MODULE="bench.settings", **UNLIMITED
    )
    if not (home / "tracker.sqlite3").exists():
        manage(tracker, "prepare")
        manage(tracker, "generate", "--commitments", str(SIZE))
    try:
        tracker.start("--prepare", seconds=120)
        return save_at_once(tracker, read_subjects(tracker.variables), saves)
    finally:
        tracker.end()
