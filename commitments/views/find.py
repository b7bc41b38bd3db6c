"""The search box: a number jumps, words search."""

import re
from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments.models import Commitment, Paragraph, Statement
from commitments.views.context import chosen_statement, has_several, visible_statements

REF = re.compile(r"^(?:P\d{1,4}|(?:\d{1,2}-)?(?:\d{1,4}[a-z]?|[IVXLC]{1,7}))\.\d{1,4}$")
PARAGRAPH = re.compile(r"^¶\s*(\d{1,4}[a-z]?)\.?$")


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """ "20.2" opens the commitment and "¶20" the paragraph where there is such a one; all else is searched."""
    words = request.GET.get("q", "").strip()
    chosen = chosen_statement(request)
    statements = [chosen] if chosen else visible_statements(request)
    found = commitment_address(words, statements) or paragraph_address(words, statements)
    if found:
        return redirect(found)
    query = {"statement": chosen.slug} if chosen and has_several(request) else {}
    return redirect(f"{reverse('commitment_list')}?{urlencode({**query, 'q': words})}")


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
    return reverse("statement_detail", args=(found[0].statement.slug,)) + f"#p{number[1]}"
