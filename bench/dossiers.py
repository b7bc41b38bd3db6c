"""`make bench-dossiers`: what the dossier of one statement costs in each format, at each number of commitments."""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.parts import DOSSIERS, write_part
from bench.reminders import step
from bench.sites import DURABLE, KEYS, Tracker, exists, fill
from tests.servers import PostgreSQL

FORMATS = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel"}
LIMITS = {"docx": (60, 500), "xlsx": (15, None)}  # seconds and MB for the largest
NOTES = 5


@dataclass(frozen=True, slots=True)
class Made:
    """One file: seconds, bytes, MB."""

    ending: str
    commitments: int
    queries: int
    reading: float
    making: float
    size: int
    peak_memory: float


def measure(sizes: list[int], folder: Path) -> list[Made]:
    server = PostgreSQL(folder / "pg", DURABLE)
    server.folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    found = []
    with server.running():
        for size in sizes:
            name = f"dossiers{size}"
            tracker = Tracker(folder / name, DATABASE_URL=server.url(name), **KEYS)
            if not exists(server, name):
                fill(server, name, tracker, size, NOTES, "--per-statement", str(size), "--people", "20")
            for ending in FORMATS:
                found.append(Made(ending, **step(tracker, ending, module="bench.dossier_making")))
    return found


def report(found: list[Made]) -> str:
    lines = [
        "## Dossiers",
        "",
        "Written by `make bench-dossiers`: one statement, two sides; a fifth of the parts have notes, the edition is",
        "one side’s own. Each file in a fresh process on PostgreSQL; the peak is the whole process, the product in it.",
        "",
        "| commitments | file | queries | reading, s | making, s | size, MB | peak, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    largest = max(made.commitments for made in found)
    for made in found:
        seconds, memory = LIMITS.get(made.ending, (None, None)) if made.commitments == largest else (None, None)
        lines.append(
            f"| {made.commitments:,} | {FORMATS[made.ending]} | {made.queries} | {made.reading:.1f}"
            f" | {told(made.making, seconds, '.1f', since=made.reading)} | {made.size / 1e6:.1f}"
            f" | {told(made.peak_memory, memory, '.0f')} |"
        )
    lines += ["", f"The machine did other work at the same time (load {os.getloadavg()[0]:.0f})."]
    return "\n".join(lines)


def told(value: float, limit: float | None, shape: str, *, since: float = 0) -> str:
    """The figure; with its limit where it has one, in bold where it (and what came before it) goes over that."""
    if limit is None:
        return f"{value:{shape}}"
    return f"{value:{shape}} (≤ {limit})" if value + since <= limit else f"**{value:{shape}}, not reached** (≤ {limit})"


def main(given: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", default="64,640,2000", help="numbers of commitments, smallest first")
    parser.add_argument("--folder", type=Path, help="keeps the databases here, to be looked at")
    parser.add_argument("--output", type=Path, help="the page whose part is written; printed where there is none")
    options = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="bench-") as thrown_away:
        folder = (options.folder or Path(thrown_away)).resolve()
        found = measure([int(size) for size in options.sizes.split(",")], folder)
    if options.output:
        write_part(options.output, DOSSIERS, report(found))
    print(report(found))


if __name__ == "__main__":
    main(sys.argv[1:])
