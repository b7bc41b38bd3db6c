"""Writes what was measured as a page: the targets and what was reached of them, then every figure."""

from collections.abc import Iterator

from bench.results import Measured, Saved, SizeMeasured

TO_FLOOR, TO_SMALL, TO_LARGE = 2.0, 1.3, 3.0
WEB_MEMORY, ALL_MEMORY = 180, 400  # MB
AIM = 100_000
SMALL, LARGE = 1_000, 1_000_000
HOW = """# Performance

Written by `make bench` and, the part about reminders, by `make bench-reminders`; each run makes its own anew.

The tracker runs as `manage.py up` starts it (two web workers, worker, beat), on PostgreSQL that keeps its promises
(fsync on). Beside it runs the floor, `bench/floor/`: a bare Django project on the same database and under the same
web server, that looks up session and person, asks one indexed query for the rows (and one for what belongs to them)
and shows them with a plain template. Each round asks every page of every server once, one after the other, so that
what else the machine does meets all alike; a ratio is the median over the rounds. The run fails when a page answers
with another status than 200, or with other rows, or another order, than the floor.

An overview is kept in the memory of each web process until something is recorded about its statement: "the same after a
change" is the overview of the statement that the round before wrote on, so made anew each time. Where a page shows more
rows at 100,000 commitments than at 1,000, the growth of the floor's page stands beside its own.
"""


def report(results: list[SizeMeasured], rounds: int, on_sqlite: list[Saved]) -> str:
    parts = [HOW, f"Rounds: {rounds}.\n", *targets({result.size: result for result in results})]
    for result in results:
        parts += section(result)
    if on_sqlite:
        parts += ["## On SQLite, with 1,000 commitments\n", *map(saved_words, on_sqlite), ""]
    return "\n".join(parts)


def targets(results: dict[int, SizeMeasured]) -> Iterator[str]:
    """A line for each page: the three ratios of the largest size up to a hundred thousand, and whether they hold."""
    aim = results.get(AIM)
    if aim is None:
        return
    yield "## Targets at 100,000 commitments\n"
    yield f"| page | to the floor (≤ {TO_FLOOR:g}) | to 1,000 (≤ {TO_SMALL:g}) | 1,000,000 to it (≤ {TO_LARGE:g}) |"
    yield "|---|---|---|---|"
    for page in aim.pages:
        small, large = (same(results.get(size), page) for size in (SMALL, LARGE))
        cells = [
            verdict(page.ratio, TO_FLOOR),
            growth(page, small) if small else "–",
            verdict(large.times.p50 / page.times.p50, TO_LARGE) if large else "–",
        ]
        yield f"| {page.name} | {' | '.join(cells)} |"
    yield f"\nMemory: web {verdict(aim.web_memory, WEB_MEMORY, ' MB')} of {WEB_MEMORY} MB,"
    yield f"all processes {verdict(aim.all_memory, ALL_MEMORY, ' MB')} of {ALL_MEMORY} MB.\n"


def growth(page: Measured, small: Measured) -> str:
    """The page's own time against that with few commitments; with the floor's where it shows more rows than there."""
    words = verdict(page.times.p50 / small.times.p50, TO_SMALL)
    if page.rows == small.rows:
        return words
    return f"{words} ({small.rows} → {page.rows} rows; floor {page.floor_times.p50 / small.floor_times.p50:.2f})"


def same(result: SizeMeasured | None, page: Measured) -> Measured | None:
    return next((other for other in result.pages if other.name == page.name), None) if result else None


def verdict(value: float, limit: float, unit: str = "") -> str:
    words = f"{value:.0f}{unit}" if unit else f"{value:.2f}"
    return words if value <= limit else f"**{words}, not reached**"


def section(result: SizeMeasured) -> Iterator[str]:
    yield f"## {result.size:,} commitments\n"
    yield "| page | p50 ms | p95 ms | floor p50 ms | ratio | requests/s | floor requests/s | queries | rows | KB |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for page in result.pages:
        times, floor = page.times, page.floor_times
        cells = [f"{times.p50 * 1000:.0f}", f"{times.p95 * 1000:.0f}", f"{floor.p50 * 1000:.0f}", f"{page.ratio:.2f}"]
        cells += [f"{page.tracker_a_second:.0f}", f"{page.floor_a_second:.0f}"]
        cells += [str(page.queries or "–"), str(page.rows or "–"), f"{page.bytes / 1024:.0f}"]
        yield f"| {page.name} | {' | '.join(cells)} |"
    yield (
        f"\nMemory (proportional set size): web {result.web_memory:.0f} MB, all processes {result.all_memory:.0f} MB,"
        f" the floor {result.floor_memory:.0f} MB."
    )
    if result.seconds_to_make is not None:
        yield f"`manage.py generate` took {result.seconds_to_make:.0f} s."
    yield ""
    yield from map(saved_words, result.saved)
    yield ""


def saved_words(saved: Saved) -> str:
    return (
        f"- {saved.officers} officers save at once, {saved.name}: {saved.notes} notes in {saved.seconds:.1f} s,"
        f" none lost, {saved.conflicts} shown what was saved meanwhile; p50 {saved.p50 * 1000:.0f} ms,"
        f" p95 {saved.p95 * 1000:.0f} ms."
    )
