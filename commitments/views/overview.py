"""The overview of one statement; with several and none chosen, the list of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.queries.overview import overview as overview_of
from commitments.queries.overview import statement_lines
from commitments.views.context import chosen_statement, sides, visible_statements


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    statement = chosen_statement(request)
    if statement is None:
        lines = statement_lines(visible_statements(request), request.user, today)
        return render(request, "overview/statements.html", {"lines": lines, "today": today})
    view = overview_of(statement, sides(statement), request.user, today)
    return render(request, "overview/overview.html", {"view": view, "today": today})
