"""What became of handing over a mail: judged by how far the conversation got and what the server said.

Once the final dot is on its way and no answer comes, nobody can know whether the mail was kept (RFC 1047);
everything before that is known.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Phase(StrEnum):
    """How far a conversation got; from DOT on the server may have kept the mail."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"
    DONE = "done"


class Outcome(StrEnum):
    SENT = "sent"
    RETRY = "retry"
    UNKNOWN_ADDRESS = "unknown_address"
    REFUSED = "refused"
    RELAY_ILL = "relay_ill"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Result:
    """One conversation: `code` is the server's (0 where there was no answer), `words` what it said."""

    outcome: Outcome
    phase: Phase
    code: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How patiently mails are sent; the defaults are for service, tests run faster.

    A conversation must outlast `fresh` and the wait for the server's receipt: ten minutes (RFC 5321, section 4.5.3.2).
    A mail that was prepared longer ago than `fresh` is looked at once more before it is sent.
    """

    claim: timedelta = timedelta(minutes=2)
    conversation: timedelta = timedelta(minutes=15)
    receipt: timedelta = timedelta(minutes=10)
    uncertain: timedelta = timedelta(minutes=30)
    retries: tuple[timedelta, ...] = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720))
    rests: tuple[timedelta, ...] = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15))
    session: timedelta = timedelta(minutes=5)
    fresh: timedelta = timedelta(seconds=5)
    at_once: int = 100


UNCERTAIN_RESENDS = 2
SHUTTING_DOWN = 421
SIGN_IN_FAULTS = frozenset({530, 534, 535, 538})
_ENHANCED = re.compile(r"\b[245]\.(\d{1,3})\.\d{1,3}\b")


def judge(phase: Phase, code: int, words: str) -> Outcome:
    """The outcome of a conversation that ended at `phase` with this answer (0: none).

    A fault of the server itself must not count against any mail: a wrong password would fail thousands.
    """
    if code == 0:
        return Outcome.UNCERTAIN if phase == Phase.DOT else Outcome.RELAY_ILL
    if phase == Phase.DONE:
        return Outcome.SENT
    if phase in (Phase.CONNECT, Phase.MAIL) or code == SHUTTING_DOWN or code in SIGN_IN_FAULTS:
        return Outcome.RELAY_ILL
    if code < 500:
        return Outcome.RETRY
    if phase == Phase.RCPT:
        return _refused_recipient(code, words)
    return Outcome.REFUSED


def _refused_recipient(code: int, words: str) -> Outcome:
    """550 5.1.1 is an unknown address, 5.7.x (relaying denied) the server's fault, the rest this mail's."""
    subject = _ENHANCED.search(words)
    if subject and subject.group(1) == "7":
        return Outcome.RELAY_ILL
    if subject:
        return Outcome.UNKNOWN_ADDRESS if subject.group(1) == "1" else Outcome.REFUSED
    return Outcome.UNKNOWN_ADDRESS if code in (550, 551, 553) else Outcome.REFUSED
