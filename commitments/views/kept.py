"""Pieces of pages that each web process keeps until something is recorded that they might show.

A piece is kept under everything that it depends on: the statement and the last row of its history, so that the first
page after any recorded step is made anew; the side, language, time zone and day of who looks. What is changed without a
row of history, such as the name of a body, shows when the piece is old: after a quarter of an hour.
"""

from collections.abc import Hashable

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from commitments.domain.keeping import Kept
from commitments.models import Change, Statement
from commitments.queries.commitment_list import ListCounts
from commitments.views.context import has_several

MOST = 64  # pieces, of some 80 kB each
MOST_COUNTS = 1_000  # numbers of the ready-made views, of some 500 bytes
SECONDS = 900

kept: Kept[SafeString] = Kept(MOST, SECONDS)
kept_counts: Kept[ListCounts] = Kept(MOST_COUNTS, SECONDS)


def newest_change(statement: Statement) -> int | None:
    """The last row of the statement's history; it came with the statement that the address names."""
    if hasattr(statement, "newest_change"):
        return statement.newest_change
    return Change.objects.filter(statement=statement).order_by("-seq").values_list("seq", flat=True).first()


def key_of(request: HttpRequest, statement: Statement) -> Hashable:
    """All that a piece about a statement depends on, for whoever is of the person's side."""
    newest = newest_change(statement)
    zone = timezone.get_current_timezone_name()
    return statement.pk, newest, request.user.party_id, has_several(request), get_language(), zone, timezone.localdate()
