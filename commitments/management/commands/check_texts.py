"""`manage.py check_texts`: proves from the hashes that texts and history are as they were written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from commitments.actions.history import broken_links
from commitments.actions.statement import altered_texts
from commitments.models import Change, Paragraph, locks


class Command(BaseCommand):
    help = "Verify the hashes of all texts and of the history, and that the database's locks are in place."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = [*missing_locks(), *altered_texts(), *broken_links()]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults found")
        self.stdout.write(f"{Paragraph.objects.count()} paragraphs and {Change.objects.count()} changes verified")


def missing_locks() -> list[str]:
    """The triggers that should be in the database and are not."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}
    return [f"the lock {name} is missing from the database" for name in sorted(locks.trigger_names() - present)]
