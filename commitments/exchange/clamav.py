"""Asks a ClamAV daemon about a file, by its INSTREAM command (clamd(8))."""

import socket
import struct
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

CHUNK = 64 * 1024  # bytes
SECONDS = 30.0  # for a file of 25 MB on a slow machine
PORT = 3310
LONGEST_ANSWER = 4096  # bytes


class Verdict(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"


class ScannerAwayError(Exception):
    """Nobody answers at the scanner's address, or not in its language."""


def scan(chunks: Iterable[bytes], address: str) -> Verdict:
    """What the daemon at tcp://host:port or unix:///path says; raises ScannerAwayError where it says nothing."""
    try:
        with connected(address) as line:
            line.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                for start in range(0, len(chunk), CHUNK):
                    part = chunk[start : start + CHUNK]
                    line.sendall(struct.pack("!I", len(part)) + part)
            line.sendall(struct.pack("!I", 0))
            answer = answer_of(line)
    except OSError as error:
        raise ScannerAwayError(str(error)) from error
    if answer == "stream: OK":
        return Verdict.CLEAN
    if answer.endswith(" FOUND"):
        return Verdict.INFECTED
    raise ScannerAwayError(answer or "no answer")


def connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        line.connect(parts.path)
        return line
    return socket.create_connection((parts.hostname, parts.port or PORT), SECONDS)


def answer_of(line: socket.socket) -> str:
    """The answer up to its closing zero byte."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        more = line.recv(LONGEST_ANSWER)
        if not more:
            break
        answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()
