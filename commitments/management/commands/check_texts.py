"""`manage.py check_texts`: proves from the hashes that texts and history are as they were written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.actions.integrity import faults_found
from commitments.models import Change, Paragraph


class Command(BaseCommand):
    help = "Verify the hashes of all texts and of the history, and that the database's locks are in place."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(faults_found())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults found")
        self.stdout.write(f"{Paragraph.objects.count()} paragraphs and {Change.objects.count()} changes verified")
