"""/c/20.2/: the short address that people say and type."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from commitments.models import Commitment
from commitments.views.commitment import page_of


@require_safe
def commitment_shortcut(request: HttpRequest, ref: str) -> HttpResponse:
    """To the commitment of that number; to the list where several statements have one."""
    rows = Commitment.objects.visible_to(request.user).filter(ref=ref).select_related("statement")[:2]
    if not rows:
        raise Http404
    if len(rows) == 1:
        return redirect(page_of(rows[0]))
    return redirect(f"{reverse('commitment_list')}?{urlencode({'q': ref})}")
