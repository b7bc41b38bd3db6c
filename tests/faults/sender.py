"""A sender as the worker runs it, at a test's pace: it plans, sweeps and sends again and again until it is killed.

python -m tests.faults.sender --kill-after 0.03
"""

import argparse
import os
import random
import time
from dataclasses import replace
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402

from commitments.actions import sending  # noqa: E402
from commitments.actions.planning import plan_reminders  # noqa: E402
from commitments.domain.delivery import Pace  # noqa: E402
from commitments.mail.relay import Relay  # noqa: E402

QUICK = Pace(
    claim=timedelta(seconds=1.5),
    conversation=timedelta(seconds=2),
    receipt=timedelta(seconds=10),
    uncertain=timedelta(seconds=0.5),
    retries=(timedelta(seconds=0.2),) * 20,
    rests=(timedelta(seconds=0.3),),
    session=timedelta(seconds=20),
    at_once=5,
)


class MortalRelay(Relay):
    """A relay whose process dies with this chance as soon as the server has accepted a mail."""

    chance = 0.0

    def send(self, mail):
        result = super().send(mail)
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
    while True:
        now = timezone.now()
        plan_reminders(now)
        sending.sweep_mails(now, pace)
        sending.send_due_mails(timezone.now, pace)
        time.sleep(0.1)


if __name__ == "__main__":
    main()
