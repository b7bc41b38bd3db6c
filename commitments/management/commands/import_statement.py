"""`manage.py import_statement FILE`: a statement that `export_statement` wrote becomes the same rows again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.actions.importing import import_statement
from commitments.exchange.statement_file import StatementFileError
from commitments.exchange.statement_formats import FORMATS

MAX_BYTES = 50 * 1024 * 1024


class Command(BaseCommand):
    help = "Take in a statement from Akoma Ntoso (xml), JSON or text that the tracker wrote, with the same rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=[*FORMATS], help="where the file's name does not end with it")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        name = options["format"] or path.suffix.removeprefix(".").lower()
        if name not in FORMATS:
            raise CommandError(f"{path}: say with --format which of {', '.join(FORMATS)} it is.")
        try:
            if path.stat().st_size > MAX_BYTES:
                raise CommandError(f"{path}: larger than any statement.")
            document = FORMATS[name].read(path.read_bytes())
            statement = import_statement(document, at=timezone.now())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except StatementFileError as error:
            raise CommandError(f"{path}: {error}") from error
        except ValidationError as refusal:
            raise CommandError(f"{path}: {' '.join(refusal.messages)}") from refusal
        self.stdout.write(f"{statement.slug}: {statement.commitments.count()} commitments")
