"""The queue: rings that may be lost, a clock that keeps nothing, and signs of life that tell busy from dead."""

import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from celery.worker import state
from django.db import transaction

from statement_tracker import pulse
from statement_tracker.beat import TickScheduler
from statement_tracker.celery import app, heartbeat, prune_broker, ring
from statement_tracker.worker import QUIET_SECONDS, STUCK_SECONDS, Pulse
from tests.servers import free_port


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def broker(monkeypatch, data_folder, settings):
    """Points the application at a broker: broker("redis://…")."""

    def use(url: str) -> None:
        for name in ("broker_url", "broker_write_url"):
            monkeypatch.setitem(app.conf, name, url)
        monkeypatch.setitem(app.conf, "broker_transport_options", {})
        app._after_fork()  # forget the connections to another one

    yield use
    app._after_fork()


@pytest.mark.django_db
def test_a_ring_without_a_broker_costs_no_page_and_little_time(broker, django_capture_on_commit_callbacks, caplog):
    broker(f"redis://127.0.0.1:{free_port()}/0")
    begun = time.monotonic()

    with django_capture_on_commit_callbacks(execute=True):
        ring(heartbeat)

    assert time.monotonic() - begun < 5
    assert "The broker is away" in caplog.text


def test_a_ring_reaches_redis_when_the_transaction_has_committed(fresh_database, broker, redis_url):
    broker(redis_url)

    with transaction.atomic():
        ring(heartbeat)
        assert waiting(redis_url) == 0

    assert waiting(redis_url) == 1


def waiting(redis_url: str) -> int:
    port = int(redis_url.rsplit(":", 1)[1].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"LLEN celery\r\n")
        return int(connection.recv(64).decode().strip().removeprefix(":"))


def test_what_was_delivered_is_pruned_from_the_embedded_broker_and_what_waits_is_kept(settings, data_folder):
    settings.BROKER_FILE = data_folder / "broker.sqlite3"
    with closing(sqlite3.connect(settings.BROKER_FILE)) as file, file:
        file.execute("CREATE TABLE kombu_message (id INTEGER PRIMARY KEY, visible BOOLEAN)")
        file.executemany("INSERT INTO kombu_message (visible) VALUES (?)", [(0,), (1,), (0,)])

    prune_broker()

    with closing(sqlite3.connect(settings.BROKER_FILE)) as file:
        assert file.execute("SELECT id FROM kombu_message").fetchall() == [(2,)]


def test_beat_rings_everything_when_it_starts():
    scheduler = TickScheduler(app=app)

    assert set(scheduler.schedule) == set(app.conf.beat_schedule)
    assert all(entry.is_due().is_due for entry in scheduler.schedule.values())


def test_every_ring_expires_before_the_next_one():
    for name, entry in app.conf.beat_schedule.items():
        assert entry["options"]["expires"] <= entry["schedule"], name


def test_every_task_that_is_rung_is_known():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


@pytest.fixture
def worker():
    return Pulse(SimpleNamespace(timer=None))


@pytest.mark.parametrize(
    ("heard", "ended", "busy", "lives"),
    [
        (0, STUCK_SECONDS + 1, False, True),  # hears rings
        (QUIET_SECONDS + 1, 0, False, False),  # nothing to do, and rings do not arrive
        (QUIET_SECONDS + 1, QUIET_SECONDS + 1, True, True),  # all threads wait for a slow mail server
        (STUCK_SECONDS + 1, STUCK_SECONDS + 1, True, False),  # and will do so for ever
    ],
)
def test_a_worker_that_is_busy_is_not_taken_for_dead(worker, monkeypatch, heard, ended, busy, lives):
    now = time.monotonic()
    worker.heard_at, worker.ended_at = now - heard, now - ended
    monkeypatch.setattr(state, "active_requests", {object()} if busy else set())

    worker.check()

    assert (pulse.age("worker") is not None) == lives


def test_a_pulse_is_told_to_systemd(monkeypatch, tmp_path):
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", address)

        pulse.beat("worker")

        assert systemd.recv(64) == b"WATCHDOG=1"


def test_the_age_of_a_pulse_is_unknown_before_the_first():
    assert pulse.age("beat") is None
    pulse.beat("beat")
    assert pulse.age("beat") < 5
