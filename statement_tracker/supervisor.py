"""Keeps a set of processes running: starts again what ends or falls silent, and leaves none behind.

Standard library only. Children cannot outlive the supervisor (see `processes`), have a process group each so that
Ctrl-C reaches the supervisor alone, and are stopped warmly: SIGTERM, then SIGKILL after STOP_SECONDS. A second signal
kills at once.
"""

import asyncio
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TextIO

from statement_tracker.processes import die_with

STOP_SECONDS = 20
LOOK_SECONDS = 2
STEADY_SECONDS = 60  # a child that lived this long failed anew, not again
LONGEST_PAUSE = 30
PLAN = "SUPERVISOR_PLAN"  # environment variable
THRIFT = {"MALLOC_ARENA_MAX": "2"}  # glibc keeps a heap for each thread, up to eight a core, and gives little back


class AlreadyRunningError(Exception):
    """Another supervisor works on the same data folder."""


@contextmanager
def only_one(folder: Path) -> Iterator[TextIO]:
    """Hold the folder's lock, a file; the kernel lets go of it when this process ends in any way.

    Raises AlreadyRunningError, and OSError where the folder cannot be written.
    """
    with (folder / "up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError from None
        yield file


@dataclass(frozen=True)
class Service:
    """One process: its command, how to see that it lives, and how long it may show no sign of life."""

    name: str
    command: list[str]
    alive: Callable[[], Awaitable[bool]]
    patience: float
    pass_fds: tuple[int, ...] = ()
    holds: tuple[Path, ...] = ()  # files that it keeps open: when one is replaced, it works on what nobody else sees


@dataclass
class Child:
    """A running process of a service."""

    process: asyncio.subprocess.Process
    output: asyncio.StreamReader
    started: float = field(default_factory=time.monotonic)
    alive: asyncio.Event = field(default_factory=asyncio.Event)
    reason: str = ""  # why the supervisor ended it

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    def kill(self) -> None:
        """End the child and all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Runs the services until it is told to stop."""

    def __init__(self, services: list[Service], *, say: Callable[[str], None], ready: Callable[[], None]) -> None:
        self.services = services
        self.children: dict[str, Child] = {}
        self.say = say
        self.ready = ready
        self.stopping = asyncio.Event()
        self.hurry = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop)
        async with asyncio.TaskGroup() as tasks:
            announcement = tasks.create_task(self._announce())
            keepers = [tasks.create_task(self._keep(service)) for service in self.services]
            await asyncio.wait(keepers)
            announcement.cancel()

    def stop(self) -> None:
        """Stop warmly; when asked again, at once."""
        if self.stopping.is_set():
            self.hurry.set()
        else:
            self.say("Stopping; once more stops at once.")
            self.stopping.set()

    async def _announce(self) -> None:
        """Say that the product is ready when every service has shown life for the first time."""
        while not all(service.name in self.children for service in self.services):
            await asyncio.sleep(0.05)
        for service in self.services:
            while not self.children[service.name].alive.is_set():
                await asyncio.sleep(0.05)
        self.ready()

    async def _keep(self, service: Service) -> None:
        failures = 0
        while not self.stopping.is_set():
            child = await self._start(service)
            try:
                reason = await self._live(service, child)
            finally:
                child.kill()
            if self.stopping.is_set():
                return
            failures = 1 if time.monotonic() - child.started > STEADY_SECONDS else failures + 1
            pause = min(2 ** (failures - 1), LONGEST_PAUSE)
            self.say(f"{service.name} {reason}; it starts again in {pause} s.")
            await _wait(self.stopping, pause)

    async def _start(self, service: Service) -> Child:
        ours, theirs = os.pipe()  # not asyncio's: its wait() goes on while a grandchild holds the pipe
        try:
            process = await asyncio.create_subprocess_exec(
                *service.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=theirs,
                stderr=theirs,
                pass_fds=service.pass_fds,
                start_new_session=True,
                preexec_fn=partial(die_with, os.getpid()),
            )
        finally:
            os.close(theirs)
        self.children[service.name] = Child(process, await _reader(ours))
        return self.children[service.name]

    async def _live(self, service: Service, child: Child) -> str:
        """Until the child has ended: forward its output, watch its signs of life, stop it when asked. Gives the end."""
        output = asyncio.create_task(self._forward(service, child))
        watch = asyncio.create_task(self._watch(service, child))
        stop = asyncio.create_task(self._stop(child))
        end = asyncio.create_task(child.process.wait())
        await asyncio.wait([end, watch], return_when=asyncio.FIRST_COMPLETED)
        if watch.done():
            watch.result()  # a watch that failed must not leave the child unwatched
        code = await end
        child.kill()  # what it started and left behind
        await asyncio.wait([output], timeout=2)
        for task in (output, watch, stop):
            task.cancel()
        return child.reason or f"ended ({_how(code)})"

    async def _forward(self, service: Service, child: Child) -> None:
        async for line in _lines(child.output):
            print(f"{service.name:6} | {line}", flush=True)

    async def _watch(self, service: Service, child: Child) -> None:
        """End the child when it has been silent for longer than its patience, or a file that it holds is gone."""
        seen = time.monotonic()
        gone = replaced(service.holds)
        while time.monotonic() - seen < service.patience:
            if await service.alive():
                seen = time.monotonic()
                child.alive.set()
            if gone():
                child.reason = "held a file that is gone"
                await self._end(child)
            await asyncio.sleep(LOOK_SECONDS if child.alive.is_set() else 0.2)
        child.reason = f"gave no sign of life for {service.patience:g} s"
        child.kill()

    async def _stop(self, child: Child) -> None:
        await self.stopping.wait()
        await self._end(child)

    async def _end(self, child: Child) -> None:
        """Ask it to end; kill it when it has not in time, or when everything has to stop at once."""
        child.signal(signal.SIGTERM)
        await _wait(self.hurry, STOP_SECONDS)
        child.kill()


async def _reader(pipe: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    protocol = partial(asyncio.StreamReaderProtocol, reader)
    await asyncio.get_running_loop().connect_read_pipe(protocol, os.fdopen(pipe, "rb"))
    return reader


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """Lines of any length as text; the last one also without its end."""
    rest = b""
    while chunk := await stream.read(65536):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


async def answers(host: str, port: int, path: str, header: str, seconds: float = 5) -> bool:
    """Whether the web server gives 200 for the path in time, asked with the Host header that people's browsers send."""
    request = f"GET {path} HTTP/1.1\r\nHost: {header}\r\nUser-Agent: supervisor\r\nConnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(request.encode())
                await writer.drain()
                return b" 200 " in await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


def touched(file: Path) -> Callable[[], Awaitable[bool]]:
    """Whether the file was touched since the last question."""
    last = _state(file)

    async def alive() -> bool:
        nonlocal last
        before, last = last, _state(file)
        return last is not None and (before is None or last.st_mtime_ns != before.st_mtime_ns)

    return alive


def replaced(files: tuple[Path, ...]) -> Callable[[], bool]:
    """Whether one of the files is not any more the one that was there when it was first seen."""
    first: dict[Path, int] = {}

    def gone() -> bool:
        now = {file: state.st_ino for file in files if (state := _state(file))}
        first.update({file: number for file, number in now.items() if file not in first})
        return any(now.get(file) != number for file, number in first.items())

    return gone


def _state(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


@dataclass(frozen=True)
class Plan:
    """What is to run, as a process hands it to the one that it becomes: `signs` are arguments of `answers` or a file.

    `kept` are the open files that the supervisor needs: the web server's socket and the folder's lock.
    """

    services: list[dict[str, Any]]
    kept: list[int]
    greeting: str

    def become(self) -> NoReturn:
        """Go on as a bare supervisor: Django, which only the start needed, would hold 100 MB for as long as it runs."""
        for number in self.kept:
            os.set_inheritable(number, True)
        command = python("statement_tracker.supervisor")
        os.execve(command[0], command, THRIFT | os.environ | {PLAN: json.dumps(asdict(self))})  # noqa: S606 (our own program)


def service_of(planned: dict[str, Any]) -> Service:
    signs = planned.pop("signs")
    alive = touched(Path(signs)) if isinstance(signs, str) else partial(answers, *signs)
    planned |= {"pass_fds": tuple(planned["pass_fds"]), "holds": tuple(Path(file) for file in planned["holds"])}
    return Service(alive=alive, **planned)


def main() -> None:
    plan = Plan(**json.loads(os.environ.pop(PLAN)))
    for number in plan.kept:
        os.set_inheritable(number, False)
    say = partial(print, flush=True)
    services = [service_of(planned) for planned in plan.services]
    asyncio.run(Supervisor(services, say=say, ready=partial(say, plan.greeting)).run())


if __name__ == "__main__":
    main()
