"""A ministry full of people with reminders due, real sender processes, and the sum that is drawn after each fault."""

import os
import re
import signal
import sys
from collections import Counter
from datetime import timedelta
from subprocess import PIPE

import pytest
from django.utils import timezone

from commitments.domain.codes import Role
from commitments.models import MailState, OutgoingMail, Reminder, ReminderPreference, ReminderState
from commitments.queries.invariants import broken_invariants
from statement_tracker.processes import start_child
from tests.make import make_assignment, make_body, make_commitment, make_statement, make_user
from tests.product import environment
from tests.servers import ROOT, wait_until

OPEN = [MailState.PENDING, MailState.SENDING, MailState.RETRY, MailState.UNCERTAIN]


@pytest.fixture
def people(fresh_database):
    """Two dozen desk officers with something due."""
    return make_people(24)


@pytest.fixture
def crowd(fresh_database):
    """So many that fifty kills find work each time."""
    return make_people(80)


def make_people(count):
    """Desk officers, each with two commitments on their last day and an update that is due."""
    body, statement = make_body("TR"), make_statement()
    today = timezone.now().date()
    officers = [make_user(Role.OFFICER, body, time_zone="UTC") for _ in range(count)]
    ReminderPreference.objects.bulk_create(ReminderPreference(person=officer, hour=0) for officer in officers)
    for officer in officers:
        for _ in range(2):
            make_assignment(
                make_commitment(statement, due=(today, "day", "set")), "TR", body, officer=officer, update_due_on=today
            )
    return officers


class Senders:
    """Sender processes against a mail server; killed and replaced at will."""

    def __init__(self, sink, folder, **options):
        variables = environment(folder / "data", DATABASE_URL=os.environ["DATABASE_URL"], **sink.environment)
        command = [sys.executable, "-m", "tests.faults.sender"]
        command += [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        self.log = (folder / "senders.log").open("ab")
        self.nursery = start_child(
            command, cwd=ROOT, env=variables, stdin=PIPE, stdout=PIPE, stderr=self.log, text=True
        )
        self.running = []

    def ask(self, word):
        self.nursery.stdin.write(f"{word}\n")
        self.nursery.stdin.flush()
        answer = self.nursery.stdout.readline()
        assert answer, f"the senders' process has ended; see {self.log.name}"
        return [int(number) for number in answer.split()]

    def start(self, count=1):
        for _ in range(count):
            self.running += self.ask("start")

    def kill(self, process):
        os.kill(process, signal.SIGKILL)
        self.running.remove(process)

    def ended(self):
        """Take those that have ended by themselves from the running ones; gives how many they were."""
        dead = set(self.ask("dead")) & set(self.running)
        self.running = [process for process in self.running if process not in dead]
        return len(dead)

    def replace_dead(self):
        count = self.ended()
        self.start(count)
        return count

    def end(self):
        self.nursery.kill()  # and with it those it started
        self.nursery.wait()
        self.log.close()


@pytest.fixture
def senders(tmp_path):
    made = []

    def make(sink, **options):
        made.append(Senders(sink, tmp_path, **options))
        return made[-1]

    yield make
    for each in made:
        each.end()


def all_settled():
    return OutgoingMail.objects.exists() and not OutgoingMail.objects.filter(state__in=OPEN).exists()


def wait_until_settled(seconds=120):
    def states():
        return str(dict(Counter(OutgoingMail.objects.values_list("state", flat=True))))

    wait_until(all_settled, seconds, "every mail has an end", states)


def copies(lines):
    """How many copies of each mail the server has, by Message-ID; all copies of one are the same bytes."""
    found = Counter()
    bytes_of = {}
    for line in lines:
        key = re.search(r"^Message-ID:\s*(\S+)", line["source"], re.MULTILINE | re.IGNORECASE).group(1)
        assert bytes_of.setdefault(key, line["source"]) == line["source"], "two different mails under one id"
        found[key] += 1
    return found


def draw_the_sum(people, lines, *, extra):
    """Nobody missed, nothing said in two different mails, no more copies than there were chances for one.

    A mail that the server hung up on three times is resent no more: it is held, and the ledger shows it.
    """
    found = copies(lines)
    told = {address for line in lines for address in line["recipients"]}
    held = OutgoingMail.objects.filter(state=MailState.HELD, uncertain_resends=2)
    assert told | set(held.values_list("recipient__email", flat=True)) == {person.email for person in people}
    unsaid = Reminder.objects.exclude(state__in=[ReminderState.SENT, ReminderState.SUPERSEDED])
    assert not unsaid.exclude(mail__state=MailState.HELD).exists()
    assert len(found) == len(told), "one mail for each person and day"
    assert sum(found.values()) - len(found) <= extra
    assert max(found.values()) <= 3
    assert not list(broken_invariants(timezone.now() + timedelta(minutes=1)))
