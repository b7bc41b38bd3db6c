"""The dossier of a statement: paragraph by paragraph what was promised and where each side stands.

The edition decides what it can hold. The shared edition (no party) is made of what both sides see and asks
the database for nothing else; a party's own edition adds what that side keeps to itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from commitments.domain import codes
from commitments.domain.deadlines import Deadline, schedule
from commitments.domain.status import SHOWN, less_advanced
from commitments.models import (
    Assignment,
    Commitment,
    Evidence,
    Meeting,
    Milestone,
    Party,
    Point,
    ProgressNote,
    Section,
    Statement,
)
from commitments.queries.milestone import Stage, stage_of

NOTES_SHOWN = 3  # newest notes of each side; older ones are on the commitment's page
LATE = frozenset({codes.Schedule.OVERDUE})
SOON = frozenset({codes.Schedule.DUE_SOON, codes.Schedule.FINAL_PERIOD})
Counts = dict[codes.Status, int]


@dataclass(frozen=True, slots=True)
class Proof:
    """A document or a link behind a side's answer; a file is named, its bytes stay in the tracker."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Word:
    """One note as the edition may show it: of a body, not of a person; `reported` by the side that it is about,
    where another side wrote it down.
    """

    text: str
    next_steps: str
    written_at: datetime
    body: str
    status: codes.Status
    is_own_side: bool
    is_sample: bool
    reported: Party | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One party's part in a commitment."""

    party: Party
    lead: str
    supporting: tuple[str, ...]
    status: codes.Status
    schedule: codes.Schedule
    confidence: codes.Confidence
    last_word_at: datetime | None
    words: tuple[Word, ...]
    proofs: tuple[Proof, ...]
    milestones: tuple[Stage, ...] = ()

    @property
    def next_steps(self) -> str:
        """The newest next steps that the edition may show."""
        return next((word.next_steps for word in self.words if word.next_steps), "")


@dataclass(frozen=True, slots=True)
class Raised:
    """A point that a side means to raise at a meeting that is not over."""

    text: str
    party: Party
    is_own_side: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment with its own words and every side's part."""

    ref: str
    title: str
    quote: str
    kind: codes.Kind
    strength: codes.Strength
    is_priority: bool
    deadline: Deadline | None
    sides: tuple[Side, ...]
    points: tuple[Raised, ...] = ()
    themes: tuple[str, ...] = ()

    @property
    def is_position(self) -> bool:
        return self.kind == codes.Kind.POSITION

    @property
    def status(self) -> codes.Status:
        """The answer for both sides: that of the side that is less advanced."""
        return less_advanced(side.status for side in self.sides)


@dataclass(frozen=True, slots=True)
class Clause:
    """A paragraph, word for word, and the commitments in it that the scope holds."""

    number: str
    text: str
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section; `is_quoted` where the heading is the statement's own, not our word for a part without one."""

    heading: str
    is_quoted: bool
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """How one side's duties stand; no party stands for both sides together."""

    party: Party | None
    counts: Counts

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Dossier:
    statement: Statement
    parties: tuple[Party, ...]
    edition: Party | None
    scope: str
    made_at: datetime
    today: date
    chapters: tuple[Chapter, ...]

    @property
    def promises(self) -> list[Promise]:
        return [promise for chapter in self.chapters for clause in chapter.clauses for promise in clause.promises]

    @property
    def duties(self) -> list[Promise]:
        """All but positions, which are counted apart."""
        return [promise for promise in self.promises if not promise.is_position]

    @property
    def positions(self) -> int:
        return len(self.promises) - len(self.duties)

    @property
    def bars(self) -> list[Bar]:
        """Both sides together first, then each side, over the duties."""
        both = Bar(None, _counts(promise.status for promise in self.duties))
        sides = [side for promise in self.duties for side in promise.sides]
        return [
            both,
            *(Bar(party, _counts(row.status for row in sides if row.party == party)) for party in self.parties),
        ]

    @property
    def overdue(self) -> list[Promise]:
        return [promise for promise in self.promises if any(side.schedule in LATE for side in promise.sides)]

    @property
    def due_next(self) -> list[Promise]:
        """What falls due now: its last 30 days or its last period, the earliest first."""
        found = [promise for promise in self.promises if any(side.schedule in SOON for side in promise.sides)]
        return sorted(found, key=lambda promise: promise.deadline.due_on if promise.deadline else date.max)

    @property
    def has_sample(self) -> bool:
        return any(word.is_sample for promise in self.promises for side in promise.sides for word in side.words)


def dossier(
    statement: Statement,
    rows: QuerySet[Commitment],
    *,
    edition: Party | None,
    scope: str,
    at: datetime,
    today: date,
) -> Dossier:
    """The dossier over these commitments of the statement, in the order of the text, in a fixed number of queries."""
    parties = tuple(row.party for row in statement.adoptions.select_related("party").order_by("position"))
    places = {party.pk: place for place, party in enumerate(parties)}
    points = _points(rows.filter(statement=statement), edition)
    promises: dict[int, list[Promise]] = {}
    for commitment in _with_all(rows.filter(statement=statement), edition):
        made = _promise(commitment, places, edition, today, points.get(commitment.pk, ()))
        promises.setdefault(commitment.paragraph_id, []).append(made)
    return Dossier(
        statement=statement,
        parties=parties,
        edition=edition,
        scope=scope,
        made_at=at,
        today=today,
        chapters=tuple(_chapters(statement, promises)),
    )


def _with_all(rows: QuerySet[Commitment], edition: Party | None) -> QuerySet[Commitment]:
    notes = (
        ProgressNote.objects.standing()
        .filter(seen_in(edition), is_nothing_new=False)
        .select_related("by__body__party", "assignment__party")
        .prefetch_related(Prefetch("evidence", Evidence.objects.order_by("pk")))
        .newest_first()
    )
    parts = Assignment.objects.select_related("party", "lead__party").prefetch_related(
        Prefetch("notes", notes, to_attr="seen_notes"),
        Prefetch("milestones", Milestone.objects.filter(seen_in(edition)).in_order(), to_attr="seen_milestones"),
        "supporting__party",
    )
    return (
        rows.select_related("paragraph")
        .defer("search_text")
        .prefetch_related(Prefetch("assignments", parts), "themes")
        .order_by("position")
    )


def seen_in(edition: Party | None) -> Q:
    """The notes, and the milestones, that an edition can hold."""
    shared = Q(visibility=codes.Visibility.BOTH)
    return shared | Q(assignment__party=edition) if edition else shared


def _points(rows: QuerySet[Commitment], edition: Party | None) -> dict[int, list[Raised]]:
    """Points to raise at meetings that are not over, by commitment: shared ones, and the edition's own."""
    seen = Q(shared_at__isnull=False)
    meetings = Q(shared_at__isnull=False)
    if edition:
        seen, meetings = seen | Q(party=edition), meetings | Q(party=edition)
    found: dict[int, list[Raised]] = {}
    points = Point.objects.standing().filter(
        seen,
        item__commitment__in=rows,
        item__removed_at=None,
        item__meeting__in=Meeting.objects.open().filter(meetings),
    )
    for point in points.select_related("party", "item").order_by("at", "pk"):
        raised = Raised(point.text, point.party, is_own_side=point.shared_at is None)
        found.setdefault(point.item.commitment_id, []).append(raised)
    return found


def _promise(
    commitment: Commitment,
    places: dict[int, int],
    edition: Party | None,
    today: date,
    points: Iterable[Raised],
) -> Promise:
    parts = sorted(commitment.assignments.all(), key=lambda row: places.get(row.party_id, len(places)))
    return Promise(
        ref=commitment.ref,
        title=commitment.title,
        quote=commitment.quote,
        kind=codes.Kind(commitment.kind),
        strength=codes.Strength(commitment.strength),
        is_priority=commitment.is_priority,
        deadline=commitment.deadline,
        sides=tuple(_side(row, commitment.deadline, edition, today) for row in parts),
        points=tuple(points),
        themes=tuple(str(theme) for theme in commitment.themes.all()),
    )


def _side(row: Assignment, deadline: Deadline | None, edition: Party | None, today: date) -> Side:
    is_own = edition is not None and edition.pk == row.party_id
    shows_confidence = is_own or row.confidence_visibility == codes.Visibility.BOTH
    status = codes.Status(row.status)
    notes: list[ProgressNote] = row.seen_notes
    corrected = {note.corrects_id for note in notes}
    standing = [note for note in notes if note.pk not in corrected]
    return Side(
        party=row.party,
        lead=row.lead.name if row.lead else "",
        supporting=tuple(body.short for body in row.supporting.all()),
        status=status,
        schedule=schedule(deadline, status, row.status_since, today),
        confidence=codes.Confidence(row.confidence) if shows_confidence else codes.Confidence.NOT_GIVEN,
        last_word_at=row.last_word_at if is_own else row.last_shared_word_at,
        words=tuple(_word(note) for note in standing[:NOTES_SHOWN]),
        proofs=tuple(Proof(item.title, item.url) for note in standing for item in note.evidence.all()),
        milestones=tuple(stage_of(milestone) for milestone in row.seen_milestones),
    )


def _word(note: ProgressNote) -> Word:
    return Word(
        text=note.text,
        next_steps=note.next_steps,
        written_at=note.written_at,
        body=note.by.body.short if note.by.body else "",
        status=codes.Status(note.status),
        is_own_side=note.visibility == codes.Visibility.OWN,
        is_sample=note.is_sample,
        reported=note.assignment.party if note.is_reported else None,
    )


def _chapters(statement: Statement, promises: dict[int, list[Promise]]) -> Iterator[Chapter]:
    """The sections that hold something of the scope; each paragraph whole, whatever part of it is in scope.

    A section below another is headed by both: "Economy › Trade".
    """
    above: list[Section] = []
    for section in statement.sections.prefetch_related("paragraphs").order_by("position"):
        above = [each for each in above if each.level < section.level and each.heading] + [section]
        clauses = tuple(
            Clause(paragraph.number, paragraph.text, tuple(promises[paragraph.pk]))
            for paragraph in section.paragraphs.all()
            if paragraph.pk in promises
        )
        if clauses:
            yield Chapter(" › ".join(map(str, above)), bool(section.heading), clauses)


def _counts(statuses: Iterable[codes.Status]) -> Counts:
    found = Counter(statuses)
    return {status: found[status] for status in SHOWN}


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the scope: its paragraphs by number, each with how many commitments of the scope stand in it."""

    section: Section
    paragraphs: list[tuple[str, int]]


def parts(statement: Statement, rows: QuerySet[Commitment]) -> list[Part]:
    """What a dossier over these commitments would hold, without reading any of it."""
    sections = {section.pk: section for section in statement.sections.all()}
    found: dict[int, Part] = {}
    counted = rows.order_by("paragraph__position").values_list("section", "paragraph__number")
    for key, number, count in counted.annotate(number=Count("pk")):
        found.setdefault(key, Part(sections[key], [])).paragraphs.append((number, count))
    return list(found.values())
