"""Let the reminders of one part rest: a page of its own, behind "later" on pages and in mails."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commitments.actions.snoozing import snooze as put_off
from commitments.actions.snoozing import wake
from commitments.forms.reminders import SnoozeForm
from commitments.models import Assignment
from commitments.models.permission import may_snooze
from commitments.queries.wishes import snooze_of
from commitments.views.addresses import own_address
from commitments.views.commitment import page_of, visible_assignment

A_WEEK = timedelta(days=7)


@require_http_methods(["GET", "HEAD", "POST"])
def snooze(request: HttpRequest, slug: str, ref: str, party: str) -> HttpResponse:
    """GET asks until when and changes nothing; POST puts the reminders off, or lets them come again."""
    assignment = visible_assignment(request, slug, ref, party)
    if not may_snooze(request.user, assignment):
        raise PermissionDenied
    if request.method != "POST":
        return show(request, assignment)
    if request.POST.get("until") == "":
        wake(assignment, by=request.user, at=timezone.now())
        messages.success(request, _("You are reminded of it again."))
        return redirect(next_page(request, assignment))
    form = SnoozeForm(request.POST, suggested=timezone.localdate() + A_WEEK)
    if form.is_valid() and has_put_off(request, assignment, form):
        return redirect(next_page(request, assignment))
    return show(request, assignment, form, status=422)


def has_put_off(request: HttpRequest, assignment: Assignment, form: SnoozeForm) -> bool:
    until: date = form.cleaned_data["until"]
    try:
        put_off(assignment, until, by=request.user, at=timezone.now(), today=timezone.localdate())
    except ValidationError as refusal:
        form.add_error("until", refusal)
        return False
    messages.success(request, _("Your reminders of it rest until then. A last day is told all the same."))
    return True


def show(
    request: HttpRequest, assignment: Assignment, form: SnoozeForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    standing = snooze_of(request.user, assignment, today)
    context = {
        "assignment": assignment,
        "commitment": assignment.commitment,
        "snooze": standing,
        "form": form or SnoozeForm(snooze=standing, suggested=today + A_WEEK),
        "next": own_address(request, request.GET.get("next", "") or request.POST.get("next", "")),
    }
    return render(request, "commitment/snooze.html", context, status=status)


def next_page(request: HttpRequest, assignment: Assignment) -> str:
    return own_address(request, request.POST.get("next", "")) or page_of(assignment.commitment)
