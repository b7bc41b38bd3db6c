"""Absences: a person's own, and those that a coordinator keeps for the people of the side."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commitments.actions.absence import Away, change_absence, end_absence, enter_absence
from commitments.forms.reminders import AbsenceForm
from commitments.models import Absence, User
from commitments.queries.wishes import absence_lines, deputised, state_of
from commitments.views.people import for_coordinators, own_person

FIELD_OF = {
    "over": "ends_on",
    "reversed": "ends_on",
    "too_far": "ends_on",
    "overlaps": "begins_on",
    "has_begun": "begins_on",
    "not_a_deputy": "deputy",
}
CONFLICT = "conflict"


@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    return absences_of(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def person_absences(request: HttpRequest, pk: int) -> HttpResponse:
    return absences_of(request, own_person(request, pk))


def absences_of(request: HttpRequest, person: User) -> HttpResponse:
    """What is entered, and the form for another; POST enters it."""
    today = timezone.localdate()
    form = AbsenceForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            enter_absence(person, away_in(form), by=request.user, at=timezone.now(), today=today)
        except ValidationError as refusal:
            form.add_error(FIELD_OF[refusal.code], refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(page_of(request, person))
    context = {
        "person": person,
        "form": form,
        "lines": absence_lines(person, today),
        "deputised": deputised(person, today),
        "is_own": person.pk == request.user.pk,
    }
    return render(request, "settings/absences.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def absence_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the days or the deputy of one that is not over."""
    row, today = visible_absence(request, pk), timezone.localdate()
    form = AbsenceForm(request.POST or None, person=row.person, absence=row)
    status = 200
    if request.method == "POST":
        status = change(request, row, form) if form.is_valid() else 422
        if status == 200:
            return redirect(page_of(request, row.person))
    context = {
        "form": form,
        "absence": row,
        "person": row.person,
        "is_own": row.person_id == request.user.pk,
        "is_over": state_of(row, today) == "over",
        "back": page_of(request, row.person),
    }
    return render(request, "settings/absence.html", context, status=status)


def change(request: HttpRequest, row: Absence, form: AbsenceForm) -> int:
    """Change it; gives the status of the answer, with the reason in the form where it is refused."""
    try:
        change_absence(
            row,
            away_in(form),
            by=request.user,
            at=timezone.now(),
            today=timezone.localdate(),
            version=form.cleaned_data["version"],
        )
    except ValidationError as refusal:
        if refusal.code != CONFLICT:
            form.add_error(FIELD_OF[refusal.code], refusal)
            return 422
        row.refresh_from_db(fields=["version"])
        form.add_error(None, _("Somebody changed this absence meanwhile. Save again if yours should stand."))
        form.renew(row.version)
        return 409
    messages.success(request, _("Saved."))
    return 200


@require_POST
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Back again, or not away after all."""
    row = visible_absence(request, pk)
    try:
        end_absence(row, by=request.user, at=timezone.now(), today=timezone.localdate())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("Reminders go to %(name)s again.") % {"name": row.person})
    return redirect(page_of(request, row.person))


def visible_absence(request: HttpRequest, pk: int) -> Absence:
    rows = Absence.objects.visible_to(request.user).select_related("person__body__party", "deputy")
    return get_object_or_404(rows, pk=pk)


def away_in(form: AbsenceForm) -> Away:
    given = form.cleaned_data
    return Away(given["begins_on"], given["ends_on"], given["deputy"])


def page_of(request: HttpRequest, person: User) -> str:
    """The page of the person's absences, as this reader has it."""
    return reverse("absences") if person.pk == request.user.pk else reverse("person_absences", args=[person.pk])
