"""Who is responsible: four small forms on the commitment's page, each one action."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commitments.actions.assignment import name_officer, set_cadence, set_lead
from commitments.actions.progress import give_confidence
from commitments.domain.codes import Cadence, Confidence, Visibility
from commitments.forms.assignment import CadenceForm, ConfidenceForm, LeadForm, OfficerForm
from commitments.models import Assignment, User
from commitments.models.permission import may_give_confidence, may_name_officer, may_set_lead
from commitments.views.commitment import page_of, show, visible_assignment


@require_POST
def assignment_officer(request: HttpRequest, slug: str, ref: str, party: str) -> HttpResponse:
    assignment = permitted(request, visible_assignment(request, slug, ref, party), may_name_officer)
    form = OfficerForm(request.POST, assignment=assignment)
    return carry_out(request, assignment, form, "officer_form", partial(_name_officer, assignment, form))


@require_POST
def assignment_lead(request: HttpRequest, slug: str, ref: str, party: str) -> HttpResponse:
    assignment = permitted(request, visible_assignment(request, slug, ref, party), may_set_lead)
    form = LeadForm(request.POST, assignment=assignment)
    return carry_out(request, assignment, form, "lead_form", partial(_set_lead, assignment, form))


@require_POST
def assignment_cadence(request: HttpRequest, slug: str, ref: str, party: str) -> HttpResponse:
    assignment = permitted(request, visible_assignment(request, slug, ref, party), may_set_lead)
    form = CadenceForm(request.POST, assignment=assignment)
    return carry_out(request, assignment, form, "cadence_form", partial(_set_cadence, assignment, form))


@require_POST
def assignment_confidence(request: HttpRequest, slug: str, ref: str, party: str) -> HttpResponse:
    assignment = permitted(request, visible_assignment(request, slug, ref, party), may_give_confidence)
    form = ConfidenceForm(request.POST, assignment=assignment)
    return carry_out(request, assignment, form, "confidence_form", partial(_give_confidence, assignment, form))


def permitted(request: HttpRequest, assignment: Assignment, may: Callable[[User, Assignment], bool]) -> Assignment:
    if not may(request.user, assignment):
        raise PermissionDenied
    return assignment


def carry_out(
    request: HttpRequest, assignment: Assignment, form: Form, name: str, act: Callable[[User], None]
) -> HttpResponse:
    """Do what a valid form asks for, or give the page back with the form and what is wrong with it."""
    if form.is_valid():
        try:
            act(request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(page_of(assignment.commitment, "#responsible"))
    return show(request, assignment.commitment, status=422, wrong=form, **{name: form})


def _name_officer(assignment: Assignment, form: Form, by: User) -> None:
    name_officer(assignment, form.cleaned_data["officer"], by=by, at=timezone.now())


def _set_lead(assignment: Assignment, form: Form, by: User) -> None:
    set_lead(assignment, form.cleaned_data["lead"], by=by, at=timezone.now())


def _set_cadence(assignment: Assignment, form: Form, by: User) -> None:
    set_cadence(assignment, Cadence(form.cleaned_data["cadence"]), by=by, at=timezone.now())


def _give_confidence(assignment: Assignment, form: Form, by: User) -> None:
    give_confidence(
        assignment,
        Confidence(form.cleaned_data["confidence"]),
        visibility=Visibility(form.cleaned_data["visibility"]),
        by=by,
        at=timezone.now(),
    )
