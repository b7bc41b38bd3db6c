"""Asks pages over HTTP and keeps times: one connection kept open, as a browser keeps it."""

import http.client
import math
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

SET = re.compile(r"([^=]+)=([^;]*)")
SECONDS = 120  # the longest that one answer may take


class WrongAnswerError(Exception):
    """A page answered with another status or other rows than it should."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def rows(self, pattern: str) -> list[str]:
        """The keys of the rows shown, in their order."""
        return re.findall(pattern, self.body.decode())


class Visitor:
    """One signed-in person on one connection."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self.cookies = dict(cookies)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), kind)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        begin = time.perf_counter()
        try:
            self.connection.request(method, path, body, {"Cookie": cookie, **headers})
            response = self.connection.getresponse()
            content = response.read()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):  # a kept connection was closed
            self.connection.close()
            return self._ask(method, path, body, headers)
        seconds = time.perf_counter() - begin
        self.cookies |= dict(SET.match(line).groups() for line in response.msg.get_all("Set-Cookie", []))
        return Answer(response.status, dict(response.getheaders()), content, seconds)

    def close(self) -> None:
        self.connection.close()


def percentile(times: list[float], share: float) -> float:
    """The smallest time that this share of all does not exceed (nearest rank)."""
    return sorted(times)[max(0, math.ceil(share * len(times)) - 1)]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of one page on one server, a request a round."""

    seconds: list[float]

    @property
    def p50(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return percentile(self.seconds, 0.95)

    def ratio(self, other: "Times") -> float:
        """The median over the rounds of this page's time to the other's in the same round."""
        return median(mine / its for mine, its in zip(self.seconds, other.seconds, strict=True))


def a_second(visit: Callable[[], Visitor], path: str, *, clients: int, seconds: float) -> float:
    """Requests per second of so many clients, each asking again as soon as it is answered."""
    until = time.perf_counter() + seconds
    counts, faults = [0] * clients, []

    def work(number: int) -> None:
        visitor = visit()
        while time.perf_counter() < until:
            answer = visitor.get(path)
            if answer.status != 200:
                faults.append(answer.status)
                return
            counts[number] += 1
        visitor.close()

    begin = time.perf_counter()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise WrongAnswerError(f"{path} under load answered {faults[0]}")
    return sum(counts) / (time.perf_counter() - begin)


def memory_of(pids: Iterator[int]) -> float:
    """Proportional set size of the processes in MB: a page that several share counts once."""
    kilobytes = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as lines:  # noqa: PTH123
            kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024
