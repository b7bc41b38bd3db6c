"""Confirming that a commitment was met, and taking it back: two buttons on the page about its date and outcome."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commitments.actions.confirmation import confirm, withdraw_confirmation
from commitments.views.deadline import dated


@require_POST
def commitment_confirm(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Confirm for the own side, or take it back where the form says so."""
    commitment = dated(request, slug, ref)
    takes_back = request.POST.get("confirmed") == "no"
    try:
        (withdraw_confirmation if takes_back else confirm)(commitment, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The confirmation is taken back.") if takes_back else _("Confirmed."))
    return redirect("commitment_detail", slug=slug, ref=ref)
