"""Asking for an update with one button, and taking the request back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commitments.actions.update_request import ask_for_update, withdraw_request
from commitments.models import Assignment, UpdateRequest
from commitments.models.permission import may_ask_for_update
from commitments.views.addresses import own_address
from commitments.views.attempting import attempt
from commitments.views.commitment import page_of, visible_assignment


@require_POST
def update_request(request: HttpRequest, slug: str, ref: str, party: str) -> HttpResponse:
    """Ask the desk for a word; a second click finds the request open and says so."""
    assignment = visible_assignment(request, slug, ref, party)
    if not may_ask_for_update(request.user, assignment):
        raise PermissionDenied
    try:
        ask_for_update(assignment, text=request.POST.get("text", ""), by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, said_of(assignment))
    return back(request, assignment)


@require_POST
def update_request_withdraw(request: HttpRequest, slug: str, ref: str, party: str, pk: int) -> HttpResponse:
    assignment = visible_assignment(request, slug, ref, party)
    asked = get_object_or_404(UpdateRequest.objects.visible_to(request.user).filter(assignment=assignment), pk=pk)
    attempt(
        request, lambda: withdraw_request(asked, by=request.user, at=timezone.now()), _("The request is taken back.")
    )
    return back(request, assignment)


def said_of(assignment: Assignment) -> str:
    """Who will hear of it, and how."""
    if assignment.officer:
        return _("%(person)s is asked for an update, here and with the next mail.") % {"person": assignment.officer}
    return _("No desk officer is named: the lead body’s officers and the coordinators are asked for an update.")


def back(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Where the button stood."""
    return redirect(
        own_address(request, request.POST.get("next", "")) or page_of(assignment.commitment, "#responsible")
    )
