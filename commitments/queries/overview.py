"""The overview of one statement: counts by status, what needs attention, dates, sections, what changed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, Exists, F, Min, Q, QuerySet, When

from commitments.domain import codes
from commitments.domain.status import ORDER, SHOWN
from commitments.models import Act, Assignment, Change, Commitment, Party, Section, Statement, User
from commitments.models.conditions import (
    TROUBLE,
    confidence_is,
    is_overdue,
    least_rank,
    needs_attention,
    parts_of_commitment,
    silent_since,
    update_is_due,
)
from commitments.models.history import PREPARING
from commitments.models.words import Kind
from commitments.queries.commitment_list import Row, list_rows, with_parts
from commitments.queries.update_request import Asking, askings

WANTING_SHOWN = 6
DATES_SHOWN = 6
CHANGES_SHOWN = 8
MOST_BLOCKS = 400  # commitments; beyond it the strip's blocks are too thin to see
MOST_DATES = 200

Counts = dict[codes.Status, int]


@dataclass(frozen=True, slots=True)
class SideCounts:
    """One side's statuses; None for the party means both sides: the less advanced counts."""

    party: Party | None
    duties: Counts
    positions: Counts

    @property
    def total(self) -> int:
        return sum(self.duties.values())

    @property
    def total_positions(self) -> int:
        return sum(self.positions.values())


@dataclass(frozen=True, slots=True)
class Wanting:
    """How many commitments want attention, and why; one may be counted for several reasons."""

    overdue: int = 0
    trouble: int = 0
    silent: int = 0
    any: int = 0


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section: its paragraphs, its statuses (both sides, positions included), what it owes next."""

    section: Section
    paragraphs: str
    counts: Counts
    wanting: Wanting
    next: Commitment | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Block:
    """One commitment on the strip: what it is, and the status of each side in the parties' order."""

    ref: str
    title: str
    section: int
    paragraph: str
    statuses: tuple[codes.Status | None, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What one person did in one step: a note, a change of status, or both."""

    change: Change
    before: str
    after: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of one side ("" for both)."""

    side: str
    count: int


@dataclass(frozen=True, slots=True)
class StatusGroup:
    """The table of statuses by side, for duties or for positions; statuses that nobody has are left out."""

    kind: str
    rows: list[tuple[codes.Status, list[Cell]]]
    totals: list[Cell]


@dataclass(frozen=True, slots=True)
class WantingRow:
    """A commitment that wants attention, and for managers whether the own desk can be asked, or was."""

    row: Row
    asking: Asking | None


@dataclass(frozen=True, slots=True)
class Overview:
    statement: Statement
    parties: tuple[Party, ...]
    both: SideCounts
    sides: tuple[SideCounts, ...]
    duties_wanting: Wanting
    wanting: Wanting
    wanting_rows: list[WantingRow]
    dated: int
    next_rows: list[Row]
    dates: list[Row]
    sections: list[SectionLine]
    blocks: list[Block]
    news: list[News]

    @property
    def total(self) -> int:
        return self.both.total

    @property
    def positions(self) -> int:
        return self.both.total_positions

    @property
    def undated(self) -> int:
        return self.total + self.positions - self.dated

    @property
    def largest_section(self) -> int:
        return max((line.total for line in self.sections), default=1)

    @property
    def columns(self) -> list[SideCounts]:
        return [self.both, *self.sides]

    @property
    def width(self) -> int:
        """How many columns the table of statuses has, its row headings included."""
        return len(self.columns) + 1

    @property
    def status_groups(self) -> list[StatusGroup]:
        duties = status_group("not_position", {_code(side): side.duties for side in self.columns})
        positions = status_group("position", {_code(side): side.positions for side in self.columns})
        return [group for group in (duties, positions) if group.rows]


def status_group(kind: str, columns: dict[str, Counts]) -> StatusGroup:
    rows = [
        (status, [Cell(side, counts[status]) for side, counts in columns.items()])
        for status in SHOWN
        if any(counts[status] for counts in columns.values())
    ]
    return StatusGroup(kind, rows, [Cell(side, sum(counts.values())) for side, counts in columns.items()])


def _code(side: SideCounts) -> str:
    return side.party.code if side.party else ""


def overview(statement: Statement, parties: list[Party], user: User, today: date) -> Overview:
    """All figures of the page, each over exactly the rows that the list shows for its link."""
    rows = Commitment.objects.visible_to(user).filter(statement=statement)
    least = _least_counts(rows)
    wanting = _wanting(rows, user, today)
    dates = list_rows(
        with_parts(rows.filter(due_on__isnull=False).order_by("due_on", "position"))[:MOST_DATES], user, today
    )
    open_dates = [row for row in dates if row.commitment.due_on >= today and is_open(row)]
    return Overview(
        statement=statement,
        parties=tuple(parties),
        both=SideCounts(None, *_split(least)),
        sides=_side_counts(rows, parties),
        duties_wanting=_sum(wanting, positions=False),
        wanting=_sum(wanting),
        wanting_rows=_wanting_rows(rows, user, today),
        dated=rows.filter(due_on__isnull=False).count(),
        next_rows=open_dates[:DATES_SHOWN],
        dates=dates,
        sections=_sections(statement, least, wanting, open_dates),
        blocks=_blocks(rows, parties),
        news=_news(statement, user),
    )


def is_open(row: Row) -> bool:
    """Whether one side or more still owes it."""
    return row.schedule in (
        codes.Schedule.OVERDUE,
        codes.Schedule.DUE_SOON,
        codes.Schedule.FINAL_PERIOD,
        codes.Schedule.AHEAD,
    )


# Counts by (section, is it a position, status)
SectionCounts = dict[tuple[int, bool, codes.Status], int]
SectionWanting = dict[tuple[int, bool], Wanting]


def _least_counts(rows: QuerySet[Commitment]) -> SectionCounts:
    grouped = rows.annotate(least=least_rank()).order_by().values_list("section", "kind", "least")
    counts: Counter[tuple[int, bool, codes.Status]] = Counter()
    for section, kind, least, number in grouped.annotate(number=Count("pk")):
        counts[section, kind == Kind.POSITION, ORDER[least or 0]] += number
    return dict(counts)


def _split(counts: SectionCounts) -> tuple[Counts, Counts]:
    """Duties and positions, summed over the sections."""
    both = (Counter(), Counter())
    for (_section, is_position, status), number in counts.items():
        both[is_position][status] += number
    return tuple({status: kind[status] for status in SHOWN} for kind in both)


def _side_counts(rows: QuerySet[Commitment], parties: list[Party]) -> tuple[SideCounts, ...]:
    parts = Assignment.objects.filter(commitment__in=rows).order_by()
    grouped = parts.values_list("party", "commitment__kind", "status").annotate(number=Count("pk"))
    counts = {party.pk: (Counter(), Counter()) for party in parties}
    for party, kind, status, number in grouped:
        counts[party][kind == Kind.POSITION][codes.Status(status)] += number
    return tuple(
        SideCounts(party, *({status: kind[status] for status in SHOWN} for kind in counts[party.pk]))
        for party in parties
    )


def _wanting(rows: QuerySet[Commitment], user: User, today: date) -> SectionWanting:
    parts = parts_of_commitment()
    marked = rows.annotate(
        overdue=Exists(parts.filter(is_overdue(today))),
        trouble=Exists(parts.filter(confidence_is(user, *TROUBLE))),
        silent=Exists(parts.filter(update_is_due(user, today))),
    )
    grouped = marked.order_by().values_list("section", "kind", "overdue", "trouble", "silent")
    sums: dict[tuple[int, bool], Counter[str]] = {}
    for section, kind, overdue, trouble, silent, number in grouped.annotate(number=Count("pk")):
        found = sums.setdefault((section, kind == Kind.POSITION), Counter())
        for name, holds in (("overdue", overdue), ("trouble", trouble), ("silent", silent)):
            found[name] += number * holds
        found["any"] += number * (overdue or trouble or silent)
    return {key: Wanting(**found) for key, found in sums.items()}


def _sum(wanting: SectionWanting, *, section: int | None = None, positions: bool = True) -> Wanting:
    chosen = [
        found
        for (place, is_position), found in wanting.items()
        if (section is None or place == section) and (positions or not is_position)
    ]
    return Wanting(
        overdue=sum(found.overdue for found in chosen),
        trouble=sum(found.trouble for found in chosen),
        silent=sum(found.silent for found in chosen),
        any=sum(found.any for found in chosen),
    )


def _wanting_rows(rows: QuerySet[Commitment], user: User, today: date) -> list[WantingRow]:
    """What wants attention most: overdue, then off track, then at risk, then the longest silent."""
    parts = parts_of_commitment()
    ranked = rows.filter(Exists(parts.filter(needs_attention(user, today)))).annotate(
        urgency=Case(
            When(Exists(parts.filter(is_overdue(today))), then=0),
            When(Exists(parts.filter(confidence_is(user, codes.Confidence.OFF_TRACK))), then=1),
            When(Exists(parts.filter(confidence_is(user, codes.Confidence.AT_RISK))), then=2),
            default=3,
        ),
        silent_since=silent_since(user),
    )
    order = ("urgency", F("due_on").asc(nulls_last=True), F("silent_since").asc(nulls_last=True), "position")
    shown = list_rows(with_parts(ranked.order_by(*order))[:WANTING_SHOWN], user, today)
    own = [part.assignment for row in shown for part in row.parts if part.assignment.party_id == user.party_id]
    asking = askings(own, user, today) if user.has_rank(codes.Role.MANAGER) else {}
    by_commitment = {each.assignment.commitment_id: each for each in asking.values()}
    return [WantingRow(row, by_commitment.get(row.commitment.pk)) for row in shown]


def _sections(
    statement: Statement, least: SectionCounts, wanting: SectionWanting, open_dates: list[Row]
) -> list[SectionLine]:
    lines = []
    for section in statement.sections.annotate(first=Min("paragraphs__position")).prefetch_related("paragraphs"):
        counts: Counter[codes.Status] = Counter()
        for (place, _position, status), number in least.items():
            counts[status] += number if place == section.pk else 0
        if not counts.total():
            continue
        lines.append(
            SectionLine(
                section=section,
                paragraphs=span([paragraph.number for paragraph in section.paragraphs.all()]),
                counts={status: counts[status] for status in SHOWN},
                wanting=_sum(wanting, section=section.pk),
                next=next((row.commitment for row in open_dates if row.commitment.section_id == section.pk), None),
            )
        )
    return lines


def span(numbers: list[str]) -> str:
    """Paragraph numbers as a range: "¶3–5"."""
    if not numbers:
        return ""
    return f"¶{numbers[0]}" if len(numbers) == 1 else f"¶{numbers[0]}–{numbers[-1]}"


def _blocks(rows: QuerySet[Commitment], parties: list[Party]) -> list[Block]:
    """The strip's blocks in the order of the text; none where there are too many to see."""
    places = {party.pk: place for place, party in enumerate(parties)}
    fields = ("ref", "title", "section__position", "paragraph__number", "assignments__party", "assignments__status")
    blocks: dict[str, Block] = {}
    for ref, title, section, paragraph, party, status in rows.order_by("position").values_list(*fields)[
        : MOST_BLOCKS * len(parties) + 1
    ]:
        block = blocks.get(ref) or Block(ref, title, section, paragraph, (None,) * len(parties))
        if party in places:
            statuses = list(block.statuses)
            statuses[places[party]] = codes.Status(status)
            block = Block(ref, title, section, paragraph, tuple(statuses))
        blocks[ref] = block
    return list(blocks.values()) if len(blocks) <= MOST_BLOCKS else []


def _news(statement: Statement, user: User) -> list[News]:
    """The newest steps."""
    changes = (
        Change.objects.visible_to(user)
        .filter(statement=statement)
        .exclude(act__in=PREPARING)
        .select_related("by__body__party", "commitment__statement", "note")
        .defer("commitment__statement__text")
        .newest_first()[: CHANGES_SHOWN * 2]
    )
    return steps(changes)[:CHANGES_SHOWN]


def steps(changes: Iterable[Change]) -> list[News]:
    """The changes, newest first, with a note and the status that it brought as one step."""
    found: dict[tuple[int | None, int | None, datetime], News] = {}
    for change in changes:
        key = (change.by_id, change.assignment_id, change.at)
        found[key] = _merged(found.get(key), change)
    return list(found.values())


def _merged(step: News | None, change: Change) -> News:
    moved = change.act == Act.STATUS_CHANGED
    text = change.note.text if change.note_id else ""
    return News(
        change=step.change if step and not text else change,
        before=change.before["status"] if moved else (step.before if step else ""),
        after=change.after["status"] if moved else (step.after if step else ""),
        text=text or (step.text if step else ""),
    )


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One of several statements, with how many it holds; overdue and not assessed are of all, positions included."""

    statement: Statement
    total: int
    positions: int
    overdue: int
    not_assessed: int

    @property
    def duties(self) -> int:
        return self.total - self.positions


def statement_lines(statements: list[Statement], user: User, today: date) -> list[StatementLine]:
    """These statements with their counts, in one query; nothing else is counted."""
    marked = (
        Commitment.objects.visible_to(user)
        .filter(statement__in=statements)
        .annotate(least=least_rank(), overdue=Exists(parts_of_commitment().filter(is_overdue(today))))
    )
    grouped = (
        marked.order_by()
        .values_list("statement")
        .annotate(
            total=Count("pk"),
            positions=Count("pk", filter=Q(kind=Kind.POSITION)),
            late=Count("pk", filter=Q(overdue=True)),
            waiting=Count("pk", filter=Q(least=0)),
        )
    )
    found = {statement: numbers for statement, *numbers in grouped}
    return [StatementLine(statement, *found.get(statement.pk, (0, 0, 0, 0))) for statement in statements]
