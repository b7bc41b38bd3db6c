"""`manage.py brief SLUG --format docx -o FILE`: the dossier of a statement, in the shared or a party's own edition."""

from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import timezone, translation

from commitments.exchange.dossier_file import MAKERS, Asked, asked_for
from commitments.exchange.dossier_words import untold
from commitments.forms.dossier import OWN, SHARED
from commitments.models import Body, Party, Statement, User
from commitments.queries.past import looking_back

NOBODY = -1  # no row's key


class Command(BaseCommand):
    help = "Write the dossier of a statement as a Word, PDF or Excel file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the statement's name in addresses")
        parser.add_argument("--format", choices=[*MAKERS], default="docx")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")
        parser.add_argument("--edition", default=SHARED, help="shared, or a party's code for its own side's edition")
        parser.add_argument("--section", type=int, help="one section alone, by its place in the statement")
        parser.add_argument("--agenda", type=int, help="what is on the agenda of one meeting, by its number")
        parser.add_argument("--filter", default="", help="as in the address of the list, kind=action&due=overdue")
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
                today = timezone.localdate(at)
                made = asked_with(statement, edition, today, options).made(at=at, today=today)
            maker, _media_type = MAKERS[options["format"]]
            options["output"].write_bytes(maker(made, untold))


def asked_with(statement: Statement, edition: Party | None, today: date, options: dict[str, Any]) -> Asked:
    """What the options ask for, as the page would read it; a scope that cannot be read ends the command."""
    query = QueryDict(options["filter"], mutable=True)
    query["edition"], query["language"] = (OWN if edition else SHARED), options["language"]
    for name, option in (("section", "section"), ("meeting", "agenda")):
        if options[option] is not None:
            query[name] = str(options[option])
    asked = asked_for(query, statement, reader_of(statement, edition), today=today, language=options["language"])
    if not asked.is_valid:
        wrong = {**asked.form.errors, **asked.chosen.form.errors}
        raise CommandError("; ".join(f"{name}: {' '.join(said)}" for name, said in wrong.items()))
    return asked


def reader_of(statement: Statement, edition: Party | None) -> User:
    """Somebody of that side, who is nobody in particular; of any side for the shared edition."""
    party = edition or statement.adoptions.select_related("party").order_by("position")[0].party
    return User(body=Body(pk=NOBODY, party=party))


def party_of(statement: Statement, edition: str) -> Party | None:
    if edition == SHARED:
        return None
    party = statement.parties.filter(code=edition).first()
    if party is None:
        codes = ", ".join(statement.parties.values_list("code", flat=True))
        raise CommandError(f"The edition is “shared” or one of: {codes}.")
    return party
