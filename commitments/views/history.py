"""The history of everything, of a commitment, of a body and of a person: pages with filters, and the same as CSV."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.filters.history import SCOPES, HistoryFilter, known_people
from commitments.filters.words import scope_of
from commitments.models import Body, Change, Party, Statement, User
from commitments.queries.history import commitment_named, history_of, lines
from commitments.templatetags.told import act_words, fact_after, fact_before, reported_words
from commitments.views.downloads import csv_response

PAGE_SIZE = 50
BATCH = 500  # rows of the CSV that are named at a time


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    return show_history(request, _("History"), {})


@require_safe
def commitment_history(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    commitment = commitment_named(request.user, slug, ref)
    if commitment is None:
        raise Http404
    return show_history(request, str(commitment), {"statement": slug, "ref": ref}, commitment=commitment)


@require_safe
def body_history(request: HttpRequest, code: str) -> HttpResponse:
    parties = Party.objects.filter(statements__in=Statement.objects.visible_to(request.user))
    body = get_object_or_404(Body.objects.select_related("party"), code=code, party__in=parties)
    return show_history(request, body.name, {"body": code})


@require_safe
def person_history(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(known_people(request.user), pk=pk)
    return show_history(request, str(person), {"person": str(pk)})


@require_safe
def history_csv(request: HttpRequest) -> HttpResponse:
    """What the page with the same address shows, all of it."""
    chosen = HistoryFilter(request.GET, history_of(request.user), viewer=request.user)
    if not chosen.is_valid():
        raise Http404
    cells = csv_cells(chosen.qs, request.user)
    return csv_response(request, "history", csv_header(), cells, scope=scope_of(chosen, _("None")), at=timezone.now())


def show_history(request: HttpRequest, title: str, scope: dict[str, str], **context: object) -> HttpResponse:
    """One page; `scope` is what the address itself fixes, and goes before the filters."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in request.GET.items() if name not in {*SCOPES, "page"} or not scope})
    query.update(scope)
    query.pop("page", None)
    chosen = HistoryFilter(query, history_of(request.user), viewer=request.user)
    pages = Paginator(chosen.qs, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    shown = [field for field in chosen.form if field.name not in {"statement", "ref", *scope}]
    view = {
        "title": title,
        "filter": chosen,
        "fields": shown,
        "lines": lines(page.object_list, request.user),
        "page": page,
        "pages": pages.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "query": query.urlencode(),
        "today": timezone.localdate(),
        **context,
    }
    return render(request, "history/history.html", view)


def csv_header() -> list[str]:
    return [
        _("Number"),
        _("Time (UTC)"),
        _("Person"),
        _("Body"),
        _("Side"),
        _("What was done"),
        _("Statement"),
        _("Reference"),
        _("Before"),
        _("After"),
        _("Visible to"),
        _("Note"),
    ]


def csv_cells(changes: QuerySet[Change], viewer: User) -> Iterator[list[object]]:
    batch: list[Change] = []
    for change in changes.iterator(chunk_size=BATCH):
        batch.append(change)
        if len(batch) == BATCH:
            yield from named_cells(batch, viewer)
            batch = []
    yield from named_cells(batch, viewer)


def named_cells(changes: list[Change], viewer: User) -> Iterator[list[object]]:
    for line in lines(changes, viewer):
        change = line.change
        body = change.by.body if change.by else None
        yield [
            change.seq,
            f"{change.at:%Y-%m-%d %H:%M:%S}",
            change.by or "",
            body.name if body else "",
            change.party or "",
            ", ".join(filter(None, [act_words(line), reported_words(line)])),
            change.statement or "",
            change.commitment.ref if change.commitment else "",
            fact_before(line),
            fact_after(line),
            change.get_visibility_display(),
            line.text,
        ]
