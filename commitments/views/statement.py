"""The statement as it is read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Statement
from commitments.queries.statement_page import statement_page


@require_safe
def statement_detail(request: HttpRequest, slug: str) -> HttpResponse:
    statement = get_object_or_404(Statement.objects.visible_to(request.user).defer("text"), slug=slug)
    today = timezone.localdate()
    context = {"view": statement_page(statement, request.user, today), "statement": statement, "today": today}
    return render(request, "statement/detail.html", context)
