"""`manage.py generate --commitments N`: bulk data for measuring; the same for the same seed."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.actions.generating import PEOPLE, Plan, generate
from commitments.models import Statement


class Command(BaseCommand):
    help = "Make statements, commitments, assignments, notes and history in realistic shares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--commitments", type=int, required=True, help="how many commitments")
        parser.add_argument("--notes", type=int, default=5, help="notes on each of the fifth that has any")
        parser.add_argument("--people", type=int, default=PEOPLE, help="how many people there are at least")
        parser.add_argument("--at-work", action="store_true", help="no part has ended, all are reported on in time")
        parser.add_argument("--per-statement", type=int, default=0, help="commitments of each, else 10 to 120")
        parser.add_argument("--seed", type=int, default=1, help="another seed makes other rows")
        parser.add_argument("--today", type=date.fromisoformat, help="the day the dates are counted from")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["commitments"] < 1 or min(options["notes"], options["per_statement"]) < 0:
            raise CommandError("Ask for at least one commitment, and for no fewer than no notes.")
        seed = options["seed"]
        if Statement.objects.filter(slug=f"generated-{seed}-1").exists():
            raise CommandError(f"Rows of seed {seed} are there already: choose another seed.")
        today = options["today"] or timezone.localdate()
        size = options["per_statement"]
        plan = Plan(options["commitments"], options["notes"], seed, today, options["people"], options["at_work"], size)
        made = 0
        for made in generate(plan):
            if self.stdout.isatty():
                self.stdout.write(f"\r{made:,} commitments", ending="")
                self.stdout.flush()
        self.stdout.write(f"\r{made:,} commitments" if self.stdout.isatty() else f"{made:,} commitments")
