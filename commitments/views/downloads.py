"""Files that a page hands out."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments.exchange.csv_rows import csv_lines
from commitments.models import User

Cells = list[object]


def file_response(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file for the one person who asked for it."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def csv_response(
    request: HttpRequest, name: str, header: list[str], rows: Iterable[Cells], *, scope: str, at: datetime
) -> StreamingHttpResponse:
    """The rows as a file, and below them what they are: when, filtered how, and by whose eyes."""
    lines = csv_lines(header, with_its_facts(request, rows, scope, at))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localtime(at):%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def with_its_facts(request: HttpRequest, rows: Iterable[Cells], scope: str, at: datetime) -> Iterator[Cells]:
    yield from rows
    yield []
    yield from facts(request.user, scope, at)


def facts(person: User, scope: str, at: datetime) -> list[Cells]:
    """What a list is that leaves the tracker: of which moment, filtered how, by whose eyes."""
    return [
        [_("As it stood on"), date_format(timezone.localtime(at), "DATETIME_FORMAT")],
        [_("Filter"), scope],
        [_("Edition"), edition_words(person)],
    ]


def facts_line(person: User, scope: str, at: datetime) -> str:
    """The same as one line, where there is no table."""
    return "; ".join(f"{name}: {value}" for name, value in facts(person, scope, at))


def edition_words(person: User) -> str:
    """Whose eyes have read the rows: a list holds what the person may see, the own side's part included."""
    if person.body is None:
        return _("All sides")
    return _("As %(party)s sees it: not for the other side") % {"party": person.body.party}
