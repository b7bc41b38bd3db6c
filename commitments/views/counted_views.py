"""Saved views with how many rows each holds, counted anew only when something was written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Case, QuerySet, When
from django.http import QueryDict
from django.utils.translation import get_language

from commitments.filters.address import filter_of
from commitments.models import HistoryHead, SavedView, User
from commitments.queries.counting import MOST_BESIDE, Count, count_up_to

MOST_SHOWN = 8  # views in the sidebar and above the list
MOST_KEPT = 2_000  # counts in the memory of the process


@dataclass(frozen=True, slots=True)
class CountedView:
    """A view and its rows; `faults` says in words what in its address can no longer be read."""

    view: SavedView
    count: Count
    faults: tuple[str, ...] = ()


def views_of(person: User) -> QuerySet[SavedView]:
    """The views that the person sees, the own ones first."""
    own_first = Case(When(owner=person.pk, then=0), default=1)
    return SavedView.objects.visible_to(person).select_related("owner").order_by(own_first, "name", "pk")


def counted(views: Iterable[SavedView], person: User, today: date) -> list[CountedView]:
    """Each view with its count; one more query where nothing was written since they were counted last."""
    rows = list(views)
    if not rows:
        return []
    written = written_last(person)
    language = get_language() or ""
    return [CountedView(view, *count_of(view, view.version, person, today, written, language)) for view in rows]


def written_last(person: User) -> str:
    """The end of the history; it came with the session's person."""
    if hasattr(person, "written"):
        return person.written
    return HistoryHead.objects.values_list("hash", flat=True).get(pk=1)


@lru_cache(maxsize=MOST_KEPT)
def count_of(
    view: SavedView, version: int, person: User, today: date, written: str, language: str
) -> tuple[Count, tuple[str, ...]]:
    """How many rows the person sees in it, and what is wrong with it; true until the history goes on."""
    chosen = filter_of(QueryDict(view.query), person, today)
    faults = tuple(str(error) for errors in chosen.errors.values() for error in errors)
    return count_up_to(chosen.qs, MOST_BESIDE), faults
