"""Milestones of a commitment: added, changed, met, dropped, opened again, on its page."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from commitments.actions.milestone import (
    MilestoneFacts,
    add_milestone,
    change_milestone,
    drop_milestone,
    finish_milestone,
    reopen_milestone,
)
from commitments.domain.codes import Precision, Visibility
from commitments.forms.milestone import MilestoneForm, MilestoneStepForm
from commitments.models import Commitment, Milestone
from commitments.models.permission import may_record_progress
from commitments.views.attempting import attempt_form
from commitments.views.commitment import own_assignment, page_of, show, visible_commitment

HERE = "#milestones"
FIELD_OF = {
    "no_title": "title",
    "too_long": "title",
    "far_off": "day",
    "in_the_future": "day",
    "not_own": "visibility",
    "is_shared": "visibility",
}
SAID: dict[str, Promise] = {
    "done": gettext_lazy("The milestone is met."),
    "drop": gettext_lazy("The milestone is dropped."),
    "reopen": gettext_lazy("The milestone is open again."),
}


@require_POST
def milestone_add(request: HttpRequest, slug: str, ref: str, party: str) -> HttpResponse:
    assignment = own_assignment(request, slug, ref, party)
    form = MilestoneForm(request.POST, assignment=assignment, person=request.user)

    def add() -> str:
        add_milestone(assignment, facts_of(form), by=request.user, at=timezone.now())
        return _("The milestone is added.")

    return carry_out(request, assignment.commitment, form, add, milestone_form=form)


@require_POST
def milestone_change(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    milestone = own_milestone(request, slug, ref, pk)
    form = MilestoneForm(request.POST, assignment=milestone.assignment, person=request.user, milestone=milestone)

    def change() -> str:
        version = form.cleaned_data["version"] or 0
        change_milestone(milestone, facts_of(form), version=version, by=request.user, at=timezone.now())
        return _("Saved.")

    return carry_out(request, milestone.assignment.commitment, form, change, milestone_form=form)


@require_POST
def milestone_step(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    """Met on a day (today where none is given), dropped, or open again; whichever the button says."""
    milestone, form = own_milestone(request, slug, ref, pk), MilestoneStepForm(request.POST)
    step = request.POST.get("step")
    if step not in SAID:
        raise Http404

    def take() -> str:
        told = {"version": form.cleaned_data["version"], "by": request.user, "at": timezone.now()}
        if step == "done":
            finish_milestone(milestone, form.cleaned_data["day"] or timezone.localdate(), **told)
        else:
            {"drop": drop_milestone, "reopen": reopen_milestone}[step](milestone, **told)
        return str(SAID[step])

    return carry_out(request, milestone.assignment.commitment, form, take)


def own_milestone(request: HttpRequest, slug: str, ref: str, pk: int) -> Milestone:
    """The milestone, to write on: 404 for those who may not know of it, 403 for those who may only read."""
    commitment = visible_commitment(request, slug, ref)
    rows = Milestone.objects.visible_to(request.user).filter(assignment__commitment=commitment)
    milestone = get_object_or_404(rows.select_related("assignment__party", "assignment__commitment__statement"), pk=pk)
    if not may_record_progress(request.user, milestone.assignment):
        raise PermissionDenied
    milestone.assignment.commitment = commitment
    return milestone


def facts_of(form: MilestoneForm) -> MilestoneFacts:
    given = form.cleaned_data
    return MilestoneFacts(given["title"], given["day"], Precision(given["precision"]), Visibility(given["visibility"]))


def carry_out(
    request: HttpRequest, commitment: Commitment, form: Form, act: Callable[[], str], **shown: Form
) -> HttpResponse:
    """Do what the form asks, or show the page again with what was typed and the reason."""
    if attempt_form(request, form, act, FIELD_OF):
        return redirect(page_of(commitment, HERE))
    return show(request, commitment, status=422, wrong=form, **shown)
