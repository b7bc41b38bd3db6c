"""Databases for the tests: one is migrated, all others are copies of it, on SQLite and on PostgreSQL alike.

The history's triggers refuse DELETE and TRUNCATE, so a test that commits cannot be cleaned up after: it gets a
database of its own (the fixture `fresh_database`), which is dropped with everything in it.
"""

import fcntl
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections, transaction
from psycopg.sql import SQL, Identifier

from statement_tracker import environment
from tests.servers import PostgreSQL


class SqliteDatabases:
    """Each database is a file in the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        return f"sqlite://{self.folder / name}.sqlite3"

    def create(self, name: str) -> None:
        self._file(name).touch()

    def copy(self, source: str, name: str) -> None:
        shutil.copyfile(self._file(source), self._file(name))

    def drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._file(name)}{suffix}").unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"


class PostgresqlDatabases:
    """Each database is one on the test run's server; a copy is made by the server."""

    def __init__(self, server: PostgreSQL) -> None:
        self.server = server

    def url(self, name: str) -> str:
        return self.server.url(name)

    def create(self, name: str) -> None:
        self.server.run(SQL("CREATE DATABASE {}").format(Identifier(name)))

    def copy(self, source: str, name: str) -> None:
        statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
        self.server.run(SQL(statement).format(Identifier(name), Identifier(source)))

    def drop(self, name: str) -> None:
        self.server.run(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


class Databases:
    """Templates, made once for all workers of the test run, and copies of them for one test or one worker."""

    def __init__(self, folder: Path, server: PostgreSQL | None) -> None:
        self.folder = folder
        self.backend = PostgresqlDatabases(server) if server else SqliteDatabases(folder)
        self._numbers = itertools.count(1)

    def template(self, name: str, build: Callable[[str], None], source: str | None = None) -> str:
        """The template NAME: built by `build(address)` on an empty database, or on a copy of the template SOURCE."""
        done = self.folder / f"{name}.done"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                self.backend.drop(name)
                if source:
                    self.backend.copy(source, name)
                else:
                    self.backend.create(name)
                build(self.backend.url(name))
                done.touch()
        return name

    @contextmanager
    def copy_of(self, template: str) -> Iterator[str]:
        """The address of a copy that lasts for the block."""
        name = f"{template}_{os.getpid()}_{next(self._numbers)}"
        self.backend.copy(template, name)
        try:
            yield self.backend.url(name)
        finally:
            self.backend.drop(name)


@contextmanager
def connected_to(url: str, *, pgbouncer: bool = False) -> Iterator[None]:
    """Django's default database is this one for the block, in this thread and in those that start within it."""
    address = environment.database(url, Path(os.devnull), pgbouncer=pgbouncer)
    outer, outer_settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = connections.configure_settings({"default": address})["default"]
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = outer_settings
        connections["default"] = outer


@contextmanager
def rolled_back(url: str) -> Iterator[None]:
    """Django is connected to this database for the block; what is written there does not last."""
    with connected_to(url), transaction.atomic():
        yield
        connections["default"].check_constraints()
        transaction.set_rollback(True)
