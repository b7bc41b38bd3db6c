"""What mails are kept in goes away for a while: PostgreSQL restarted, SQLite locked, a disk with no room left."""

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from psycopg.sql import SQL

from commitments.actions.planning import plan_reminders
from commitments.actions.sending import send_due_mails, sweep_mails
from commitments.models import MailAttempt, MailState, OutgoingMail, ProgressNote
from commitments.queries.invariants import broken_invariants
from tests.databases import connected_to
from tests.faults.conftest import draw_the_sum, make_people, wait_until_settled
from tests.servers import FORGETFUL, PostgreSQL, wait_until
from tests.settings import FOLDER
from tests.smtp_sink import Sink
from tests.views.kit import address

pytestmark = pytest.mark.faults
numbers = count()
PAUSE = 3  # seconds; longer than the lease of the senders under test


class OwnPostgreSQL:
    """A server of the test's own; what it has confirmed is written when it is stopped at once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "site").symlink_to(folder.parent / "pg" / "site")  # where root has the programs that others may read
        self.server = PostgreSQL(folder, {**FORGETFUL, "synchronous_commit": "on"})
        self.running = ExitStack()

    def start(self) -> None:
        self.running.enter_context(self.server.running())

    def hang(self, seconds: float) -> None:
        """Every process of the server stops where it stands, and goes on later."""
        postmaster = int((self.server.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        processes = [postmaster, *map(int, children)]
        for number, pause in ((signal.SIGSTOP, seconds), (signal.SIGCONT, 0)):
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, number)
            time.sleep(pause)

    def take_every_connection(self) -> ExitStack:
        """All that the server has left, until the stack is closed."""
        taken = ExitStack()
        with suppress(psycopg.OperationalError):
            while True:
                taken.enter_context(psycopg.connect(self.server.url("tracker")))
        return taken

    def restart_at_once(self) -> None:
        """As `pg_ctl restart -m immediate`: SIGQUIT, every process of the server drops what it does, then recovery."""
        number = int((self.server.data / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGQUIT)
        self.running.close()
        self.start()


@pytest.fixture
def own_postgresql(pytestconfig, django_db_blocker, monkeypatch):
    if pytestconfig.getoption("database") != "postgresql":
        pytest.skip("SQLite has no server that could restart")
    own = OwnPostgreSQL(Path(os.environ[FOLDER]) / f"own{os.getpid()}{next(numbers)}")
    own.start()
    try:
        own.server.run(SQL("CREATE DATABASE tracker"))
        url = own.server.url("tracker")
        monkeypatch.setenv("DATABASE_URL", url)
        with django_db_blocker.unblock(), connected_to(url):
            call_command("migrate", verbosity=0)
            yield own
    finally:
        own.running.close()


def test_postgresql_restarted_at_once_while_mails_are_sent_costs_nobody_a_mail(own_postgresql, senders, tmp_path):
    people = make_people(24)
    with Sink(tmp_path / "mails.jsonl", faults={"delay": 0.05}) as sink:
        group = senders(sink)
        group.start(2)
        for number in (1, 10):
            wait_for_mails(sink, number)
            connection.close()
            own_postgresql.restart_at_once()
        wait_until_settled(60)
        group.end()
        draw_the_sum(people, sink.lines(), extra=2 * 2)


def wait_for_mails(sink, count):
    wait_until(lambda: len(sink.lines()) >= count, 60, f"{count} mails arrive")


def test_postgresql_that_hangs_or_takes_nobody_in_costs_nobody_a_mail(own_postgresql, senders, tmp_path):
    """Stopped by SIGSTOP in the middle of it; then, with every connection taken, a sender that has to begin."""
    people = make_people(24)
    with Sink(tmp_path / "mails.jsonl", faults={"delay": 0.05}) as sink:
        group = senders(sink)
        group.start(2)
        wait_for_mails(sink, 1)
        own_postgresql.hang(PAUSE)
        wait_for_mails(sink, 8)
        connection.close()
        group.kill(group.running[0])
        time.sleep(1)  # until the server has noticed and its connection is free
        with own_postgresql.take_every_connection():
            group.start(1)
            wait_until(
                lambda: "OperationalError" in (tmp_path / "senders.log").read_text(), 20, "the new one is refused"
            )
        wait_until_settled(60)
        group.end()
        uncertain = MailAttempt.objects.filter(outcome="uncertain").count()
        assert uncertain <= 1
        draw_the_sum(people, sink.lines(), extra=uncertain)


def test_sqlite_locked_for_a_while_by_another_costs_nobody_a_mail(people, senders, tmp_path, pytestconfig):
    if pytestconfig.getoption("database") != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    file = os.environ["DATABASE_URL"].removeprefix("sqlite://")
    with Sink(tmp_path / "mails.jsonl", faults={"delay": 0.05}) as sink:
        group = senders(sink)
        group.start(2)
        for number in (1, 10):
            wait_for_mails(sink, number)
            with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                time.sleep(PAUSE)
                other.execute("ROLLBACK")
        wait_until_settled(60)
        group.end()
        uncertain = MailAttempt.objects.filter(outcome="uncertain").count()
        draw_the_sum(people, sink.lines(), extra=uncertain)


def test_an_sqlite_that_can_only_be_read_costs_nobody_a_mail(people, pytestconfig, settings, tmp_path, client):
    """It turns so at the worst moment, between a receipt and its note; pages say so and leave nothing half done."""
    if pytestconfig.getoption("database") != "sqlite":
        pytest.skip("only SQLite is a file that may be read-only")
    now = timezone.now()
    plan_reminders(now)
    client.force_login(people[2])
    with Sink(tmp_path / "mails.jsonl") as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port

        def clock():
            only_read(len(sink.lines()) == 3)
            return now

        with pytest.raises(OperationalError, match="readonly"):
            send_due_mails(clock)
        with pytest.raises(OperationalError, match="readonly"):
            plan_reminders(now)
        answer = address("nothing_new", people[2].assignments.first())
        client.raise_request_exception = False
        assert client.post(answer, {"version": 0}).status_code == 500

        only_read(False)
        assert not ProgressNote.objects.exists()
        later = now + timedelta(hours=1)
        sweep_mails(later)
        plan_reminders(later)
        send_due_mails(lambda: later + timedelta(hours=1))
        draw_the_sum(people, sink.lines(), extra=1)
        assert client.post(answer, {"version": 0}).status_code == 302
        assert ProgressNote.objects.count() == 1


def only_read(wanted):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA query_only = {int(wanted)}")


@pytest.fixture
def small_disk(tmp_path):
    """A file system of one megabyte in memory, which only root may mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a file system of the test's own can be mounted by root alone")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk):
    """A file that takes all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"0" * 4096)
    assert not shutil.disk_usage(disk).free
    return ballast


def test_a_disk_with_no_room_for_mails_in_files_fails_nobody(people, small_disk, settings):
    """A small file system in memory that is really full; then there is room again."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(small_disk / "mail")
    (small_disk / "mail").mkdir()
    ballast = fill(small_disk)
    now = timezone.now()
    plan_reminders(now)

    assert send_due_mails(lambda: now) == {"relay_ill": 1}
    assert not OutgoingMail.objects.exclude(state=MailState.PENDING).exists()

    ballast.unlink()
    later = now + timedelta(minutes=2)
    assert send_due_mails(lambda: later) == {"sent": len(people)}
    assert not list(broken_invariants(later))
