"""A side's status, changed where it stands: in the row of the list, or on a page of its own without a script."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commitments.actions.progress import NewEvidence, NewNote, record_progress
from commitments.domain.codes import Status, Visibility
from commitments.domain.status import NEEDS_NOTE
from commitments.forms.status import StatusForm
from commitments.models import Assignment
from commitments.models.permission import may_record_progress
from commitments.views.row import back_to, changed_row, next_address, words_for
from commitments.views.undo import say_with_undo, undo_address

FIELD_OF = {
    "needs_note": "text",
    "too_long": "text",
    "empty": "status",
    "needs_evidence": "url",
    "needs_coordinator": "status",
}
STATUSES = frozenset(Status)
TITLE_LENGTH = 255  # characters of an evidence's title


@require_http_methods(["GET", "HEAD", "POST"])
def change_status(request: HttpRequest, slug: str, ref: str, party: str) -> HttpResponse:
    assignment = get_object_or_404(
        Assignment.objects.visible_to(request.user).select_related("commitment__statement", "party", "lead"),
        commitment__statement__slug=slug,
        commitment__ref=ref,
        party__code=party,
    )
    if not may_record_progress(request.user, assignment):
        raise PermissionDenied(_("Only the lead body’s officers and the coordinator of this side change its status."))
    if request.method == "POST":
        return save_status(request, assignment)
    wanted = request.GET.get("status", "")
    initial = {"status": wanted if wanted in STATUSES else assignment.status, "version": assignment.version}
    form = StatusForm(initial=initial, assignment=assignment, person=request.user, auto_id=ids_of(assignment))
    return status_page(request, assignment, form, expanded=wanted in NEEDS_NOTE)


def save_status(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    form = StatusForm(request.POST, assignment=assignment, person=request.user, auto_id=ids_of(assignment))
    if not form.is_valid():
        if "version" in form.errors:
            form.renew()
        return status_page(request, assignment, form, expanded=True, status=422)
    try:
        note = record_progress(
            assignment, new_note(form), by=request.user, at=timezone.now(), version=form.cleaned_data["version"]
        )
    except ValidationError as refusal:
        return refused(request, assignment, form, refusal)
    words = words_for(note.assignment, note.status)
    if request.htmx:
        return changed_row(request, assignment, words, undo_address(note))
    say_with_undo(request, words, undo_address(note))
    return HttpResponseRedirect(back_to(request, assignment))


def ids_of(assignment: Assignment) -> str:
    """Names for the form's elements that stay apart where several rows have their form open."""
    return f"id_{assignment.pk}_%s"


def new_note(form: StatusForm) -> NewNote:
    given = form.cleaned_data
    link = [NewEvidence(given["url"][:TITLE_LENGTH], url=given["url"])] if given["url"] else []
    return NewNote(
        text=given["text"],
        status=Status(given["status"]),
        visibility=Visibility(given["visibility"]),
        evidence=link,
    )


def refused(request: HttpRequest, assignment: Assignment, form: StatusForm, refusal: ValidationError) -> HttpResponse:
    """The form again, with what was typed and the reason; after a conflict it holds the newer version."""
    if refusal.code == "conflict":
        assignment.refresh_from_db(fields=["status", "version"])
        words = _("Somebody changed this to “%(status)s” after you opened it. Save again if yours should stand.")
        refusal = ValidationError(words % {"status": assignment.get_status_display()}, code="conflict")
        form.renew()
    form.add_error(FIELD_OF.get(refusal.code), refusal)
    return status_page(request, assignment, form, expanded=True, status=409 if refusal.code == "conflict" else 422)


def status_page(
    request: HttpRequest, assignment: Assignment, form: StatusForm, *, expanded: bool, status: int = 200
) -> HttpResponse:
    template = "commitment/_status_menu.html" if request.htmx else "commitment/status.html"
    context = {"own": assignment, "form": form, "expanded": expanded, "next": next_address(request)}
    response = render(request, template, context, status=status)
    if request.htmx and request.method == "POST":
        response["HX-Retarget"], response["HX-Reswap"] = f"#st-{assignment.pk}", "outerHTML"
    return response
