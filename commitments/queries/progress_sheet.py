"""The assignments that a person may record progress on, with the last words on each."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from commitments.domain.codes import Role
from commitments.models import Assignment, ProgressNote, Statement, User
from commitments.queries.feed import answered_by


@dataclass(frozen=True, slots=True)
class SheetLine:
    """`last` is the newest note that has words, of those that the person may read."""

    assignment: Assignment
    last: ProgressNote | None
    last_steps: str

    @property
    def last_note(self) -> str:
        return self.last.text if self.last else ""


def sheet_lines(statement: Statement, person: User) -> Iterator[SheetLine]:
    """In the order of the text, in a fixed number of queries."""
    words = ProgressNote.objects.visible_to(person).standing().filter(is_nothing_new=False)
    notes = words.select_related("by__body").newest_first()
    rows = (
        writable_by(person)
        .filter(commitment__statement=statement)
        .select_related("commitment__paragraph", "commitment__statement", "party", "lead__party")
        .defer("commitment__statement__text", "commitment__search_text")
        .prefetch_related(Prefetch("notes", notes, to_attr="seen_notes"))
        .order_by("commitment__position")
    )
    for row in rows:
        steps = (note.next_steps for note in row.seen_notes if note.next_steps)
        last = next((note for note in row.seen_notes if note.text), None)
        yield SheetLine(row, last, next(steps, ""))


def writable_by(person: User) -> QuerySet[Assignment]:
    """Those of the own party that `may_record_progress` allows."""
    return answered_by(person) if person.has_rank(Role.OFFICER) else Assignment.objects.none()
