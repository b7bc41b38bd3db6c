"""The dossier: what it would hold, and the file itself, over all commitments or those of a filter."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from commitments.exchange.dossier_file import MAKERS, Asked, asked_for, file_name, is_large
from commitments.exchange.dossier_words import summary_sentences, untold
from commitments.models import Statement
from commitments.models.dossier_order import FORMATS
from commitments.queries.dossier_order import orders_of
from commitments.views.context import readable
from commitments.views.downloads import file_response
from commitments.views.past import as_it_stood, moment_shown, today_of


@require_safe
@as_it_stood
def statement_dossier(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose scope, edition and language, and see what the file would hold."""
    statement = readable(request, slug)
    asked = asked_of(request, statement)
    return show_dossier(request, statement, asked, status=200 if asked.is_valid else 422)


def show_dossier(request: HttpRequest, statement: Statement, asked: Asked, *, status: int) -> HttpResponse:
    context = {
        "statement": statement,
        "form": asked.form,
        "filter": asked.chosen,
        "formats": FORMATS.items(),
        "kept_days": settings.DOSSIER_KEPT_DAYS,
        "orders": orders_of(request.user, statement, timezone.now()),
        "is_valid": asked.is_valid,
    }
    if asked.is_valid:
        parts, size = asked.parts(), asked.size()
        context |= {"parts": parts, "size": size, "is_large": is_large(size), "asked": asked}
        if size and not context["is_large"]:
            context["sentences"] = summary_sentences(asked.made(at=moment_shown(), today=today_of(request)))
    return render(request, "dossier/dossier.html", context, status=status)


@require_safe
@as_it_stood
def dossier_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The file, made at this moment; a large one is asked for on its page. What is asked for wrongly is a 404."""
    statement = readable(request, slug)
    asked = asked_of(request, statement)
    if request.past.wrong or not asked.is_valid or not asked.format:
        raise Http404
    if is_large(asked.size()):
        return redirect(f"{reverse('statement_dossier', args=[slug])}?{asked.query}")
    maker, media_type = MAKERS[asked.format]
    with translation.override(asked.language):
        made = asked_of(request, statement).made(at=moment_shown(), today=today_of(request))
        content = maker(made, untold)
    return file_response(content, file_name(made, asked.format), media_type)


def asked_of(request: HttpRequest, statement: Statement, **more: str) -> Asked:
    """What the address asks for, and `more` beside it."""
    query = request.GET.copy()
    query.update(more)
    return asked_for(query, statement, request.user, today=today_of(request), language=request.LANGUAGE_CODE)
