"""One change of many assignments: rehearsed first, then made in one transaction, and taken back as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.assignment import name_officer, restore_lead, set_lead
from commitments.actions.progress import NewEvidence, NewNote, confirm_nothing_new, record_progress
from commitments.actions.takeback import UNDO_FOR, take_back
from commitments.domain.codes import Status, Visibility
from commitments.models.batch import Batch, BatchItem, BatchKind
from commitments.models.commitment import Assignment
from commitments.models.party import Body
from commitments.models.person import User

MOST = 200  # assignments in one batch


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of every assignment; only what belongs to `kind` counts."""

    kind: BatchKind
    status: Status = Status.NOT_ASSESSED
    text: str = ""
    url: str = ""
    visibility: Visibility = Visibility.BOTH
    officer: User | None = None
    lead: Body | None = None

    def is_met_by(self, row: Assignment) -> bool:
        """Whether there is nothing to change."""
        if self.kind == BatchKind.STATUS:
            return row.status == self.status
        if self.kind == BatchKind.OFFICER:
            return row.officer_id == (self.officer and self.officer.pk)
        return self.kind == BatchKind.LEAD and row.lead_id == self.lead.pk and not row.lead_is_suggested


@dataclass(frozen=True, slots=True)
class Pick:
    """An assignment as the person saw it."""

    pk: int
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one assignment: `row` as it stood before; why not, where it is refused; whether it moved on."""

    row: Assignment
    item: BatchItem | None = None
    refusal: str = ""
    is_moved: bool = False


def rehearse(wanted: Wanted, picks: Sequence[Pick], *, by: User, at: datetime) -> list[Outcome]:
    """What `change_many` would do now, by doing it and rolling it back; `is_moved` tells what changed meanwhile."""
    with transaction.atomic():
        outcomes = [_outcome(row, wanted, None, seen, by=by, at=at) for row, seen in _locked(picks, by)]
        transaction.set_rollback(True)
    return outcomes


@transaction.atomic
def change_many(wanted: Wanted, picks: Sequence[Pick], *, key: UUID, by: User, at: datetime) -> Batch:
    """Change every assignment that can be; the same form sent twice is one batch.

    ValidationError(code="conflict"), and nothing is written, where one of them moved on since it was seen;
    code "nothing" where none can be changed.
    """
    if batch := Batch.objects.filter(key=key, by=by).first():
        return batch
    batch = Batch.objects.create(key=key, kind=wanted.kind, by=by, at=at)
    outcomes = [_outcome(row, wanted, batch, seen, by=by, at=at) for row, seen in _locked(picks, by)]
    if any(outcome.is_moved for outcome in outcomes):
        raise ValidationError(
            _("Somebody changed some of these meanwhile, so nothing was changed. Look again."), code="conflict"
        )
    items = [outcome.item for outcome in outcomes if outcome.item]
    if not items:
        raise ValidationError(_("None of these can be changed like this."), code="nothing")
    BatchItem.objects.bulk_create(items)
    return batch


@transaction.atomic
def take_back_batch(batch: Batch, *, by: User, at: datetime) -> list[Outcome]:
    """Take back what the batch changed, but for what somebody changed since; a second click changes nothing.

    Code of refusal: too_late.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.by_id != by.pk:
        raise PermissionDenied
    items = batch.items.select_related("note__assignment", "batch").order_by("assignment")
    rows = [row for row, _seen in _locked([Pick(item.assignment_id, item.version) for item in items], by)]
    if batch.taken_back_at:
        return [Outcome(row) for row in rows]
    if at - batch.at > UNDO_FOR:
        raise ValidationError(_("It is too late to take this back."), code="too_late")
    by_key = {row.pk: row for row in rows}
    outcomes = [_taken_back(by_key[item.assignment_id], item, by=by, at=at) for item in items]
    batch.taken_back_at = at
    batch.save(update_fields=["taken_back_at"])
    return outcomes


def _locked(picks: Sequence[Pick], by: User) -> list[tuple[Assignment, int]]:
    """The assignments the person may know of, each with the version that was seen; always locked in one order."""
    seen = {pick.pk: pick.version for pick in picks}
    rows = Assignment.objects.visible_to(by).select_for_update(of=["self"]).filter(pk__in=seen).order_by("pk")
    return [(row, seen[row.pk]) for row in rows.select_related("commitment__statement", "party", "officer", "lead")]


def _outcome(row: Assignment, wanted: Wanted, batch: Batch | None, seen: int, *, by: User, at: datetime) -> Outcome:
    is_moved = row.version != seen
    if wanted.is_met_by(row):
        return Outcome(row, refusal=_("It is so already."), is_moved=is_moved)
    try:
        with transaction.atomic():
            item = _change(row, wanted, batch, by=by, at=at)
    except PermissionDenied:
        return Outcome(row, refusal=_("It is not yours to change."), is_moved=is_moved)
    except ValidationError as refusal:
        return Outcome(row, refusal=refusal.messages[0], is_moved=is_moved)
    return Outcome(row, item, is_moved=is_moved)


def _change(row: Assignment, wanted: Wanted, batch: Batch | None, *, by: User, at: datetime) -> BatchItem:
    before: dict[str, Any] = {}
    note = None
    if wanted.kind == BatchKind.STATUS:
        evidence = [NewEvidence(wanted.url[:255], url=wanted.url)] if wanted.url else []
        new = NewNote(wanted.text, status=wanted.status, visibility=wanted.visibility, evidence=evidence)
        note = record_progress(row, new, by=by, at=at)
    elif wanted.kind == BatchKind.NOTHING_NEW:
        note = confirm_nothing_new(row, by=by, at=at)
    elif wanted.kind == BatchKind.OFFICER:
        before = {"officer": row.officer_id}
        name_officer(row, wanted.officer, by=by, at=at)
    else:
        before = {"lead": row.lead_id, "suggested": row.lead_is_suggested, "officer": row.officer_id}
        set_lead(row, wanted.lead, by=by, at=at)
    return BatchItem(batch=batch, assignment=row, version=row.version + 1, note=note, before=before)


def _taken_back(row: Assignment, item: BatchItem, *, by: User, at: datetime) -> Outcome:
    if row.version != item.version:
        return Outcome(row, refusal=_("Somebody has changed it since."), is_moved=True)
    try:
        with transaction.atomic():
            _undo(row, item, by=by, at=at)
    except PermissionDenied:
        return Outcome(row, refusal=_("It is not yours to change."))
    except ValidationError as refusal:
        return Outcome(row, refusal=refusal.messages[0])
    return Outcome(row, item)


def _undo(row: Assignment, item: BatchItem, *, by: User, at: datetime) -> None:
    if item.note:
        take_back(item.note, by=by, at=at, version=item.version)
    elif item.batch.kind == BatchKind.OFFICER:
        name_officer(row, User.objects.filter(pk=item.before["officer"]).first(), by=by, at=at)
    else:
        restore_lead(row, item.before, by=by, at=at)
