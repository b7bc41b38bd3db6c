"""`manage.py export_statement SLUG --format xml|json|txt -o FILE`: the statement itself, as a file to be read back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.exchange.statement_file import StatementFileError
from commitments.exchange.statement_formats import FORMATS
from commitments.models import Statement
from commitments.queries.statement_document import statement_document


class Command(BaseCommand):
    help = "Write a statement with its commitments as Akoma Ntoso (xml), JSON or text; nothing that anybody reported."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the statement's name in addresses")
        parser.add_argument("--format", choices=[*FORMATS], default="xml")
        parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        statement = Statement.objects.filter(slug=options["slug"]).first()
        if statement is None:
            raise CommandError(f"There is no statement {options['slug']}.")
        try:
            content = FORMATS[options["format"]].write(statement_document(statement))
        except StatementFileError as error:
            raise CommandError(f"{options['slug']}: {error}") from error
        options["output"].write_bytes(content)
