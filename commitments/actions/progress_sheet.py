"""What came back on a progress sheet: tried first, then saved in one go or not at all, through the usual action."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.progress import NewEvidence, NewNote, record_progress
from commitments.exchange.progress_sheet import SheetRow
from commitments.models.commitment import Assignment
from commitments.models.permission import may_record_progress
from commitments.models.person import User


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of one row: saved (no words), or refused with the reason.

    `is_conflict` where somebody has saved on the assignment since the file was handed out.
    """

    row: SheetRow
    assignment: Assignment | None
    is_conflict: bool = False
    words: tuple[str, ...] = ()

    @property
    def can_be_saved(self) -> bool:
        return not self.words

    @property
    def changes_status(self) -> bool:
        return self.row.status != self.row.seen


class NotSavedError(Exception):
    """Nothing was saved; `outcomes` say why, row by row."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


def try_rows(rows: Sequence[SheetRow], *, by: User, at: datetime) -> list[Outcome]:
    """What saving each row would bring; nothing is kept."""
    with transaction.atomic():
        outcomes = _each(rows, {}, by=by, at=at)
        transaction.set_rollback(True)
    return outcomes


@transaction.atomic
def save_rows(rows: Sequence[SheetRow], seen: Mapping[int, int], *, by: User, at: datetime) -> int:
    """Save all the rows, or none and raise NotSavedError. `seen` holds by line the version of the assignment that the
    person saw beside the row, where that is newer than the file's. The number of notes saved.
    """
    outcomes = _each(rows, seen, by=by, at=at)
    if not all(outcome.can_be_saved and not outcome.is_conflict for outcome in outcomes):
        transaction.set_rollback(True)
        raise NotSavedError(outcomes)
    return len(outcomes)


def _each(rows: Sequence[SheetRow], seen: Mapping[int, int], *, by: User, at: datetime) -> list[Outcome]:
    parts = _assignments(rows, by)
    return [_one(row, parts.get((row.slug, row.ref, row.party)), seen.get(row.line), by=by, at=at) for row in rows]


def _one(row: SheetRow, part: Assignment | None, seen: int | None, *, by: User, at: datetime) -> Outcome:
    if row.faults:
        return Outcome(row, part, words=tuple(f"{fault.cell}: {fault.words}" for fault in row.faults))
    if part is None or not may_record_progress(by, part):
        words = _("Row %(line)d is about a commitment on which you do not record progress.") % {"line": row.line}
        return Outcome(row, None, words=(words,))
    version = row.version if seen is None else seen
    try:
        return Outcome(row, part, is_conflict=not _is_recorded(part, row, version, by, at))
    except ValidationError as refusal:
        return Outcome(row, part, version != part.version, tuple(refusal.messages))
    except PermissionDenied:
        return Outcome(row, part, words=(_("You do not record progress here."),))


def _is_recorded(part: Assignment, row: SheetRow, version: int, by: User, at: datetime) -> bool:
    """Whether it is saved; where others saved before, it is tried on top of that, and taken back again."""
    try:
        with transaction.atomic():
            record_progress(part, _note(row), by=by, at=at, version=version)
    except ValidationError as refusal:
        if refusal.code != "conflict":
            raise
    else:
        return True
    with transaction.atomic():
        record_progress(part, _note(row), by=by, at=at)
        transaction.set_rollback(True)
    return False


def _note(row: SheetRow) -> NewNote:
    """A status that was left as it was seen follows what stands now."""
    return NewNote(
        text=row.text,
        next_steps=row.next_steps,
        status=None if row.status == row.seen else row.status,
        visibility=row.visibility,
        evidence=[NewEvidence(title=link.title, url=link.url) for link in row.links],
    )


def _assignments(rows: Iterable[SheetRow], by: User) -> dict[tuple[str, str, str], Assignment]:
    """The assignments that the rows name, of those that the person may see."""
    named = {(row.slug, row.ref, row.party) for row in rows}
    found = (
        Assignment.objects.visible_to(by)
        .filter(commitment__statement__slug__in={slug for slug, _ref, _party in named})
        .filter(commitment__ref__in={ref for _slug, ref, _party in named})
        .select_related("commitment__statement", "party", "lead")
        .defer("commitment__statement__text", "commitment__search_text")
        .order_by("pk")
    )
    keys = {(row.commitment.statement.slug, row.commitment.ref, row.party.code): row for row in found}
    return {key: row for key, row in keys.items() if key in named}
