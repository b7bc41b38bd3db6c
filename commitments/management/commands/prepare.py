"""Brings database, static files and the first statement up to date; does only what is not done yet."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from commitments.models import Statement, User

FIXTURE = "turkiye_malaysia_2026"


class Command(BaseCommand):
    help = "Migrates, collects static files, loads the statement where there is none, and sample data where asked."

    def handle(self, *args: str, **options: object) -> None:
        self.prepare_database()
        self.prepare_static_files()
        self.prepare_rows()

    def prepare_database(self) -> None:
        if pending_migrations():
            self.say(_("Preparing the database …"))
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)

    def prepare_static_files(self) -> None:
        if static_files_are_current():
            return
        self.say(_("Collecting static files …"))
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        collected().write_text(fingerprint())

    def prepare_rows(self) -> None:
        if not Statement.objects.exists():
            self.say(_("Loading the statement of 7 January 2026 …"))
            call_command("loaddata", FIXTURE, verbosity=0)
        if settings.DEMO and not User.objects.exists():
            call_command("load_demo", stdout=self.stdout)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def static_files_are_current() -> bool:
    """Whether what is served is what lies in the tree; with DEBUG the tree itself is served."""
    return settings.DEBUG or (collected().exists() and collected().read_text() == fingerprint())


def collected() -> Path:
    return settings.STATIC_ROOT / "collected"


def fingerprint() -> str:
    """Changes when a static file is added, removed or written, or the way to store them changes."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for file in sorted(static_sources()):
        state = file.stat()
        digest.update(f"{file}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def static_sources() -> Iterator[Path]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            yield Path(storage.path(path))
