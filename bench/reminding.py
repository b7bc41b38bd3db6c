"""One step of `make bench-reminders`, in a process of its own on one database; prints what it found as JSON.

python -m bench.reminding plan
python -m bench.reminding send --host 127.0.0.1 --port 2525 --rounds 10 --mails 200
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.counting import Counter  # noqa: E402
from commitments.actions.planning import plan_reminders  # noqa: E402
from commitments.actions.sending import send_due_mails  # noqa: E402
from commitments.mail.reminder_mail import in_words  # noqa: E402
from commitments.models import OutgoingMail, Reminder  # noqa: E402
from commitments.queries.mailing import Letter, letter  # noqa: E402

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday: the rows are made for this day
MINUTE = timedelta(minutes=1)
LATER = timedelta(days=30)


def plan() -> dict[str, float]:
    """Plan the day, and again a minute later when nothing is new."""
    first, again = counted(lambda: plan_reminders(AT)), counted(lambda: plan_reminders(AT + MINUTE))
    return {
        "reminders": Reminder.objects.count(),
        "mails": OutgoingMail.objects.count(),
        "people": OutgoingMail.objects.values("recipient").distinct().count(),
        "statements": first[0],
        "seconds": first[1],
        "statements_again": again[0],
        "seconds_again": again[1],
        "peak_memory": peak_memory(),
    }


def counted(work: Callable[[], object]) -> tuple[int, float]:
    """Statements and seconds that the work took."""
    counter = Counter()
    begin = time.perf_counter()
    with connection.execute_wrapper(counter):
        work()
    return counter.number, time.perf_counter() - begin


def peak_memory() -> float:
    """The most that this process has held, in MB."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def send(host: str, port: int, rounds: int, mails: int) -> list[dict[str, float]]:
    """Send so many mails as the worker does, then the same ones in a bare loop, again and again."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
    reverse("my_work")  # loads the views, which mails need for their addresses
    OutgoingMail.objects.filter(state="pending").update(available_at=AT + LATER)
    bare = get_connection()
    bare.open()
    found = []
    for number in range(rounds + 1):
        waiting = OutgoingMail.objects.filter(state="pending").order_by("pk").values_list("pk", flat=True)
        keys = list(waiting[:mails])
        OutgoingMail.objects.filter(pk__in=keys).update(available_at=AT)
        mine = timed(lambda: send_due_mails(lambda: AT + MINUTE))
        letters = read_letters(keys)

        def loop(letters: list[Letter] = letters) -> None:
            for each in letters:
                bare.send_messages([as_email(each)])

        its = timed(loop)
        if number:  # the first round warms up
            found.append({"mails": len(letters), "sender": mine, "bare": its})
    return found


def as_email(letter: Letter) -> EmailMultiAlternatives:
    """The letter as Django sends it."""
    words = in_words(letter, AT)
    mail = EmailMultiAlternatives(words.subject, words.text, to=[letter.reader.email], headers=words.heads)
    mail.attach_alternative(words.html, "text/html")
    return mail


def read_letters(keys: list[object]) -> list[Letter]:
    """What the mails that were sent said."""
    said = defaultdict(list)
    related = ("person__body__party", "assignment__party", "assignment__commitment__statement")
    rows = Reminder.objects.filter(mail__in=keys, state="sent")
    for row in rows.select_related(*related, "assignment__commitment__paragraph"):
        said[row.mail_id].append(row)
    sent = OutgoingMail.objects.filter(pk__in=keys, state="sent").select_related("recipient__body__party")
    return [letter(mail, said[mail.pk], AT) for mail in sent.order_by("pk")]


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main(given: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("plan")
    sending = steps.add_parser("send")
    sending.add_argument("--host")
    sending.add_argument("--port", type=int)
    sending.add_argument("--rounds", type=int)
    sending.add_argument("--mails", type=int)
    options = vars(parser.parse_args(given))
    step = {"plan": plan, "send": send}[options.pop("step")]
    print(json.dumps(step(**options)))


if __name__ == "__main__":
    main(sys.argv[1:])
