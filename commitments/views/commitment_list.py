"""The list of commitments: filtered, sorted and paged by its address alone."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.filters.commitment import SORTS, CommitmentFilter
from commitments.filters.words import words_of
from commitments.models import Body, Commitment, Section, Statement
from commitments.queries.commitment_list import ListCounts, Row, list_counts, list_rows, section_sizes, with_parts
from commitments.queries.counting import Count
from commitments.queries.past import past_shown
from commitments.queries.update_request import askings_of
from commitments.views.context import chosen_statement, has_several
from commitments.views.counted_views import written_last
from commitments.views.kept import kept_counts
from commitments.views.paging import BEFORE, FROM, paged
from commitments.views.past import FIELD as AS_OF
from commitments.views.past import as_it_stood, today_of

PAGE_SIZE = 100
FILTERS_FIRST = ("section", "kind", "side", "status", "lead", "due")  # the others wait behind "More filters"
FILTERS_MORE = ("theme", "strength", "officer", "freshness", "confidence", "sort")


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set, in words, and the address without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class ReadyView:
    """A ready-made view of the list, with how many rows it holds."""

    label: str
    count: Count
    query: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one section, with how many of it the filters leave on all pages."""

    section: Section
    size: int
    rows: list[Row]


@require_safe
@as_it_stood
def commitment_list(request: HttpRequest) -> HttpResponse:
    partly = bool(request.htmx)
    if "" in request.GET.values() and not partly:
        return HttpResponseRedirect(clean_address(request))
    today = today_of(request)
    statement = chosen_statement(request)
    visible = Commitment.objects.visible_to(request.user)
    rows = visible.filter(statement=statement) if statement else visible
    chosen = CommitmentFilter(request.GET, rows.in_text_order(), person=request.user, today=today, statement=statement)
    page = paged(with_parts(chosen.qs), chosen.order, request.GET, PAGE_SIZE)
    shown = list_rows(page.rows, request.user, today)
    sort = chosen.form.cleaned_data.get("sort") or "text"
    response = render(
        request,
        "commitment/_results.html" if partly else "commitment/list.html",
        {
            "filter": chosen,
            "page": page,
            "groups": groups(shown, chosen.qs) if sort == "text" else [],
            "rows": shown,
            "askings": askings_of(shown, request.user, today),
            "sort": sort,
            "sorts": sort_links(request.GET, sort),
            "chips": chips(request.GET, chosen),
            "ready_views": ready_views(request, counts_of(request, statement, rows, today)),
            "first_fields": [chosen.form[name] for name in FILTERS_FIRST],
            "more_fields": [chosen.form[name] for name in FILTERS_MORE],
            "more_open": any(request.GET.get(name) for name in FILTERS_MORE if name != "sort"),
            "several": has_several(request),
            "today": today,
        },
    )
    patch_vary_headers(response, ("HX-Request",))
    if partly:
        response["HX-Push-Url"] = clean_address(request)
    return response


def counts_of(request: HttpRequest, statement: Statement | None, rows: QuerySet[Commitment], today: date) -> ListCounts:
    """The numbers of the ready-made views, counted anew when something was written, and of the past each time."""
    person, count = request.user, partial(list_counts, rows, request.user, today)
    if past_shown():
        return count()
    key = (statement and statement.pk, person.party_id, person.body_id, today, written_last(person))
    return kept_counts.get(key, count)


def clean_address(request: HttpRequest) -> str:
    """The address without its empty fields, as it is shared."""
    query = request.GET.copy()
    for name in [name for name, value in query.items() if not value or (name, value) == ("sort", "text")]:
        del query[name]
    return request.path + (f"?{query.urlencode()}" if query else "")


def groups(rows: list[Row], filtered: QuerySet[Commitment]) -> list[Group]:
    """The rows in the sections of the text, as they stand."""
    sizes = section_sizes(filtered, {row.commitment.section_id for row in rows})
    found: dict[int, Group] = {}
    for row in rows:
        section = row.commitment.section
        found.setdefault(section.pk, Group(section, sizes.get(section.pk, 0), [])).rows.append(row)
    return list(found.values())


def address(query: QueryDict, **changes: Any) -> str:
    """The query string with these changes and from its first page; None takes a filter away."""
    changed = query.copy()
    for name in ("page", FROM, BEFORE):
        changed.pop(name, None)
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return "?" + changed.urlencode()


def chips(query: QueryDict, chosen: CommitmentFilter) -> list[Chip]:
    """The filters that are set; one that cannot be read is named too, so that it can be taken away."""
    found = []
    for name, given in chosen.filters.items():
        if name == "sort" or not query.get(name):
            continue
        value = chosen.form.cleaned_data.get(name)
        words = words_of(chosen, name) if value not in (None, "") else _("not understood")
        found.append(Chip(str(given.label), words, address(query, **{name: None})))
    return found


def sort_links(query: QueryDict, sort: str) -> dict[str, dict[str, str]]:
    """For each column the address that sorts by it, the other way round where it already does."""
    links = {}
    for column in ("text", "title", "status", "due", "updated"):
        down = f"-{column}"
        other = down if sort == column and down in SORTS else column
        direction = {column: "ascending", down: "descending"}.get(sort, "")
        links[column] = {"href": address(query, sort=None if other == "text" else other), "direction": direction}
    return links


def ready_views(request: HttpRequest, counts: ListCounts) -> list[ReadyView]:
    kept = {name: request.GET[name] for name in ("statement", AS_OF) if request.GET.get(name)}
    body: Body | None = request.user.body
    here = {
        name: value
        for name, value in request.GET.items()
        if value and name not in ("page", FROM, BEFORE, "sort", *kept)
    }

    def view(label: str, count: Count, **filters: str) -> ReadyView:
        query = QueryDict(mutable=True)
        query.update({**kept, **filters})
        return ReadyView(label, count, "?" + query.urlencode(), current=here == filters)

    views = [
        view(_("All"), counts.total),
        view(_("Without positions"), counts.without_positions, kind="not_position"),
        view(_("Positions"), counts.positions, kind="position"),
        view(_("Needs attention"), counts.attention, attention="yes"),
    ]
    if body:
        views.append(view(_("Led by %(body)s") % {"body": body.short}, counts.mine, lead=body.code))
    return views
