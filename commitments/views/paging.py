"""Pages of a long list: numbered up to a bound, and beyond it from page to page by key, as fast as the first."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import QueryDict

from commitments.models.keys import Order, before_row, from_row
from commitments.queries.counting import MOST_COUNTED, Count, count_up_to
from commitments.views.commitment import number

FROM, BEFORE = "from", "before"  # in addresses: the key of the row that a page begins with, or ends before


class BoundedPaginator(Paginator):
    """Django's, that counts no further than `MOST_COUNTED` rows."""

    @cached_property
    def counted(self) -> Count:
        return count_up_to(self.object_list)

    @property
    def count(self) -> int:
        return self.counted.number


@dataclass(frozen=True, slots=True)
class Paged:
    """The rows of one page, with the addresses of its neighbours; numbers beyond the bound are not promised."""

    rows: list[Model]
    number: int
    counted: Count
    pages: list[int | str]
    previous: str
    next: str
    size: int

    @property
    def start_index(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def end_index(self) -> int:
        return self.start_index + len(self.rows) - 1

    @property
    def is_one_of_several(self) -> bool:
        return bool(self.previous or self.next)


def paged(rows: QuerySet, order: Order, query: QueryDict, size: int) -> Paged:
    """The page that the address names; a row that is not in the list any more leaves the page's number."""
    paginator = BoundedPaginator(rows, size)
    at = number(query.get("page")) or 1
    found = _by_key(rows, order, query, size) if at > 1 else None
    if found is None:
        at = min(at, paginator.num_pages)
        found = list(rows[(at - 1) * size : at * size + 1])
    has_next, shown = len(found) > size, found[:size]
    beyond = at >= MOST_COUNTED // size
    following = {"page": at + 1, FROM: found[size].pk if beyond else None} if has_next else None
    leading = {"page": at - 1, BEFORE: shown[0].pk if at - 1 > MOST_COUNTED // size else None} if at > 1 else None
    return Paged(
        rows=shown,
        number=at,
        counted=paginator.counted if at > 1 or has_next else Count(len(shown)),
        pages=_pages(paginator, at) if at > 1 or has_next else [],
        previous=_address(query, leading),
        next=_address(query, following),
        size=size,
    )


def _by_key(rows: QuerySet, order: Order, query: QueryDict, size: int) -> list[Model] | None:
    begin, end = number(query.get(FROM)), number(query.get(BEFORE))
    if begin is not None:
        return from_row(rows, order, begin, size + 1)
    if end is None:
        return None
    found = before_row(rows, order, end, size)
    if not found:
        return None
    return found + list(rows.order_by().filter(pk=end))


def _pages(paginator: Paginator, at: int) -> list[int | str]:
    """The numbers of the pager; beyond the bound only the first and this one."""
    if at <= paginator.num_pages:
        return list(paginator.get_elided_page_range(at))
    return [1, Paginator.ELLIPSIS, at]


def _address(query: QueryDict, page: dict[str, int | None] | None) -> str:
    if page is None:
        return ""
    changed = query.copy()
    for name in ("page", FROM, BEFORE):
        changed.pop(name, None)
    changed.update({name: str(value) for name, value in page.items() if value is not None})
    return f"?{changed.urlencode()}"
