"""The search box: a number jumps, words search everything that the person may see."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from commitments.domain.text import tidy
from commitments.models import Commitment, Paragraph, Statement
from commitments.models.permission import may_manage_people
from commitments.queries.search import PARAGRAPH, REF, search
from commitments.queries.statement_page import paragraph_anchor
from commitments.views.context import chosen_statement, visible_statements

LONGEST = 200  # characters


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """ "20.2" opens the commitment and "¶20" the paragraph where there is such a one; all else is searched."""
    words = tidy(request.GET.get("q", ""))[:LONGEST]
    chosen = chosen_statement(request)
    statements = Statement.objects.filter(pk=chosen.pk) if chosen else Statement.objects.visible_to(request.user)
    if not request.htmx:
        named = [chosen] if chosen else visible_statements(request)
        found = commitment_address(words, named) or paragraph_address(words, named)
        if found:
            return redirect(found)
    groups = search(words, statements.order_by(), request.user)
    context = {
        "words": words,
        "groups": groups,
        "total": sum(len(group.hits) for group in groups),
        "may_open_people": may_manage_people(request.user),
    }
    response = render(request, "find/_found.html" if request.htmx else "find/find.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def commitment_address(words: str, statements: Iterable[Statement]) -> str:
    """The address of the only commitment of that number; empty where there is none, or more than one."""
    if not REF.match(words):
        return ""
    found = Commitment.objects.filter(statement__in=statements, ref=words).select_related("statement")[:2]
    return reverse("commitment_detail", args=(found[0].statement.slug, words)) if len(found) == 1 else ""


def paragraph_address(words: str, statements: Iterable[Statement]) -> str:
    number = PARAGRAPH.match(words)
    if not number:
        return ""
    found = Paragraph.objects.filter(statement__in=statements, number=number[1]).select_related("statement")[:2]
    if len(found) != 1:
        return ""
    return reverse("statement_detail", args=(found[0].statement.slug,)) + f"#{paragraph_anchor(found[0])}"
