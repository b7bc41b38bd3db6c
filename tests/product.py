"""The product as an administrator runs it: real processes, on a data folder and a database of the test's own."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from statement_tracker.processes import start_child
from tests.servers import ROOT, free_port, wait_until

SETTINGS = {"DJANGO_SETTINGS_MODULE": "statement_tracker.settings", "ENV_FILE": os.devnull}
KEYS = ("PATH", "HOME", "LANG", "TMPDIR", "SECRET_KEY", "HISTORY_KEY")


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """What a process of the product is given: the test's keys, its data folder and what the test adds."""
    kept = {name: os.environ[name] for name in KEYS if name in os.environ}
    return kept | SETTINGS | {"DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"} | variables


def run_command(*command: str, folder: Path, **variables: str) -> None:
    """A command of the product with its own settings, so that passwords are hashed as in service."""
    subprocess.run(
        [sys.executable, "manage.py", *command, "--verbosity", "0"],
        cwd=ROOT,
        env=environment(folder, **variables),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def processes_of(folder: Path) -> dict[int, str]:
    """Process numbers and command lines of all that runs on the data folder, whoever its parent is now."""
    mark = f"DATA_DIR={folder}\0".encode()
    found = {}
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and mark in (process / "environ").read_bytes() + b"\0":
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                if command:  # a zombie has none
                    found[int(process.name)] = command
    return found


class Product:
    """`manage.py up` in a process of its own; its output goes to `up.log` in the data folder."""

    def __init__(self, folder: Path, *, make: bool = True, **variables: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.variables = environment(folder, PORT=str(self.port), **variables)
        if make:
            folder.mkdir(parents=True, exist_ok=True)

    def manage(self, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=seconds,
        )

    def start(self, *arguments: str, seconds: float = 120) -> None:
        with (self.folder / "up.log").open("ab") as log:
            command = [sys.executable, "manage.py", "up", *arguments]
            self.process = start_child(command, cwd=ROOT, env=self.variables, stdout=log, stderr=log)
        wait_until(self.is_ready, seconds, "the product is ready", self.output)

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.output()
        return "is ready" in self.output()

    def output(self) -> str:
        log = self.folder / "up.log"
        return log.read_text("utf-8", "replace") if log.exists() else ""

    def pid(self, pattern: str) -> int | None:
        """The oldest process whose command line the pattern finds: a master, not its workers."""
        found = [pid for pid, command in processes_of(self.folder).items() if re.search(pattern, command)]
        return min(found, default=None)

    def get(self, path: str, seconds: float = 15) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def json(self, path: str) -> dict:
        return json.loads(self.get(path)[1])

    def stop(self, number: int = signal.SIGTERM, seconds: float = 30) -> int:
        """Send the signal and wait for the end; gives the exit code."""
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def end(self) -> None:
        """Leave nothing behind, whatever became of the test."""
        self.process.kill()
        self.process.wait()
        for pid in processes_of(self.folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
