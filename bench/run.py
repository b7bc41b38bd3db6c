"""`make bench`: times of the tracker's pages beside a bare Django project over the same rows, for each size.

Every round asks each page once of every server, one after the other, so that whatever else the machine does meets all
alike; a ratio is the median over the rounds. A page that answers with another status than 200, or with other rows than
the floor, ends the run.
"""

import argparse
import json
import re
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from bench.embedded import save_on_sqlite
from bench.measure import Answer, Visitor, WrongAnswerError, a_second
from bench.pages import Page, pages
from bench.parts import DOSSIERS, REMINDERS, TRANSFER, part_of, with_part
from bench.report import report
from bench.results import Measured, SizeMeasured
from bench.sites import Site, running
from bench.writes import save_at_once

CLIENTS = 8
WARM = 3  # rounds that do not count
WIDTH = 40  # characters of the bar
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Bench:
    """One site: its visitors, its pages, and what was measured."""

    def __init__(self, site: Site) -> None:
        self.site = site
        sessions = site.subjects.sessions
        self.tracker = Visitor(site.tracker.port, {"sid": sessions["tracker"]})
        self.floor = Visitor(site.floor.port, {"floor": sessions["floor"]})
        self.pages = pages(site.subjects)
        self.measured = {page.name: Measured(page.name) for page in self.pages}
        self.writing = Measured("note with a status")
        self.version, self.status = site.subjects.write.version, site.subjects.write.status
        self.tokens: dict[str, str] = {}

    def check(self) -> None:
        """Every page once: 200, the rows that the floor shows, and how many queries they take."""
        for page in self.pages:
            mine = right(self.tracker.get(page.path, **{"Count-Queries": "1"}), page.path)
            its = right(self.floor.get(page.floor), page.floor)
            found = self.measured[page.name]
            found.queries, found.bytes = int(mine.headers["Queries"]), len(mine.body)
            if page.rows:
                found.rows = same_rows(page, mine, its)

    def round(self, *, counts: bool) -> None:
        for page in self.pages:
            mine = right(self.tracker.get(page.path), page.path).seconds
            its = right(self.floor.get(page.floor), page.floor).seconds
            if counts:
                self.measured[page.name].tracker.append(mine)
                self.measured[page.name].floor.append(its)
        mine, its = self.write()
        if counts:
            self.writing.tracker.append(mine)
            self.writing.floor.append(its)

    def write(self) -> tuple[float, float]:
        """A note with another status than before, saved on both servers."""
        place = self.site.subjects.write
        status = "not_started" if self.status == "under_way" else "under_way"
        page = f"/statements/{place.slug}/{place.ref}/"
        path, floor = f"{page}{place.party}/note/", f"/note/{place.assignment}/"
        fields = {"text": f"Note {self.version}.", "status": status, "visibility": "both"}
        seen = {"version": str(self.version), "seen_status": self.status}
        mine = self.tracker.post(path, fields | seen | {"csrfmiddlewaretoken": self.token("tracker", page)})
        if mine.status != 302:
            raise WrongAnswerError(f"{path} answered {mine.status}")
        its = self.floor.post(floor, fields | {"csrfmiddlewaretoken": self.token("floor", floor)})
        if its.status != 302:
            raise WrongAnswerError(f"{floor} answered {its.status}")
        self.version, self.status = self.version + 1, status
        return mine.seconds, its.seconds

    def token(self, server: str, path: str) -> str:
        """The form's token against forged requests; the visitor keeps the cookie that belongs to it."""
        if server not in self.tokens:
            visitor = {"tracker": self.tracker, "floor": self.floor}[server]
            self.tokens[server] = TOKEN.search(right(visitor.get(path), path).body.decode())[1]
        return self.tokens[server]

    def load(self, seconds: float) -> None:
        """Requests per second of eight clients, each page on the tracker, then on the floor."""
        site = self.site
        for page in self.pages:
            found = self.measured[page.name]
            found.tracker_a_second = a_second(
                lambda: Visitor(site.tracker.port, self.tracker.cookies), page.path, clients=CLIENTS, seconds=seconds
            )
            found.floor_a_second = a_second(
                lambda: Visitor(site.floor.port, self.floor.cookies), page.floor, clients=CLIENTS, seconds=seconds
            )

    def result(self) -> SizeMeasured:
        site = self.site
        return SizeMeasured(
            size=site.size,
            pages=[*self.measured.values(), self.writing],
            web_memory=site.tracker.memory("gunicorn"),
            all_memory=site.tracker.memory(),
            floor_memory=site.floor.memory(),
            seconds_to_make=site.seconds_to_make,
        )


def right(answer: Answer, path: str) -> Answer:
    if answer.status != 200:
        raise WrongAnswerError(f"{path} answered {answer.status}: {answer.body[:300]!r}")
    return answer


def same_rows(page: Page, mine: Answer, its: Answer) -> int:
    """How many rows both show, the same in the same order."""
    shown, expected = mine.rows(page.rows), its.rows(page.floor_rows)
    if shown != expected:
        raise WrongAnswerError(
            f"{page.path} shows {len(shown)} rows, {page.floor} {len(expected)}: {shown[:5]} …, {expected[:5]} …"
        )
    if not shown:
        raise WrongAnswerError(f"{page.path} shows no rows")
    return len(shown)


def measure(benches: list[Bench], options: argparse.Namespace) -> list[SizeMeasured]:
    for bench in benches:
        say(f"{bench.site.size:,} commitments: the same rows as the floor")
        bench.check()
    for number in range(WARM + options.rounds):
        say(bar(number + 1, WARM + options.rounds), passing=True)
        for bench in benches:
            bench.round(counts=number >= WARM)
    for bench in benches:
        say(f"{bench.site.size:,} commitments: {CLIENTS} clients at once")
        bench.load(options.seconds)
    results = [bench.result() for bench in benches]
    for bench, result in zip(benches, results, strict=True):
        say(f"{bench.site.size:,} commitments: {len(bench.site.subjects.officers)} officers save at once")
        result.saved = save_at_once(bench.site.tracker, bench.site.subjects, options.saves)
    return results


def bar(done: int, of: int) -> str:
    """How far the rounds have come."""
    filled = round(WIDTH * done / of)
    return f"[{'#' * filled}{'.' * (WIDTH - filled)}] round {done} of {of}"


def say(line: str, *, passing: bool = False) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line}", end="" if passing else "\n", file=sys.stderr, flush=True)
    elif not passing:
        print(line, file=sys.stderr, flush=True)


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", default="1000,100000", help="numbers of commitments, smallest first")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--seconds", type=float, default=3, help="how long eight clients ask each page")
    parser.add_argument("--saves", type=int, default=4, help="notes that each officer saves")
    parser.add_argument("--notes", type=int, default=5, help="notes on each of the fifth that has any")
    parser.add_argument("--folder", type=Path, help="keeps the databases here for the next run")
    parser.add_argument("--output", type=Path, help="the page to write; printed where there is none")
    parser.add_argument("--figures", type=Path, help="keeps every figure here, as JSON")
    return parser.parse_args(given)


def main(given: list[str]) -> None:
    options = arguments(given)
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="bench-") as thrown_away:
        folder = options.folder or Path(thrown_away)
        folder.mkdir(parents=True, exist_ok=True)
        with running(sizes, folder.resolve(), options.notes) as sites:
            results = measure([Bench(site) for site in sites], options)
        say("SQLite: officers save at once")
        on_sqlite = save_on_sqlite(folder.resolve(), options.saves)
    if options.figures:
        options.figures.write_text(json.dumps([asdict(result) for result in results], indent=1))
    page = report(results, options.rounds, on_sqlite)
    if options.output:
        for name in (REMINDERS, DOSSIERS, TRANSFER):
            page = with_part(page, part_of(options.output, name))
        options.output.write_text(page, "utf-8")
    else:
        print(page)


if __name__ == "__main__":
    main(sys.argv[1:])
