"""Rings that are lost or doubled: a real worker behind a real Redis, which forgets everything in between."""

import signal
import sys

import pytest
from celery import Celery

from commitments.models import MailState, OutgoingMail, PlannerState, Reminder
from statement_tracker.processes import start_child
from tests import servers
from tests.faults.conftest import draw_the_sum, wait_until_settled
from tests.product import environment
from tests.servers import ROOT, wait_until

pytestmark = pytest.mark.faults
WORKER = ["worker", "-P", "threads", "-c", "4", "--without-mingle", "--without-gossip", "--without-heartbeat"]


@pytest.fixture
def worker(fresh_database, redis_url, smtp_sink, tmp_path):
    variables = environment(
        tmp_path / "data", DATABASE_URL=fresh_database, REDIS_URL=redis_url, **smtp_sink.environment
    )
    command = [sys.executable, "-m", "celery", "-A", "statement_tracker", *WORKER]
    with (tmp_path / "worker.log").open("ab") as log:
        process = start_child(command, cwd=ROOT, env=variables, stdout=log, stderr=log)
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def ring(redis_url):
    """Ring as beat does."""
    app = Celery(broker=redis_url)

    def ring(*names):
        for name in names:
            app.send_task(f"commitments.{name}", expires=60)

    yield ring
    app.close()


def test_rings_that_redis_forgot_cost_nothing_and_doubled_ones_neither(people, worker, ring, redis_server, smtp_sink):
    ring("plan_reminders", "send_mails")
    servers.empty_redis(redis_server)

    for _ in range(3):
        ring("plan_reminders", "plan_reminders", "send_mails", "send_mails")
        wait_until(Reminder.objects.exists, 60, "the reminders are planned")
    ring("send_mails")
    wait_until_settled()

    draw_the_sum(people, smtp_sink.lines(), extra=0)


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
