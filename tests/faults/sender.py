"""Senders as the worker runs them, at a test's pace: each plans, sweeps and sends again and again until it is killed.

    python -m tests.faults.sender --kill-after 0.03

One process has loaded everything and forks the senders, so that one is replaced in milliseconds: it reads a line
"start" or "dead" and answers with one line, the number of the new process or of those that have ended since.
"""

import argparse
import os
import random
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from commitments.actions import sending  # noqa: E402
from commitments.actions.planning import plan_reminders  # noqa: E402
from commitments.domain.delivery import Pace  # noqa: E402
from commitments.mail.relay import Relay  # noqa: E402
from statement_tracker.processes import die_with  # noqa: E402

QUICK = Pace(
    claim=timedelta(seconds=1.5),
    conversation=timedelta(seconds=6),  # a sender that only waits for a busy machine is not taken for dead
    receipt=timedelta(seconds=10),
    uncertain=timedelta(seconds=0.5),
    retries=(timedelta(seconds=0.2),) * 20,
    rests=(timedelta(seconds=0.3),),
    session=timedelta(seconds=20),
    fresh=timedelta(seconds=0.3),
    at_once=5,
)


class MortalRelay(Relay):
    """A relay whose process dies with this chance as soon as the server has accepted a mail."""

    chance = 0.0

    def send(self, mail, clearance):
        result = super().send(mail, clearance)
        if random.random() < self.chance:
            os._exit(9)
        return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kill-after", type=float, default=0.0, metavar="SHARE")
    parser.add_argument("--receipt", type=float, default=10)
    arguments = parser.parse_args()
    MortalRelay.chance = arguments.kill_after
    sending.Relay = MortalRelay
    pace = replace(QUICK, receipt=timedelta(seconds=arguments.receipt))
    reverse("my_work")  # loads the views, which every mail needs for its addresses
    for line in sys.stdin:
        answer = {"start": start, "dead": dead}[line.strip()](pace)
        print(answer, flush=True)


def start(pace: Pace) -> int:
    parent = os.getpid()
    child = os.fork()
    if not child:
        die_with(parent)
        random.seed()
        send(pace)
    return child


def dead(pace: Pace) -> str:
    found = []
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            found.append(str(ended))
    return " ".join(found)


def send(pace: Pace) -> None:
    """Until it is killed; a database that is away for a moment costs this turn."""
    while True:
        try:
            now = timezone.now()
            plan_reminders(now)
            sending.sweep_mails(now, pace)
            sending.send_due_mails(timezone.now, pace)
        except DatabaseError as error:
            print(type(error).__name__, file=sys.stderr, flush=True)
            connection.close()
        time.sleep(0.1)


if __name__ == "__main__":
    main()
