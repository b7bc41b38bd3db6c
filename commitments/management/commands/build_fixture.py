"""`manage.py build_fixture FOLDER`: makes the fixture of a statement from its sources."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commitments.exchange.breakdown import BreakdownError, fixture_rows


class Command(BaseCommand):
    help = "Make fixtures/NAME.json from fixtures/sources/NAME (breakdown.json, published_text.txt, editorial.json)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the folder below fixtures/sources, and the name of the fixture")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "fixtures" / "sources" / options["name"]
        try:
            breakdown = json.loads((folder / "breakdown.json").read_text("utf-8"))
            editorial = json.loads((folder / "editorial.json").read_text("utf-8"))
            rows = fixture_rows(breakdown, (folder / "published_text.txt").read_text("utf-8"), editorial)
        except (OSError, json.JSONDecodeError, BreakdownError) as error:
            raise CommandError(str(error)) from error
        target = Path(settings.BASE_DIR) / "fixtures" / f"{options['name']}.json"
        target.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
        self.stdout.write(f"{target.name}: {len(rows)} rows")
