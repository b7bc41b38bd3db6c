"""Dashboards: the statement at hand grouped by one thing, a body's part, a section."""

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from commitments.models import Assignment, Body, Commitment, Party, Section, Statement
from commitments.models.conditions import needs_attention, parts_of_commitment
from commitments.queries.commitment_list import list_rows, with_parts
from commitments.queries.dashboard import BY, over_time
from commitments.queries.dashboard import dashboard as dashboard_of
from commitments.views.context import chosen_statement
from commitments.views.past import as_it_stood, today_of

ROWS_SHOWN = 6
TITLES = {
    "section": _("By section"),
    "body": _("By body"),
    "side": _("By side"),
    "strength": _("By wording"),
    "kind": _("By kind"),
    "theme": _("By theme"),
}


@require_safe
@as_it_stood
def dashboard(request: HttpRequest) -> HttpResponse:
    """The statement at hand, or all of them, grouped as the address says."""
    statement = chosen_statement(request)
    rows = Commitment.objects.visible_to(request.user)
    rows = rows.filter(statement=statement) if statement else rows
    return show(request, rows, {"statement": statement}, default="section" if statement else "side")


@require_safe
@as_it_stood
def body_detail(request: HttpRequest, code: str) -> HttpResponse:
    """What one body leads, over all statements that the person may see; its own part counts."""
    parties = Party.objects.filter(statements__in=Statement.objects.visible_to(request.user))
    body = get_object_or_404(Body.objects.select_related("party"), code=code, party__in=parties)
    led = Assignment.objects.filter(commitment=OuterRef("pk"), lead=body)
    rows = Commitment.objects.visible_to(request.user).filter(Exists(led))
    return show(request, rows, {"body": body}, lead=body, default="kind")


@require_safe
@as_it_stood
def section_detail(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    statements = Statement.objects.visible_to(request.user)
    section = get_object_or_404(
        Section.objects.select_related("statement").defer("statement__text"),
        statement__slug=slug,
        statement__in=statements,
        position=position,
    )
    rows = Commitment.objects.visible_to(request.user).filter(section=section)
    return show(request, rows, {"section": section}, default="body")


def show(
    request: HttpRequest,
    rows: QuerySet[Commitment],
    context: dict[str, object],
    *,
    default: str,
    lead: Body | None = None,
) -> HttpResponse:
    by, today, user = request.GET.get("by", default), today_of(request), request.user
    if by not in BY:
        raise BadRequest(f"no dashboard by {by[:20]}")
    parts = Assignment.objects.filter(commitment__in=rows.order_by())
    parts = parts.filter(lead=lead) if lead else parts
    wanting = Exists(parts_of_commitment().filter(needs_attention(user, today)))
    urgent = with_parts(rows.filter(wanting).order_by("due_on", "statement", "position"))[:ROWS_SHOWN]
    view = {
        "by": by,
        "choices": [(code, title) for code, title in TITLES.items() if not (lead and code in ("body", "side"))],
        "view": dashboard_of(rows, by, user, today, lead=lead),
        "months": over_time(parts, today),
        "rows": list_rows(urgent, user, today),
        "today": today,
        **context,
    }
    return render(request, "dashboard/dashboard.html", view)
