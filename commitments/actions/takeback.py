"""Takes back what was recorded a moment ago: nothing is deleted, a new row says that the last one does not hold."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from commitments.actions.assignment import about, locked, save_step
from commitments.actions.history import Fact, record_changes
from commitments.domain.codes import Status, Visibility
from commitments.models.commitment import Assignment
from commitments.models.history import Act
from commitments.models.permission import may_take_back
from commitments.models.person import User
from commitments.models.progress import ProgressNote
from commitments.models.update_request import UpdateRequestState

UNDO_FOR = timedelta(minutes=30)  # after that others may have read it, and a correction is the honest way


@transaction.atomic
def take_back(note: ProgressNote, *, by: User, at: datetime, version: int) -> ProgressNote:
    """Take one's own last note, status or "nothing new" back: the part is again as it was before.

    `version` is the assignment's version that the note left. Where it has moved on since, nothing is written and
    ValidationError(code="conflict") is raised; a second click finds what the first one wrote. Other code: too_late.
    """
    row = locked(note.assignment)
    if not may_take_back(by, note):
        raise PermissionDenied
    last = row.notes.newest_first().first()
    if last and last.takes_back_id == note.pk:
        return last
    if last != note or version != row.version:
        raise ValidationError(
            _("%(ref)s, %(party)s: somebody has changed this since, so it was not taken back."),
            code="conflict",
            params={"ref": row.commitment.ref, "party": row.party},
        )
    if at - note.written_at > UNDO_FOR:
        raise ValidationError(_("It is too late to take this back. Write a correction instead."), code="too_late")
    undoing = ProgressNote.objects.create(
        assignment=row,
        status_before=row.status,
        status=note.status_before,
        visibility=note.visibility,
        takes_back=note,
        by=by,
        written_at=at,
    )
    record_changes([*_facts(row, undoing), *_reopened(row, note)], by=by, at=at)
    _restore(row, Status(note.status_before))
    return undoing


def _facts(row: Assignment, undoing: ProgressNote) -> list[Fact]:
    """That it was taken back, to those who saw it; and the step of the status, which every side sees."""
    note = undoing.takes_back
    facts = [Fact(Act.TAKEN_BACK, {}, {"note": undoing.pk}, visibility=note.visibility, note=undoing, **about(row))]
    if undoing.status != undoing.status_before:
        shown = undoing if note.visibility == Visibility.BOTH else None
        before, after = {"status": undoing.status_before}, {"status": undoing.status}
        facts.append(Fact(Act.STATUS_CHANGED, before, after, note=shown, **about(row)))
    return facts


def _reopened(row: Assignment, note: ProgressNote) -> list[Fact]:
    """A question that the note had answered is open again."""
    if row.update_requests.open().exists():
        return []
    request = note.answered_requests.order_by("-asked_at").first()
    if request is None:
        return []
    request.state, request.ended_at, request.answer = UpdateRequestState.OPEN, None, None
    request.save(update_fields=["state", "ended_at", "answer"])
    return [Fact(Act.UPDATE_ASKED, {}, {"request": request.pk}, visibility=Visibility.OWN, **about(row))]


def _restore(row: Assignment, status: Status) -> None:
    """Bring the assignment to what its standing notes say."""
    standing = row.notes.standing()
    words = standing.aggregate(
        own=Max("written_at"),
        shared=Max("written_at", filter=Q(visibility=Visibility.BOTH)),
        step=Max("written_at", filter=~Q(status=F("status_before"))),
    )
    if status != row.status:
        row.status, row.status_since = status, words["step"] and words["step"].date()
    row.last_word_at, row.last_shared_word_at = words["own"], words["shared"]
    save_step(row)
