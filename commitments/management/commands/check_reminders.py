"""`manage.py check_reminders`: whether everything that must hold of reminders and mails does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.queries.invariants import broken_invariants


class Command(BaseCommand):
    help = "Check that no reminder is missed, doubled or stuck; exit code 1 where one is."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(broken_invariants(timezone.now()))
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write("All is well with the reminders.")
