"""Pieces of pages that each web process keeps until something is recorded that they might show.

A piece is kept under everything that it depends on: the statement and the last row of its history, so that the first
page after any recorded step is made anew; the side, language, time zone and day of who looks. What is changed without a
row of history, such as the name of a body, shows when the piece is old: after a quarter of an hour.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from commitments.models import Change, Statement
from commitments.views.context import has_several

MOST = 64  # pieces, of some 80 kB each
SECONDS = 900


class Kept:
    """The newest pieces; the ones that were not asked for longest go first."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self.pieces: OrderedDict[Hashable, tuple[float, SafeString]] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], SafeString]) -> SafeString:
        now = time.monotonic()
        with self.lock:
            made_at, found = self.pieces.get(key, (0.0, None))
            if found is not None and now - made_at < self.seconds:
                self.pieces.move_to_end(key)
                return found
        found = make()
        with self.lock:
            self.pieces[key] = (now, found)
            self.pieces.move_to_end(key)
            while len(self.pieces) > self.most:
                self.pieces.popitem(last=False)
        return found

    def clear(self) -> None:
        with self.lock:
            self.pieces.clear()


kept = Kept(MOST, SECONDS)


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
