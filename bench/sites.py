"""Starts what is measured: PostgreSQL that keeps its promises, the tracker as `manage.py up` runs it, and the floor."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from bench.measure import memory_of
from bench.subjects_of import Subjects, read_subjects
from statement_tracker.processes import start_child
from tests.product import Product, processes_of
from tests.servers import ROOT, PostgreSQL, answers, free_port, wait_until

KEYS = {
    "SECRET_KEY": "a key for measuring, which protects nothing, of more than fifty characters",
    "HISTORY_KEY": "a history key for measuring",
}
PATIENT = {"STATEMENT_TIMEOUT_SECONDS": "600"}  # what is visited is looked up in all rows
UNLIMITED = {"WRITES_A_MINUTE": "1000000", "SEARCHES_A_MINUTE": "1000000"}  # eight clients are one person here
DURABLE = {"max_connections": "200", "shared_buffers": "256MB", "timezone": "UTC", "max_wal_size": "4GB"}


class Tracker(Product):
    """The product with the query counter, on a database that is filled already."""

    def memory(self, pattern: str = "") -> float:
        found = processes_of(self.folder).items()
        return memory_of(pid for pid, command in found if pattern in command)


class Floor:
    """The bare project under the same gunicorn configuration: as many workers, as many threads."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self.variables = (
            os.environ
            | KEYS
            | {
                "DATABASE_URL": url,
                "DATA_DIR": str(folder),
                "PORT": str(self.port),
                "DJANGO_SETTINGS_MODULE": "bench.floor.settings",
            }
        )

    def start(self) -> None:
        with (self.folder / "floor.log").open("ab") as log:
            command = [sys.executable, "-m", "gunicorn", "--config", "python:statement_tracker.web", "bench.floor.wsgi"]
            self.process = start_child(command, cwd=ROOT, env=self.variables, stdout=log, stderr=log)
        wait_until(lambda: answers(self.port), 30, "the floor answers")

    def memory(self) -> float:
        return memory_of(iter(processes_of(self.folder)))

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(20)


class Site:
    """Tracker and floor over one database of one size."""

    def __init__(self, size: int, tracker: Tracker, floor: Floor, subjects: Subjects, seconds: float | None) -> None:
        self.size, self.tracker, self.floor, self.subjects = size, tracker, floor, subjects
        self.seconds_to_make = seconds


@contextmanager
def running(sizes: list[int], folder: Path, notes: int) -> Iterator[list[Site]]:
    """The sites of all sizes, side by side on one PostgreSQL; rows that the folder holds already are used again."""
    os.environ.update(KEYS)
    server = PostgreSQL(folder / "pg", DURABLE)
    server.folder.mkdir(exist_ok=True)
    folder.chmod(0o711)
    with ExitStack() as stack:
        stack.enter_context(server.running())
        yield [stack.enter_context(site(size, server, folder, notes)) for size in sizes]


@contextmanager
def site(size: int, server: PostgreSQL, folder: Path, notes: int) -> Iterator[Site]:
    name = f"bench{size}"
    url = server.url(name)
    tracker = Tracker(folder / name, DATABASE_URL=url, DJANGO_SETTINGS_MODULE="bench.settings", **UNLIMITED)
    filled = None if exists(server, name) else fill(server, name, tracker, size, notes)
    floor = Floor(folder / f"{name}-floor", url)
    try:
        manage(tracker, "migrate", "--verbosity", "0")
        tracker.start("--prepare", seconds=120)
        floor.start()
        yield Site(size, tracker, floor, read_subjects(tracker.variables | PATIENT), filled)
    finally:
        tracker.end()
        floor.end()


def exists(server: PostgreSQL, name: str) -> bool:
    with psycopg.connect(server.url("postgres")) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def fill(server: PostgreSQL, name: str, tracker: Tracker, size: int, notes: int, *more: str) -> float:
    """Make database and rows; gives the seconds that `manage.py generate` took."""
    making = f"{name}_making"
    server.run(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(making)))
    server.run(SQL("CREATE DATABASE {}").format(Identifier(making)))
    variables = tracker.variables | {"DATABASE_URL": server.url(making)}
    maker = Tracker(tracker.folder)
    maker.variables = variables
    manage(maker, "prepare")
    seconds = timed(maker, "generate", "--commitments", str(size), "--notes", str(notes), *more)
    with psycopg.connect(server.url(making), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    server.run(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(making), Identifier(name)))
    return seconds


def timed(tracker: Tracker, *arguments: str) -> float:
    before = os.times()
    manage(tracker, *arguments)
    after = os.times()
    return after.elapsed - before.elapsed


def manage(tracker: Tracker, *arguments: str) -> None:
    done: subprocess.CompletedProcess = tracker.manage(*arguments, seconds=7200)
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
