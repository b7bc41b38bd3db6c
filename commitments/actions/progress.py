"""Records progress: notes, statuses, "nothing new", confidence. Each says who, when and why, or is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.assignment import about, locked, save_step
from commitments.actions.history import Fact, record_changes
from commitments.actions.update_request import answer_requests
from commitments.domain.codes import Confidence, Status, Visibility
from commitments.domain.status import NEEDS_EVIDENCE, NEEDS_NOTE
from commitments.domain.text import tidy
from commitments.models.commitment import Assignment
from commitments.models.history import Act
from commitments.models.permission import (
    may_correct,
    may_give_confidence,
    may_record_progress,
    may_set_status,
    may_waive_evidence,
)
from commitments.models.person import User
from commitments.models.progress import Evidence, ProgressNote, StoredFile

MAX_TEXT = 20_000  # characters of a note: five dense pages


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A link, or a file that is already stored; exactly one of the two."""

    title: str
    url: str = ""
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class NewNote:
    """What an officer writes: the note, the status after it (None: unchanged), and who may read it."""

    text: str = ""
    next_steps: str = ""
    status: Status | None = None
    visibility: Visibility = Visibility.BOTH
    evidence: Sequence[NewEvidence] = field(default_factory=tuple)
    waiver: str = ""
    corrects: ProgressNote | None = None
    is_sample: bool = False


@transaction.atomic
def record_progress(
    assignment: Assignment, new: NewNote, *, by: User, at: datetime, version: int | None = None
) -> ProgressNote:
    """Add a note, and the status it brings; the status is known to both sides, the note to whom it is shown.

    `version` is the assignment's version that the person saw: where it has moved on, nothing is written and
    ValidationError(code="conflict") is raised; the same note sent twice (a double click) is saved once.
    Other codes: empty, too_long, needs_note, needs_evidence, needs_coordinator, not_yours, not_own.
    """
    row = locked(assignment)
    if not may_record_progress(by, row):
        raise PermissionDenied
    if version is not None and version != row.version:
        return _already_saved(row, new, by)
    status = Status(new.status or row.status)
    _check_step(row, new, status, by)
    note = ProgressNote.objects.create(
        assignment=row,
        text=tidy(new.text),
        next_steps=tidy(new.next_steps),
        status_before=row.status,
        status=status,
        visibility=new.visibility,
        waiver=tidy(new.waiver) if may_waive_evidence(by, row) else "",
        corrects=new.corrects,
        by=by,
        written_at=at,
        is_sample=new.is_sample,
    )
    Evidence.objects.bulk_create(
        Evidence(note=note, title=item.title, url=item.url, file=item.file) for item in new.evidence
    )
    facts = [_note_fact(note)]
    if status != row.status:
        facts.append(_status_fact(row, status, note))
    _move(row, status, note)
    answer_requests(row, note)
    record_changes(facts, by=by, at=at)
    return note


@transaction.atomic
def confirm_nothing_new(assignment: Assignment, *, by: User, at: datetime, version: int | None = None) -> ProgressNote:
    """Say that the desk has looked and there is nothing new: it counts as an update, the status stays.

    `version` is as for `record_progress`: nothing new since what the person saw.
    """
    row = locked(assignment)
    if not may_record_progress(by, row):
        raise PermissionDenied
    if version is not None and version != row.version:
        last = row.notes.newest_first().first()
        if last and last.is_nothing_new and last.by_id == by.pk:
            return last
        raise _conflict()
    note = ProgressNote.objects.create(
        assignment=row,
        is_nothing_new=True,
        status_before=row.status,
        status=row.status,
        visibility=Visibility.BOTH,
        by=by,
        written_at=at,
    )
    _move(row, Status(row.status), note)
    answer_requests(row, note)
    record_changes([_note_fact(note)], by=by, at=at)
    return note


@transaction.atomic
def give_confidence(
    assignment: Assignment, confidence: Confidence, *, visibility: Visibility, by: User, at: datetime
) -> None:
    """The manager's forecast, beside the officer's status; own side by default."""
    row = locked(assignment)
    if not may_give_confidence(by, row):
        raise PermissionDenied
    fact = Fact(
        Act.CONFIDENCE_GIVEN,
        {"confidence": row.confidence} if row.confidence_visibility == visibility else {},
        {"confidence": confidence},
        visibility=visibility,
        **about(row),
    )
    row.confidence, row.confidence_visibility = confidence, visibility
    row.version += 1
    row.save(update_fields=["confidence", "confidence_visibility", "version"])
    record_changes([fact], by=by, at=at)


def _already_saved(row: Assignment, new: NewNote, by: User) -> ProgressNote:
    """The person's own note that a second click sends again; a conflict where it is anything else."""
    last = row.notes.newest_first().first()
    if last and last.by_id == by.pk and _is_the_same(last, new):
        return last
    raise _conflict()


def _is_the_same(last: ProgressNote, new: NewNote) -> bool:
    saved = (last.text, last.next_steps, last.status, last.visibility, last.corrects_id)
    sent = (
        tidy(new.text),
        tidy(new.next_steps),
        new.status or last.status,
        new.visibility,
        new.corrects.pk if new.corrects else None,
    )
    evidence = {(item.title, item.url, item.file_id) for item in last.evidence.all()}
    return saved == sent and evidence == {(item.title, item.url, item.file and item.file.pk) for item in new.evidence}


def _conflict() -> ValidationError:
    return ValidationError(_("Somebody has changed this since you opened it."), code="conflict")


def _check_step(row: Assignment, new: NewNote, status: Status, by: User) -> None:
    """Refuse what may not be, with the reason and what to do about it."""
    changes = status != row.status
    if changes and not may_set_status(by, row, status):
        raise ValidationError(_("Only a coordinator can say that it is not pursued."), code="needs_coordinator")
    if new.corrects and not (new.corrects.assignment_id == row.pk and may_correct(by, new.corrects)):
        raise ValidationError(_("Only who wrote a note, or a coordinator, can correct it."), code="not_yours")
    if new.visibility == Visibility.OWN and by.party_id != row.party_id:
        raise ValidationError(_("What another side reported is for all sides to read."), code="not_own")
    text = tidy(new.text)
    if max(len(text), len(tidy(new.next_steps)), len(tidy(new.waiver))) > MAX_TEXT:
        raise ValidationError(
            _("The text is too long: %(limit)d characters at most. Attach it as a file instead."),
            code="too_long",
            params={"limit": MAX_TEXT},
        )
    if changes and status in NEEDS_NOTE and not text:
        raise ValidationError(_("This status needs a note that says why."), code="needs_note")
    if not text and (not changes or new.corrects):
        raise ValidationError(_("Write a note, or choose another status."), code="empty")
    if changes and status in NEEDS_EVIDENCE and not new.evidence:
        _check_waiver(row, new, by)


def _check_waiver(row: Assignment, new: NewNote, by: User) -> None:
    if tidy(new.waiver) and may_waive_evidence(by, row):
        return
    if Evidence.objects.filter(note__in=row.notes.standing()).exists():
        return
    raise ValidationError(
        _("Done needs evidence: add a link or a file. A coordinator can waive it with a reason."),
        code="needs_evidence",
    )


def _move(row: Assignment, status: Status, note: ProgressNote) -> None:
    """Bring the assignment to what the note says: status, last word, the next word's date, version."""
    day = note.written_at.date()
    if status != row.status:
        row.status, row.status_since = status, day
    row.last_word_at = note.written_at
    if note.visibility == Visibility.BOTH:
        row.last_shared_word_at = note.written_at
    save_step(row)


def _note_fact(note: ProgressNote) -> Fact:
    return Fact(
        Act.NOTHING_NEW if note.is_nothing_new else Act.NOTE_ADDED,
        {},
        {"note": note.pk, "corrects": note.corrects_id} if note.corrects_id else {"note": note.pk},
        visibility=note.visibility,
        note=note,
        **about(note.assignment),
    )


def _status_fact(row: Assignment, status: Status, note: ProgressNote) -> Fact:
    """The step itself, which both sides see even where the note stays on one side."""
    shown = note if note.visibility == Visibility.BOTH else None
    return Fact(Act.STATUS_CHANGED, {"status": row.status}, {"status": status}, note=shown, **about(row))
