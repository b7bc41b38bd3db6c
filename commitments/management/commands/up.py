"""Web server, worker and beat under one supervisor."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils.translation import gettext as _

from commitments.management.commands.prepare import pending_migrations, static_files_are_current
from statement_tracker import pulse
from statement_tracker.celery import app
from statement_tracker.supervisor import AlreadyRunningError, Plan, only_one, python

WORKER = ("--pool", "threads", "--without-mingle", "--without-gossip", "--without-heartbeat")


class Command(BaseCommand):
    help = "Runs web server, Celery worker and beat as processes of their own, and starts again what dies or hangs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepare", action="store_true", help="run `prepare` first")

    def handle(self, *args: str, prepare: bool, **options: object) -> None:
        with locked(settings.DATA_DIR) as lock, listening(settings.HOST, settings.PORT) as listener:
            try:
                if prepare:
                    call_command("prepare", stdout=self.stdout)
                elif pending_migrations() or not static_files_are_current():
                    raise CommandError(_("Database or static files are not up to date: run `manage.py prepare` first."))
                make_broker()
                plan = Plan(services(listener), [lock.fileno(), listener.fileno()], greeting())
            except KeyboardInterrupt:
                self.stdout.write(_("Stopped before it was ready."))
                return
            connections.close_all()
            self.stdout.flush()
            plan.become()


def greeting() -> str:
    """What is said once everything runs."""
    words = StringIO()
    words.write(_("Statement Tracker is ready: %(address)s") % {"address": settings.SITE_URL})
    if settings.DEMO:
        words.write("\n")
        call_command("load_demo", "--sign-ins", stdout=words)
    return words.getvalue().rstrip("\n")


@contextmanager
def locked(folder: Path) -> Iterator[TextIO]:
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context(only_one(folder))
        except AlreadyRunningError:
            raise CommandError(_("It already runs on the data folder %(folder)s.") % {"folder": folder}) from None
        except OSError as error:
            raise CommandError(
                _("The data folder %(folder)s cannot be written (%(error)s): choose another with DATA_DIR=.")
                % {"folder": folder, "error": error.strerror}
            ) from None
        yield lock


def make_broker() -> None:
    """The embedded broker's file and queue, before three processes make them at once and one of them fails."""
    if settings.REDIS_URL or settings.BROKER_FILE.exists():
        return
    with app.connection_for_write() as connection:
        app.amqp.queues[app.conf.task_default_queue](connection.default_channel).declare()


def listening(host: str, port: int) -> socket.socket:
    """The web server's socket. It stays open when the server is started again: nobody is refused, only kept waiting."""
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise CommandError(
            _("Port %(port)s of %(host)s cannot be used (%(error)s): take another with PORT=.")
            % {"port": port, "host": host, "error": os.strerror(error.errno)}
        ) from None


def services(listener: socket.socket) -> list[dict[str, Any]]:
    """The processes, as `Plan` takes them."""
    listener_number = listener.fileno()
    gunicorn = ("gunicorn", "--config", "python:statement_tracker.web", "--bind", f"fd://{listener_number}")
    celery = ("celery", "--quiet", "--app")
    level = ("--loglevel", "INFO")
    broker = [] if settings.REDIS_URL else [str(settings.BROKER_FILE)]
    site = f"[{settings.SITE_HOST}]" if ":" in settings.SITE_HOST else settings.SITE_HOST
    return [
        {
            "name": "web",
            "command": python(*gunicorn, "statement_tracker.wsgi"),
            "signs": [settings.HOST, settings.PORT, "/healthz", site],
            "patience": 60,
            "pass_fds": [listener_number],
            "holds": broker,
        },
        {
            "name": "worker",
            "command": python(*celery, "statement_tracker", "worker", *WORKER, "--concurrency", "4", *level),
            "signs": str(pulse.path("worker")),
            "patience": 90,
            "pass_fds": [],
            "holds": broker,
        },
        {
            "name": "beat",
            "command": python(*celery, "statement_tracker.ticks", "beat", *level),
            "signs": str(pulse.path("beat")),
            "patience": 60,
            "pass_fds": [],
            "holds": broker,
        },
    ]
