"""`manage.py load_demo`: sample accounts, statuses and notes from fixtures/demo.json, once."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.actions.demo import Sample, load_demo
from commitments.models import Statement

FILE = Path("fixtures") / "demo.json"


class Command(BaseCommand):
    help = "Load the sample data once; with --sign-ins print the accounts instead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sign-ins", action="store_true", help="print the sample accounts and their password")

    def handle(self, *args: Any, **options: Any) -> None:
        content = json.loads((Path(settings.BASE_DIR) / FILE).read_text("utf-8"))
        if options["sign_ins"]:
            self.stdout.write(sign_ins(content))
            return
        if not Statement.objects.filter(slug=content["statement"]).exists():
            raise CommandError("Load the statement first: manage.py loaddata turkiye_malaysia_2026")
        loaded = load_demo(Sample(content, timezone.now()))
        self.stdout.write("Sample data loaded." if loaded else "Sample data is there already.")


def sign_ins(content: dict[str, Any]) -> str:
    """The accounts, a line each, with their common password."""
    width = max(len(person["email"]) for person in content["people"])
    lines = [f"  {person['email']:<{width}}  {person['name']}" for person in content["people"]]
    return "\n".join([f"Sample accounts, password {content['password']}:", *lines])
