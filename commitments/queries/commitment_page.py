"""One commitment as one person may see it: its words, each side's part, its figures, its history."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, When

from commitments.domain.codes import EvidenceLevel
from commitments.domain.deadlines import SETTLED
from commitments.domain.marking import Piece, marked
from commitments.domain.status import NEEDS_COORDINATOR, evidence_level
from commitments.models import (
    Act,
    Assignment,
    Body,
    Change,
    Commitment,
    Evidence,
    Milestone,
    Party,
    ProgressNote,
    Theme,
    User,
)
from commitments.models.permission import may_correct
from commitments.models.sharing import sharing
from commitments.models.words import Visibility
from commitments.queries.commitment_list import Part, Row, list_rows, with_parts
from commitments.queries.confirmation import Confirmations, confirmations_of
from commitments.queries.deadline import DatePanel, date_panel
from commitments.queries.figures import Figures, figures_of
from commitments.queries.history import Names, names_in
from commitments.queries.meeting import MeetingPanel, meeting_panel
from commitments.queries.milestone import milestones_of
from commitments.queries.past import PART_ACTS
from commitments.queries.traces import beside, grounds_of, traces_of
from commitments.queries.update_request import Asking, askings

MET = SETTLED - NEEDS_COORDINATOR
MOST_RELATED = 12  # of the same paragraph


@dataclass(frozen=True, slots=True)
class Side:
    """One party's part, with what its answer rests on as far as the person may see it."""

    part: Part
    evidence: EvidenceLevel
    supporting: list[Body]
    is_own: bool

    @property
    def assignment(self) -> Assignment:
        return self.part.assignment

    @property
    def party(self) -> Party:
        return self.part.assignment.party


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: who did what; `note` only where the person may read it."""

    change: Change
    note: ProgressNote | None = None
    corrects: ProgressNote | None = None
    corrections: list[ProgressNote] = field(default_factory=list)
    may_correct: bool = False
    before: str = ""
    after: str = ""
    names: Names = field(default_factory=dict)

    @property
    def changes_status(self) -> bool:
        return bool(self.note and self.note.status != self.note.status_before)


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    commitment: Commitment
    pieces: list[list[Piece]]
    row: Row
    sides: list[Side]
    figures: list[Figures]
    related: list[Row]
    continued_by: list[Commitment]
    previous: Commitment | None
    next: Commitment | None
    dates: DatePanel
    confirmations: Confirmations
    asking: Asking | None
    meetings: MeetingPanel | None
    milestones: list[Milestone]
    themes: list[Theme]
    has_snooze: bool

    @property
    def own(self) -> Side | None:
        """The part of the person's own side, where it has one."""
        return next((side for side in self.sides if side.is_own), None)

    @property
    def is_met(self) -> bool:
        """Whether every side says done or being honoured, so that it can be confirmed."""
        return all(side.assignment.status in MET for side in self.sides)


def commitment_page(commitment: Commitment, user: User, today: date) -> CommitmentPage:
    """Everything on the page but the history, which is paged; the commitment came through `visible_to`."""
    itself_first = Case(When(pk=commitment.pk, then=0), default=1)
    beside = Commitment.objects.filter(paragraph=commitment.paragraph_id).order_by(itself_first, "position")
    row, *related = list_rows(with_parts(beside, officers=True)[: MOST_RELATED + 1], user, today)
    traces = traces_of(commitment.pk, user)
    confirmations = confirmations_of(row.commitment, user, has_any=traces.has_confirmations)
    before, after = _neighbours(commitment)
    places = {part.assignment.party_id: place for place, part in enumerate(row.parts)}
    return CommitmentPage(
        commitment=commitment,
        pieces=marked(commitment.paragraph.text, [(commitment.start, commitment.end)]),
        row=row,
        sides=_sides(row, user, confirmed=confirmations.by_all, has_support=traces.has_support),
        figures=figures_of(commitment, places) if traces.has_indicators else [],
        related=related,
        continued_by=list(_later(commitment, user)) if traces.has_later else [],
        previous=before,
        next=after,
        dates=date_panel(commitment, user, has_any=traces.has_dates),
        confirmations=confirmations,
        meetings=meeting_panel(row.commitment, user, has_any=traces.has_agenda, is_flagged=traces.has_flag),
        milestones=list(milestones_of(commitment, user)) if traces.has_milestones else [],
        themes=list(commitment.themes.all()) if traces.has_themes else [],
        asking=_asking(row, user, today, has_any=traces.has_requests),
        has_snooze=traces.has_snooze,
    )


def _neighbours(commitment: Commitment) -> tuple[Commitment | None, Commitment | None]:
    """The one before it in the text, and the one after it; they know the statement as it is at hand."""
    found = beside(statement=commitment.statement_id, position=commitment.position)
    for row in found:
        row.statement = commitment.statement
    before = next((row for row in found if row.position < commitment.position), None)
    return before, next((row for row in found if row.position > commitment.position), None)


def _asking(row: Row, user: User, today: date, *, has_any: bool) -> Asking | None:
    parts = (part.assignment for part in row.parts)
    return next(iter(askings(parts, user, today, has_any=has_any).values()), None)


def _later(commitment: Commitment, user: User) -> QuerySet[Commitment]:
    """The commitments of later statements that carry this one on."""
    rows = Commitment.objects.visible_to(user).filter(continues=commitment).select_related("statement")
    return rows.only("ref", "title", "statement__slug", "statement__short_title").order_by(
        "statement__adopted_on", "pk"
    )


def _sides(row: Row, user: User, *, confirmed: bool, has_support: bool) -> list[Side]:
    """Each side's part, and what its answer rests on, counting only what the person may see."""
    grounds = grounds_of(commitment=row.commitment.pk, party=user.party_id)
    levels = {
        part.pk: evidence_level(notes=part.has_notes, documents=part.has_documents, confirmed_by_both=confirmed)
        for part in grounds
    }
    supporting: dict[int, list[Body]] = {}
    assignments = [part.assignment.pk for part in row.parts]
    through = Assignment.supporting.through.objects.filter(assignment__in=assignments)
    for support in through.select_related("body__party").order_by("body__code") if has_support else ():
        supporting.setdefault(support.assignment_id, []).append(support.body)
    return [
        Side(
            part=part,
            evidence=levels[part.assignment.pk],
            supporting=supporting.get(part.assignment.pk, []),
            is_own=part.assignment.party_id == user.party_id,
        )
        for part in row.parts
    ]


def history(commitment: Commitment, user: User) -> QuerySet[Change]:
    """What was done, newest first; a change of status is told by its note where the person may read that.

    The commitment came through `visible_to`, so that its statement need not be looked for among all the visible ones.
    """
    told_by_note = ProgressNote.objects.filter(
        Q(visibility=Visibility.BOTH) | Q(assignment__party=user.party_id),
        ~Q(status=F("status_before")),
        assignment=OuterRef("assignment"),
        written_at=OuterRef("at"),
    )
    return (
        Change.objects.filter(Q(visibility=Visibility.BOTH) | Q(party=user.party_id), commitment=commitment)
        .exclude(Q(act=Act.STATUS_CHANGED) & Exists(told_by_note))
        .newest_first()
    )


def entries(changes: QuerySet[Change], user: User) -> list[Entry]:
    """The lines for a page of the history, in a fixed number of queries."""
    corrections = ProgressNote.objects.visible_to(user).order_by("written_at", "pk")
    evidence = Evidence.objects.select_related("file").order_by("pk")
    notes = ProgressNote.objects.select_related("assignment", "by", "corrects", "takes_back", "taken_back_by")
    page = list(
        sharing(changes.select_related("by__body__party", "party")).prefetch_related(
            Prefetch("note", notes),  # one query of a dozen joins would take the database longer to plan than to answer
            Prefetch("note__corrections", corrections, to_attr="seen_corrections"),
            Prefetch("note__evidence", evidence),
        )
    )
    names = names_in(page, user)
    return [_entry(change, user, names) for change in page]


def changes_since(assignment: Assignment, version: int, user: User) -> list[Entry]:
    """What was done to an assignment after this version of it: each step moved the version on by one."""
    steps = max(assignment.version - version, 1)
    changes = history(assignment.commitment, user).filter(assignment=assignment, act__in=PART_ACTS)
    return entries(changes[:steps], user)


def _entry(change: Change, user: User, names: Names) -> Entry:
    note = change.note if change.act in (Act.NOTE_ADDED, Act.NOTHING_NEW, Act.TAKEN_BACK) else None
    if note is None:
        return Entry(change, before=_word(change.before, names), after=_word(change.after, names), names=names)
    return Entry(
        change,
        note=note,
        corrects=note.corrects if note.corrects and _may_read_corrected(note, user) else None,
        corrections=note.seen_corrections,
        may_correct=may_correct(user, note),
    )


def _may_read_corrected(note: ProgressNote, user: User) -> bool:
    """Whether the person may read what this note corrects: a note of the same part."""
    return note.corrects.visibility == Visibility.BOTH or note.assignment.party_id == user.party_id


def _word(values: dict[str, object], names: Names) -> str:
    """The one code that a fact is about, or the name that it stands for; empty for none."""
    for kind in ("status", "confidence", "cadence", "value"):
        if kind in values:
            return str(values[kind])
    return next((names.get((kind, key), "") for kind, key in values.items() if isinstance(key, int)), "")
