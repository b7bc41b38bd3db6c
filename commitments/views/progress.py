"""Recording progress: a note, or "checked, nothing new". What cannot be saved comes back with all that was typed."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commitments.actions.progress import NewEvidence, NewNote, confirm_nothing_new, record_progress
from commitments.domain.codes import Visibility
from commitments.exchange.file_types import too_large
from commitments.exchange.uploads import safe_name, store
from commitments.forms.progress import NoteForm, visibility_choices
from commitments.models import Assignment, ProgressNote
from commitments.models.permission import may_snooze
from commitments.queries.commitment_page import changes_since
from commitments.queries.wishes import snooze_of
from commitments.views.addresses import own_address
from commitments.views.commitment import NOTED, REPORTS, note_to_correct, number, own_assignment, page_of, show
from commitments.views.undo import say_with_undo, undo_address

CONFLICT = "conflict"


@require_http_methods(["GET", "HEAD", "POST"])
def progress_note(request: HttpRequest, slug: str, ref: str, party: str) -> HttpResponse:
    """Save a note on the own side's part; with GET, the page that the form stands on."""
    assignment = own_assignment(request, slug, ref, party)
    if request.method != "POST":
        return redirect(page_of(assignment.commitment, place_of_form(request, assignment)))
    now = timezone.now()
    form = bound_form(request, assignment)
    keep_files(request, form, now)
    if form.is_valid():
        try:
            note = record_progress(assignment, new_note(form), by=request.user, at=now, version=form.seen_version)
        except ValidationError as refusal:
            if refusal.code == CONFLICT:
                return show_conflict(request, assignment, form)
            form.refuse(refusal)
        else:
            return saved(request, note)
    return show(request, assignment.commitment, status=422, wrong=form, note_form=form)


def place_of_form(request: HttpRequest, assignment: Assignment) -> str:
    """Where on the commitment's page the note on this assignment is written."""
    of_another_side = assignment.party_id != request.user.party_id
    return f"?{REPORTS}={assignment.party.code}#note" if of_another_side else "#note"


def bound_form(request: HttpRequest, assignment: Assignment) -> NoteForm:
    """The form as it was sent; a note that may not be corrected by this person is a 403."""
    corrects = note_to_correct(request, assignment)
    if request.POST.get("corrects") and corrects is None:
        raise PermissionDenied(_("Only who wrote a note, or a coordinator, can correct it."))
    return NoteForm(request.POST, request.FILES, assignment=assignment, person=request.user, corrects=corrects)


def keep_files(request: HttpRequest, form: NoteForm, now: datetime) -> None:
    """Store the files that came along, even where the form is wrong: nobody is asked to choose one twice."""
    form.full_clean()
    for name in getattr(request, "files_too_large", []):
        form.add_error("files", about_file(name, too_large()))
    for upload in form.cleaned_data.get("files", []):
        try:
            file = store(upload, at=now)
        except ValidationError as refusal:
            form.add_error("files", about_file(upload.name, refusal))
        else:
            form.keep(file, safe_name(upload.name, file.media_type))


def about_file(name: str, refusal: ValidationError) -> ValidationError:
    return ValidationError(
        _("“%(name)s”: %(reason)s"), params={"name": name[:100], "reason": refusal.messages[0]}, code=refusal.code
    )


def new_note(form: NoteForm) -> NewNote:
    links = [NewEvidence(title=link.title, url=link.url) for link in form.cleaned_data["links"]]
    files = [NewEvidence(title=kept.title, file=kept.file) for kept in form.kept]
    return NewNote(
        text=form.cleaned_data["text"],
        next_steps=form.cleaned_data["next_steps"],
        status=form.new_status(),
        visibility=Visibility(form.cleaned_data["visibility"]),
        evidence=[*links, *files],
        waiver=form.cleaned_data.get("waiver", ""),
        corrects=form.corrects,
    )


def saved(request: HttpRequest, note: ProgressNote) -> HttpResponse:
    """Say what was saved and who can read it; the page lets go of the draft kept on the device."""
    assignment = note.assignment
    request.session[NOTED] = assignment.pk
    who = dict(visibility_choices(assignment))[note.visibility]
    say_with_undo(request, _("Saved. Who can read it: %(who)s.") % {"who": who}, undo_address(note))
    return redirect(page_of(assignment.commitment, f"#n{note.pk}"))


def show_conflict(request: HttpRequest, assignment: Assignment, form: NoteForm) -> HttpResponse:
    """Both versions side by side: what was saved meanwhile, and what is typed here, ready to be saved as well."""
    assignment.refresh_from_db()
    context = {
        "assignment": assignment,
        "commitment": assignment.commitment,
        "entries": changes_since(assignment, form.seen_version, request.user),
        "note_form": form.for_new_version(assignment),
        "status_moved": form.seen_status != assignment.status,
        "today": timezone.localdate(),
    }
    return render(request, "commitment/conflict.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def nothing_new(request: HttpRequest, slug: str, ref: str, party: str) -> HttpResponse:
    """Ask once (GET changes nothing, so that a link in a mail is safe to follow), and record it."""
    assignment = own_assignment(request, slug, ref, party)
    if request.method != "POST":
        return show_nothing_new(request, assignment)
    seen = number(request.POST.get("version"))
    try:
        note = confirm_nothing_new(assignment, by=request.user, at=timezone.now(), version=-1 if seen is None else seen)
    except ValidationError as refusal:
        if refusal.code != CONFLICT:
            raise
        assignment.refresh_from_db()
        return show_nothing_new(request, assignment, seen=seen, status=409)
    say_with_undo(request, _("Recorded: checked, nothing new."), undo_address(note))
    next_page = own_address(request, request.POST.get("next", ""))
    return redirect(next_page or page_of(assignment.commitment, f"#n{note.pk}"))


def show_nothing_new(
    request: HttpRequest, assignment: Assignment, seen: int | None = None, status: int = 200
) -> HttpResponse:
    since = changes_since(assignment, assignment.version - 1 if seen is None else seen, request.user)
    context = {
        "assignment": assignment,
        "commitment": assignment.commitment,
        "entries": since,
        "conflict": status != 200,
        "snooze": snooze_of(request.user, assignment, timezone.localdate()),
        "may_snooze": may_snooze(request.user, assignment),
        "today": timezone.localdate(),
    }
    return render(request, "commitment/nothing_new.html", context, status=status)
