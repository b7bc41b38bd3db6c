"""The rows of the commitments' list, with what one person may see of each side's part."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count as CountOf
from django.db.models import Exists, Prefetch, QuerySet

from commitments.domain import codes
from commitments.domain.codes import Schedule
from commitments.domain.deadlines import Deadline, schedule
from commitments.domain.status import less_advanced
from commitments.models import Adoption, Assignment, Commitment, Party, Statement, User
from commitments.models.conditions import (
    needs_attention,
    parts_of_commitment,
    seen_confidence,
    seen_last_word,
    seen_update_due_on,
)
from commitments.models.permission import may_record_progress
from commitments.models.sharing import sharing
from commitments.models.words import Kind
from commitments.queries.counting import MOST_BESIDE, BoundedCount, Count, bounded
from commitments.queries.past import past_shown

WORST_FIRST = [
    Schedule.OVERDUE,
    Schedule.DUE_SOON,
    Schedule.FINAL_PERIOD,
    Schedule.AHEAD,
    Schedule.NO_DATE,
    Schedule.MET_LATE,
    Schedule.MET_ON_TIME,
    Schedule.ENDED,
]


@dataclass(frozen=True, slots=True)
class Part:
    """One side's part in a commitment, as this person may see it."""

    assignment: Assignment
    schedule: Schedule
    confidence: codes.Confidence
    last_word_at: datetime | None
    update_due_on: date | None
    may_change: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A commitment and its parts, in the order of the parties on the statement."""

    commitment: Commitment
    parts: tuple[Part, ...]
    deadline: Deadline | None
    schedule: Schedule
    status: codes.Status
    last_word_at: datetime | None

    @property
    def trouble(self) -> codes.Confidence | None:
        """The worst forecast that this person may see, where it is bad."""
        seen = {part.confidence for part in self.parts}
        bad = (codes.Confidence.OFF_TRACK, codes.Confidence.AT_RISK)
        return next((code for code in bad if code in seen), None)


@dataclass(frozen=True, slots=True)
class ListCounts:
    """How many rows the ready-made views of the list hold."""

    total: Count
    without_positions: Count
    positions: Count
    mine: Count
    attention: Count


def with_parts(rows: QuerySet[Commitment], *, officers: bool = False) -> QuerySet[Commitment]:
    """The commitments with all that a row shows, in a fixed number of queries; the desk officers only if asked."""
    rows = sharing(rows.select_related("section", "statement").defer("statement__text", "search_text"))
    parts = sharing(Assignment.objects.select_related("party", "lead", "officer").order_by())
    return rows.prefetch_related(Prefetch("assignments", parts)) if officers else rows


def list_rows(commitments: Iterable[Commitment], user: User, today: date) -> list[Row]:
    """The rows of commitments that came through `with_parts`."""
    shown = list(commitments)
    places = _places({commitment.statement for commitment in shown})
    parts = _parts_of(shown)
    return [_row(commitment, parts[commitment.pk], places, user, today) for commitment in shown]


def _parts_of(commitments: list[Commitment]) -> dict[int, list[Assignment]]:
    """Each commitment's parts: in one query where they did not come along, without the ORM's set for each row."""
    if commitments and "assignments" in getattr(commitments[0], "_prefetched_objects_cache", {}):
        return {commitment.pk: list(commitment.assignments.all()) for commitment in commitments}
    shown = {commitment.pk: commitment for commitment in commitments}
    found: dict[int, list[Assignment]] = {key: [] for key in shown}
    parts = Assignment.objects.filter(commitment__in=list(shown)).select_related("party", "lead").order_by()
    for part in sharing(parts):
        part.commitment = shown[part.commitment_id]
        found[part.commitment_id].append(part)
    return found


def _places(statements: Collection[Statement]) -> dict[tuple[int, int], int]:
    """Where each party stands on each of these statements; one that knows its sides is not asked again."""
    unknown = [statement.pk for statement in statements if not hasattr(statement, "sides")]
    adoptions = Adoption.objects.filter(statement__in=unknown).order_by().values_list("statement", "party", "position")
    places = {(statement, party): at for statement, party, at in adoptions} if unknown else {}
    for statement in statements:
        for at, party in enumerate(getattr(statement, "sides", ())):
            places[statement.pk, party.pk] = at
    return places


def _row(
    commitment: Commitment, assignments: list[Assignment], places: dict[tuple[int, int], int], user: User, today: date
) -> Row:
    def place(part: Assignment) -> tuple[int, str]:
        return places.get((commitment.statement_id, part.party_id), len(places)), part.party.code

    deadline = commitment.deadline
    parts = tuple(_part(assignment, deadline, user, today) for assignment in sorted(assignments, key=place))
    words = [part.last_word_at for part in parts if part.last_word_at]
    schedules = [part.schedule for part in parts]
    return Row(
        commitment=commitment,
        parts=parts,
        deadline=deadline,
        schedule=min(schedules, key=WORST_FIRST.index, default=Schedule.NO_DATE),
        status=less_advanced(codes.Status(part.assignment.status) for part in parts),
        last_word_at=max(words, default=None),
    )


def _part(assignment: Assignment, deadline: Deadline | None, user: User, today: date) -> Part:
    if assignment.lead and assignment.lead.party_id == assignment.party_id:
        assignment.lead.party = assignment.party
    return Part(
        assignment=assignment,
        schedule=schedule(deadline, codes.Status(assignment.status), assignment.status_since, today),
        confidence=seen_confidence(assignment, user),
        last_word_at=seen_last_word(assignment, user),
        update_due_on=seen_update_due_on(assignment, user),
        may_change=past_shown() is None and may_record_progress(user, assignment),
    )


def list_counts(rows: QuerySet[Commitment], user: User, today: date) -> ListCounts:
    """Counts over all the rows given, whatever is filtered on the page: one query, and none goes far."""
    parts = parts_of_commitment()
    views = {
        "total": rows,
        "without_positions": rows.exclude(kind=Kind.POSITION),
        "positions": rows.filter(kind=Kind.POSITION),
        "mine": rows.filter(Exists(parts.filter(lead=user.body_id))),
        "attention": rows.filter(Exists(parts.filter(needs_attention(user, today)))),
    }
    counts = {name: BoundedCount(view, MOST_BESIDE) for name, view in views.items()}
    found = Party.objects.filter(pk=user.party_id).values_list(*counts.values()).first() or [0] * len(counts)
    return ListCounts(**{name: bounded(number, MOST_BESIDE) for name, number in zip(counts, found, strict=True)})


def section_sizes(rows: QuerySet[Commitment], sections: Iterable[int]) -> dict[int, int]:
    """How many of the rows each of these sections holds, by its key; only what a page shows is counted."""
    return dict(rows.filter(section__in=sections).order_by().values_list("section").annotate(CountOf("pk")))
