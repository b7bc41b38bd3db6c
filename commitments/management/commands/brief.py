"""`manage.py brief SLUG --format docx -o FILE`: the dossier of a statement, in the shared or a party's own edition."""

from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from commitments.exchange.dossier_docx import dossier_docx
from commitments.exchange.dossier_pdf import dossier_pdf
from commitments.exchange.dossier_xlsx import dossier_xlsx
from commitments.models import Commitment, Party, Statement
from commitments.queries.dossier import dossier
from commitments.queries.past import looking_back

MAKERS = {"docx": dossier_docx, "pdf": dossier_pdf, "xlsx": dossier_xlsx}


class Command(BaseCommand):
    help = "Write the dossier of a statement as a Word, PDF or Excel file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the statement's name in addresses")
        parser.add_argument("--format", choices=[*MAKERS], default="docx")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")
        parser.add_argument("--edition", default="shared", help="shared, or a party's code for its own side's edition")
        parser.add_argument("--as-of", type=date.fromisoformat, help="as it stood at the end of this day, 2026-10-01")
        parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            statement = Statement.objects.get(slug=options["slug"])
        except Statement.DoesNotExist:
            raise CommandError(f"There is no statement {options['slug']}.") from None
        edition, day = party_of(statement, options["edition"]), options["as_of"]
        zone = ZoneInfo(edition.time_zone) if edition else None
        with translation.override(options["language"]), timezone.override(zone):
            if day and not statement.adopted_on <= day <= timezone.localdate():
                raise CommandError(f"Choose a day from {statement.adopted_on} on that is not in the future.")
            with looking_back(day) if day else nullcontext() as past:
                at = past.last_moment if past else timezone.now()
                made = dossier(
                    statement,
                    Commitment.objects.all(),
                    edition=edition,
                    scope=_("All commitments"),
                    at=at,
                    today=timezone.localdate(at),
                )
            options["output"].write_bytes(MAKERS[options["format"]](made))


def party_of(statement: Statement, edition: str) -> Party | None:
    if edition == "shared":
        return None
    party = statement.parties.filter(code=edition).first()
    if party is None:
        codes = ", ".join(statement.parties.values_list("code", flat=True))
        raise CommandError(f"The edition is “shared” or one of: {codes}.")
    return party
