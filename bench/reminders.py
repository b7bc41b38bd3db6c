"""`make bench-reminders`: a day's planning at each size, and how fast mails go out beside a bare loop.

The bare loop has the letters in memory and knows nothing of claims, attempts or outcomes: it puts each into words
with the same templates, as Django's EmailMultiAlternatives, and sends it over one connection. Sender and loop take
turns with the same mails and the same mail server, so that what else the machine does meets both alike.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.parts import REMINDERS, write_part
from bench.sites import DURABLE, KEYS, Tracker, exists, fill
from tests.servers import ROOT, PostgreSQL
from tests.smtp_sink import Sink

PEOPLE = 5000
MEMORY = 300  # MB
RATE = 0.6
WORLD = ("--people", str(PEOPLE), "--at-work", "--today", "2026-11-24")


@dataclass(frozen=True, slots=True)
class Plan:
    """A day's planning at one size, and the next one a minute later; seconds, MB."""

    size: int
    reminders: int
    mails: int
    people: int
    statements: int
    seconds: float
    statements_again: int
    seconds_again: float
    peak_memory: float


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds that the sender and the bare loop took for the same mails."""

    mails: int
    sender: float
    bare: float


def measure(sizes: list[int], folder: Path, rounds: int, mails: int) -> tuple[list[Plan], list[Round]]:
    server = PostgreSQL(folder / "pg", DURABLE)
    server.folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    plans = []
    with server.running(), Sink(folder / "mails.jsonl") as sink:
        for size in sizes:
            tracker = Tracker(folder / f"reminders{size}", DATABASE_URL=server.url(f"reminders{size}"), **KEYS)
            if not exists(server, f"reminders{size}"):
                fill(server, f"reminders{size}", tracker, size, 0, *WORLD)
            plans.append(Plan(size, **step(tracker, "plan")))
        there = ("--host", sink.host, "--port", str(sink.port))
        sent = step(tracker, "send", *there, "--rounds", str(rounds), "--mails", str(mails))
    return plans, [Round(**each) for each in sent]


def step(tracker: Tracker, *arguments: str, module: str = "bench.reminding") -> list | dict:
    """What the step found, in a fresh process on the tracker's database."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, env=tracker.variables, capture_output=True, check=False, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def report(plans: list[Plan], sent: list[Round]) -> str:
    ratio = median(each.bare / each.sender for each in sent)
    mails = sum(each.mails for each in sent)
    mine, its = mails / sum(each.sender for each in sent), mails / sum(each.bare for each in sent)
    verdict = f"{ratio:.2f}" if ratio >= RATE else f"**{ratio:.2f}, not reached**"
    lines = [
        "## Reminders",
        "",
        f"Written by `make bench-reminders`: open commitments of two sides each, {PEOPLE:,} people, on PostgreSQL that",
        "keeps its promises. The first planning of all finds a week's backlog beside the day's own.",
        "",
        f"| open commitments | reminders | mails | statements | seconds | a minute later | peak MB (≤ {MEMORY}) |",
        "|---|---|---|---|---|---|---|",
    ]
    for plan in plans:
        memory = f"{plan.peak_memory:.0f}" if plan.peak_memory <= MEMORY else f"**{plan.peak_memory:.0f}, not reached**"
        again = f"{plan.statements_again} statements, {plan.seconds_again:.1f} s"
        lines.append(
            f"| {plan.size:,} | {plan.reminders:,} | {plan.mails:,} | {plan.statements} | {plan.seconds:.1f}"
            f" | {again} | {memory} |"
        )
    lines += [
        "",
        f"Sending: one sender {mine:.0f} mails a second, rendering included; the bare loop {its:.0f}. Ratio (median of",
        f"{len(sent)} rounds of {sent[0].mails} mails, taken in turns): {verdict} (≥ {RATE:g}). The bare loop has",
        "every letter in memory and puts it into words with the same templates; it keeps no account of what it",
        "has sent.",
    ]
    return "\n".join(lines)


def main(given: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", default="1000,100000", help="numbers of open commitments, smallest first")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--mails", type=int, default=200, help="mails in each round")
    parser.add_argument("--folder", type=Path, help="keeps the databases here, to be looked at")
    parser.add_argument("--output", type=Path, help="the page whose part is written; printed where there is none")
    options = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="bench-") as thrown_away:
        folder = (options.folder or Path(thrown_away)).resolve()
        found = measure([int(size) for size in options.sizes.split(",")], folder, options.rounds, options.mails)
    if options.output:
        write_part(options.output, REMINDERS, report(*found))
    print(report(*found))


if __name__ == "__main__":
    main(sys.argv[1:])
