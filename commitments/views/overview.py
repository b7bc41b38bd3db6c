"""The overview of one statement; with several and none chosen, the list of them."""

from datetime import date
from functools import partial

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from commitments.domain.codes import Role
from commitments.models import Statement
from commitments.models.permission import may_take_in
from commitments.queries.overview import overview as overview_of
from commitments.queries.overview import statement_lines
from commitments.queries.past import past_shown
from commitments.queries.since import since_last_visit
from commitments.views.context import chosen_statement, sides, visible_statements
from commitments.views.kept import kept, key_of
from commitments.views.past import as_it_stood, today_of

PAGE_SIZE = 20


@require_safe
@as_it_stood
def overview(request: HttpRequest) -> HttpResponse:
    today = today_of(request)
    statement = chosen_statement(request)
    if statement is None:
        return statements_page(request, today)
    if past_shown() or request.user.has_rank(Role.MANAGER):  # managers have buttons of their own on it
        figures = figures_of(request, statement, today)
    else:
        figures = kept.get(key_of(request, statement), partial(figures_of, request, statement, today))
    since = None if past_shown() else since_last_visit(statement, request.user)
    return render(request, "overview/overview.html", {"figures": figures, "since": since, "today": today})


def figures_of(request: HttpRequest, statement: Statement, today: date) -> SafeString:
    """The page without its shell, as everybody of the person's side sees it."""
    view = overview_of(statement, sides(statement), request.user, today)
    return render_to_string("overview/_figures.html", {"view": view, "today": today}, request)


def statements_page(request: HttpRequest, today: date) -> HttpResponse:
    """The statements, newest first; only those on the page are counted."""
    paginator = Paginator(visible_statements(request), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "lines": statement_lines(list(page), request.user, today),
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "today": today,
        "may_take_in": may_take_in(request.user),
    }
    return render(request, "overview/statements.html", context)
