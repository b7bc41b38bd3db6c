"""Rings that are lost or doubled: real workers behind a real Redis, which forgets everything or goes away."""

import os
import signal
import sys
import time
from contextlib import ExitStack, contextmanager

import pytest
from celery import Celery

from commitments.models import MailState, OutgoingMail, PlannerState, Reminder
from statement_tracker.processes import start_child
from tests import servers
from tests.faults.conftest import all_settled, draw_the_sum, wait_until_settled
from tests.product import environment
from tests.servers import ROOT, wait_until
from tests.smtp_sink import Sink

pytestmark = pytest.mark.faults
AWAY = float(os.environ.get("REDIS_AWAY_SECONDS", "10"))  # a minute by hand: the way is the same
TWO_BEATS = ["plan_reminders", "send_mails", "sweep_mails"] * 2
WORKER = ["statement_tracker", "worker", "-P", "threads", "-c", "4"]
WORKER += ["--without-mingle", "--without-gossip", "--without-heartbeat"]
BEAT = ["statement_tracker.ticks", "beat"]


class Workers:
    """Workers, or beats, as the product starts them; one that has ended is started again, as its supervisor does."""

    def __init__(self, folder, kind=WORKER, **variables):
        self.variables, self.kind = environment(folder / "data", **variables), kind
        self.log = (folder / "worker.log").open("ab")
        self.running = []

    def start(self, count=1):
        command = [sys.executable, "-m", "celery", "-A", *self.kind]
        for _ in range(count):
            started = start_child(command, cwd=ROOT, env=self.variables, stdout=self.log, stderr=self.log)
            self.running.append(started)

    def replace_ended(self):
        alive = [process for process in self.running if process.poll() is None]
        ended = len(self.running) - len(alive)
        self.running = alive
        self.start(ended)

    def restart(self):
        """Each ends what it does, as on SIGTERM, and another takes its place."""
        for process in self.running:
            process.terminate()
            process.wait(60)
        self.replace_ended()

    def end(self):
        for process in self.running:
            process.kill()
            process.wait()
        self.log.close()


@pytest.fixture
def workers(tmp_path):
    made = []

    def make(count, kind=WORKER, **variables):
        made.append(Workers(tmp_path, kind, **variables))
        made[-1].start(count)
        return made[-1]

    yield make
    for each in made:
        each.end()


@pytest.fixture
def worker(workers, fresh_database, redis_url, smtp_sink):
    return workers(1, DATABASE_URL=fresh_database, REDIS_URL=redis_url, **smtp_sink.environment)


class Redis:
    """A Redis of the test's own, which comes back on the same port and knows nothing of before."""

    def __init__(self, folder):
        self.program, self.folder, self.port = servers.redis_program(), folder, servers.free_port()
        self.running = ExitStack()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        self.running.enter_context(servers.redis(self.program, self.folder, self.port))

    def stop(self):
        self.running.close()


@pytest.fixture
def own_redis(redis_server, tmp_path):  # redis_server: skipped where there is no Redis
    redis = Redis(tmp_path)
    redis.start()
    yield redis
    redis.stop()


@contextmanager
def bell(url):
    """Ring as beat does."""
    with Celery(broker=url) as app:

        def ring(*names):
            for name in names:
                app.send_task(f"commitments.{name}", expires=60)

        yield ring


@pytest.fixture
def ring(redis_url):
    with bell(redis_url) as ring:
        yield ring


def test_rings_that_redis_forgot_cost_nothing_and_doubled_ones_neither(people, worker, ring, redis_server, smtp_sink):
    ring("plan_reminders", "send_mails")
    servers.empty_redis(redis_server)

    for _ in range(3):
        ring("plan_reminders", "plan_reminders", "send_mails", "send_mails")
        wait_until(Reminder.objects.exists, 60, "the reminders are planned")
    ring("send_mails")
    wait_until_settled()

    draw_the_sum(people, smtp_sink.lines(), extra=0)


def test_a_redis_that_is_away_for_a_while_and_comes_back_empty_under_two_workers_costs_nothing(
    people, workers, fresh_database, own_redis, tmp_path
):
    """Every ring comes twice, as from two beats; Redis goes while mails are sent, and is away for AWAY seconds."""
    with Sink(tmp_path / "mails.jsonl", faults={"delay": 0.3}) as sink:
        two = workers(2, DATABASE_URL=fresh_database, REDIS_URL=own_redis.url, **sink.environment)
        with bell(own_redis.url) as ring:
            ring(*TWO_BEATS)
            wait_until(Reminder.objects.exists, 60, "the reminders are planned")
            ring(*TWO_BEATS)
            wait_until(sink.lines, 60, "the first mail arrives")
        own_redis.stop()
        time.sleep(AWAY)
        own_redis.start()

        def is_settled_after_the_next_ring():
            two.replace_ended()
            ring(*TWO_BEATS)
            time.sleep(2)
            return all_settled()

        with bell(own_redis.url) as ring:
            wait_until(is_settled_after_the_next_ring, 90, "every mail has an end")
        draw_the_sum(people, sink.lines(), extra=0)


def test_two_beats_and_two_workers_at_once_say_nothing_twice(people, workers, fresh_database, redis_url, smtp_sink):
    """Each beat rings everything when it starts, so a second pair rings everything twice more."""
    there = {"DATABASE_URL": fresh_database, "REDIS_URL": redis_url, **smtp_sink.environment}
    workers(2, **there)
    beats = workers(2, BEAT, **there)
    wait_until_settled()
    planned_at = PlannerState.objects.get().last_ok_at
    beats.end()

    workers(2, BEAT, **there)

    wait_until(lambda: PlannerState.objects.get().last_ok_at > planned_at, 60, "the second pair rings for planning")
    draw_the_sum(people, smtp_sink.lines(), extra=0)


def test_a_broker_file_that_is_removed_while_mails_are_sent_costs_nobody_a_mail(
    people, workers, fresh_database, tmp_path
):
    """The embedded broker: mails under way go on without it; worker and beat start again, as under their supervisor."""
    (tmp_path / "data").mkdir()
    with Sink(tmp_path / "mails.jsonl", faults={"delay": 0.1}) as sink:
        there = {"DATABASE_URL": fresh_database, **sink.environment}
        running = [workers(1, **there), workers(1, BEAT, **there)]
        wait_until(sink.lines, 90, "the first mail arrives")
        for path in (tmp_path / "data").glob("broker.sqlite3*"):
            path.unlink()
        planned_at = PlannerState.objects.get().last_ok_at
        for each in running:
            each.restart()

        wait_until(lambda: PlannerState.objects.get().last_ok_at > planned_at, 90, "planning goes on")
        wait_until_settled()
        draw_the_sum(people, sink.lines(), extra=0)


def test_a_mail_server_that_hangs_delays_no_planning(people, worker, ring, smtp_sink):
    """Stopped by SIGSTOP it takes connections and says nothing; more senders are rung than the worker has threads."""
    smtp_sink.process.send_signal(signal.SIGSTOP)
    ring("plan_reminders", *["send_mails"] * 8)
    wait_until(lambda: OutgoingMail.objects.filter(state=MailState.SENDING).exists(), 60, "a sender waits")
    ring(*["send_mails"] * 8)
    before = PlannerState.objects.get().last_ok_at

    ring("plan_reminders", "sweep_mails")

    wait_until(lambda: PlannerState.objects.get().last_ok_at > before, 20, "planning goes on")
    smtp_sink.process.send_signal(signal.SIGCONT)
