"""Gunicorn's configuration: `gunicorn -c python:statement_tracker.web statement_tracker.wsgi`."""

import gc
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from statement_tracker import environment as env
from statement_tracker.processes import die_with

bind = f"{env.text('HOST', '127.0.0.1')}:{env.number('PORT', 8000)}"
worker_class = "gthread"
workers = env.number("WEB_WORKERS", 2)
threads = env.number("WEB_THREADS", 4)
timeout = 60
graceful_timeout = 15
keepalive = 5
control_socket_disable = True
preload_app = True  # loaded once, before the workers are forked, so that they share its memory
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 a heartbeat that no slow disk can stop


def when_ready(server: Arbiter) -> None:
    """Take what is loaded out of the garbage collector's sight: its marks would give each worker a copy of it."""
    gc.collect()
    gc.freeze()


def post_fork(server: Arbiter, worker: Worker) -> None:
    """A worker does not outlive a master that was killed, so that the port is free for the next one."""
    die_with(server.pid)
