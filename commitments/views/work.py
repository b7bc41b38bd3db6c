"""What the signed-in person owes, most urgent first, with the one step that settles it."""

from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from commitments.domain.codes import Role
from commitments.queries.update_request import asked_by
from commitments.queries.worklist import Owed, Reason, lines_of, list_owed, owed_by, urgencies, with_details
from commitments.views.context import chosen_statement

PAGE_SIZE = 50
MOST_ASKED = 20
TITLES = {
    Reason.OVERDUE: _("Overdue"),
    Reason.DUE_THIS_WEEK: _("Due within a week"),
    Reason.ASKED: _("Update asked for"),
    Reason.UPDATE_DUE: _("Update due"),
    Reason.DUE_SOON: _("Due within 30 days"),
    Reason.NO_LEAD: _("No lead body"),
    Reason.NO_OFFICER: _("No desk officer"),
}


@dataclass(frozen=True, slots=True)
class Heap:
    """The rows that share their most urgent reason."""

    reason: str
    title: Promise
    count: int
    rows: list[Owed]


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    statement = chosen_statement(request)
    owed = owed_by(request.user, today)
    if statement:
        owed = owed.filter(commitment__statement=statement)
    lines = lines_of(owed)
    counts = urgencies(lines)
    chosen = chosen_reason(request)
    paginator = Paginator([key for urgency, key in lines if chosen in (None, urgency)], PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    shown = with_details(owed.filter(pk__in=list(page)), request.user, today)
    return render(
        request,
        "work/my_work.html",
        {
            "heaps": heaps(list_owed(shown, today), counts),
            "reasons": [(reason.name.lower(), TITLES[reason], count) for reason, count in counts.items()],
            "reason": chosen.name.lower() if chosen is not None else "",
            "total": len(lines),
            "page": page,
            "pages": paginator.get_elided_page_range(page.number),
            "asked": list(asked_by(request.user, today)[:MOST_ASKED]) if request.user.has_rank(Role.MANAGER) else [],
            "today": today,
        },
    )


def chosen_reason(request: HttpRequest) -> Reason | None:
    """The reason in the address; one that is not known shows the whole list."""
    name = request.GET.get("reason", "").upper()
    return Reason[name] if name in Reason.__members__ else None


def heaps(rows: list[Owed], counts: dict[Reason, int]) -> list[Heap]:
    grouped = groupby(rows, key=lambda row: row.reason)
    return [Heap(reason.name.lower(), TITLES[reason], counts[reason], list(found)) for reason, found in grouped]
