"""The statement as it is read, and as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from commitments.exchange.statement_formats import FORMATS
from commitments.models import Statement
from commitments.queries.statement_document import statement_document
from commitments.queries.statement_page import statement_page
from commitments.views.context import readable

TEXT, COMMITMENTS, COVERAGE = "", "commitments", "coverage"
READINGS = {TEXT: _("Whole text"), COMMITMENTS: _("Commitments alone"), COVERAGE: _("Coverage")}


@require_safe
def statement_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The text with its commitments; ?reading= folds away what is no commitment, or tells why a sentence has none."""
    statement = readable(request, slug)
    today = timezone.localdate()
    reading = request.GET.get("reading", TEXT)
    reading = reading if reading in READINGS else TEXT
    context = {
        "view": statement_page(statement, request.user, today, covered=reading == COVERAGE),
        "statement": statement,
        "today": today,
        "reading": reading,
        "readings": READINGS.items(),
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "statement/detail.html", context)


@require_safe
def statement_file(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The statement and its commitments, without a word of what anybody reported."""
    statement = get_object_or_404(Statement.objects.visible_to(request.user), slug=slug)
    if ending not in FORMATS:
        raise Http404
    form = FORMATS[ending]
    response = HttpResponse(form.write(statement_document(statement)), content_type=form.media_type)
    response["Content-Disposition"] = f'attachment; filename="{statement.slug}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response
