"""The Celery application. It rings bells only: every task is safe to lose and safe to run twice."""

import logging
import os
import sqlite3
import warnings
from contextlib import closing
from functools import partial
from typing import Any

from celery import Celery, Task
from celery.platforms import SecurityWarning
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statement_tracker.settings")
logger = logging.getLogger(__name__)

# The warning against root is about pickled messages, which may run code; ours are JSON alone.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("statement_tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add("statement_tracker.worker:Pulse")  # by name: web processes need no worker code


def ring(task: Task, *args: Any) -> None:
    """Ask a worker, once the transaction has committed, to do now what the next tick would do anyway.

    A broker that is away costs the wait for that tick, never the page.
    """
    transaction.on_commit(partial(_ring, task, args))


def _ring(task: Task, args: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args, expires=60)
    except OperationalError as error:
        logger.warning("The broker is away, the next tick does %s: %s", task.name, error)


@app.task(name="statement_tracker.heartbeat")
def heartbeat() -> None:
    """Prove that a ring goes from beat through the broker to a worker: the worker's pulse counts what it receives."""


@app.task(name="statement_tracker.prune_broker")
def prune_broker() -> None:
    """Delete what was delivered from the embedded broker, which keeps every message for ever."""
    if settings.REDIS_URL or not settings.BROKER_FILE.exists():
        return
    with closing(sqlite3.connect(settings.BROKER_FILE, timeout=20)) as broker, broker:
        broker.execute("DELETE FROM kombu_message WHERE visible = 0")
