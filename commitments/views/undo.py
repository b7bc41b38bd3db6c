"""Undo: the button beside what was just recorded. A POST, so that it works without a script and no link does it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commitments.actions.takeback import take_back
from commitments.models import ProgressNote
from commitments.models.permission import may_take_back
from commitments.views.commitment import number
from commitments.views.row import back_to, changed_row, words_for


@require_POST
def take_back_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own last note back, as long as nothing was changed since; else say why not."""
    notes = ProgressNote.objects.visible_to(request.user).select_related("assignment__commitment__statement")
    note = get_object_or_404(notes, pk=pk)
    if not may_take_back(request.user, note):
        raise PermissionDenied(_("Only who recorded it can take it back."))
    seen = number(request.GET.get("version"))
    try:
        undoing = take_back(note, by=request.user, at=timezone.now(), version=-1 if seen is None else seen)
    except ValidationError as refusal:
        return refused(request, note, refusal.messages[0])
    words = _("Taken back. %(now)s.") % {"now": words_for(undoing.assignment, undoing.status)}
    if request.htmx:
        return changed_row(request, undoing.assignment, words)
    messages.success(request, words)
    return HttpResponseRedirect(back_to(request, undoing.assignment))


def refused(request: HttpRequest, note: ProgressNote, words: str) -> HttpResponse:
    """The row as it stands now, and why it was not taken back."""
    if request.htmx:
        return changed_row(request, note.assignment, words)
    messages.error(request, words)
    return HttpResponseRedirect(back_to(request, note.assignment))


def undo_address(note: ProgressNote) -> str:
    """Where the button sends what the person saw: the note, and the version that it left."""
    return f"{reverse('take_back_note', args=(note.pk,))}?version={note.assignment.version}"


def say_with_undo(request: HttpRequest, words: str, address: str) -> None:
    """A message with a button that takes back what it tells; the address travels in the message's tag."""
    messages.success(request, words, extra_tags=address)
